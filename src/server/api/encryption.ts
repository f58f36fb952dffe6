/** What the last live test of each port saw, and how much mail was encrypted. */
import { z } from 'zod';
import type { CertificateReport as ApiCertificate, PortReport as ApiPort } from '../../tls/port-report.ts';

export type PortReport = ApiPort;
export type CertificateReport = ApiCertificate;

export interface Encryption {
  readonly ports: readonly PortReport[];
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
    }),
  ),
});
