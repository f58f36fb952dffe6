/** What the last live test of each port saw, and how much mail was encrypted. */
import { z } from 'zod';
import type { ClearPeer as ApiClearPeer } from '../../tls/clear-peers.ts';
import type {
  CertificateReport as ApiCertificate,
  PortAudit as ApiAudit,
  PortReport as ApiPort,
} from '../../tls/port-report.ts';

export type PortReport = ApiPort;
export type CertificateReport = ApiCertificate;

export type PortAudit = ApiAudit;
export type ClearPeer = ApiClearPeer;

export interface Encryption {
  readonly ports: readonly PortReport[];
  /** Peers whose mail comes or goes in clear, those with most of it first. */
  readonly clear: readonly ClearPeer[];
  /** How many there are in all, shown or not. */
  readonly clearPeers: number;
}

export const encryptionShape: z.ZodType<Encryption> = z.object({
  ports: z.array(
    z.object({
      port: z.number(),
      implicit: z.boolean(),
      at: z.number(),
      sound: z.boolean(),
      version: z.string().optional(),
      cipher: z.string().optional(),
      group: z.string().optional(),
      certificate: z
        .object({
          subject: z.string(),
          issuer: z.string(),
          names: z.array(z.string()),
          notBefore: z.number(),
          notAfter: z.number(),
          key: z.string(),
          fingerprint: z.string(),
        })
        .optional(),
      findings: z.array(
        z.object({ grade: z.enum(['bad', 'warning', 'good']), text: z.string(), fix: z.string().optional() }),
      ),
      transcript: z.array(z.string()),
      audit: z
        .object({
          at: z.number(),
          grade: z.string(),
          because: z.string(),
          findings: z.array(
            z.object({
              severity: z.enum(['critical', 'high', 'medium', 'low']),
              text: z.string(),
              fix: z.string().optional(),
            }),
          ),
        })
        .optional(),
    }),
  ),
  clear: z.array(
    z.object({
      direction: z.enum(['in', 'out']),
      domain: z.string(),
      messages: z.number(),
      clear: z.number(),
      since: z.number(),
      last: z.number(),
    }),
  ),
  clearPeers: z.number(),
});
