/**
 * The audit's document as a schema: what `tls audit --json` prints is checked against it in the tests, and
 * docs/audit-schema.json is generated from it.
 */
import { z } from 'zod';
import type { AuditDocument } from './audit-document.ts';

const answer = z.enum(['yes', 'no', 'unknown']);
const severity = z.enum(['critical', 'high', 'medium', 'low', 'info']);
const certificate = z.strictObject({
  subject: z.string(),
  issuer: z.string(),
  serial: z.string(),
  names: z.array(z.string()).describe('DNS names and addresses; at most 100'),
  nameCount: z.number(),
  notBefore: z.iso.datetime(),
  notAfter: z.iso.datetime(),
  key: z.string().describe('such as RSA 2048'),
  keyKind: z.string(),
  keyBits: z.number(),
  signature: z.string(),
  sha256: z.string(),
  sha1: z.string(),
  keySha256: z.string().describe('of the SubjectPublicKeyInfo, as TLSA records with selector 1 have it'),
  selfSigned: z.boolean(),
  authority: z.boolean(),
  mustStaple: z.boolean(),
  embeddedTimestamps: z.boolean(),
  forServers: z.boolean(),
  ocsp: z.array(z.string()),
  crl: z.array(z.string()),
});

const suite = z.strictObject({
  code: z.string().describe('four hexadecimal digits'),
  name: z.string().describe("IANA's name"),
  openssl: z.string().nullable(),
  exchange: z.string(),
  authentication: z.string(),
  bits: z.number(),
  forwardSecret: z.boolean(),
});

const version = z.strictObject({
  version: z.string(),
  accepted: answer,
  evidence: z.string(),
  suites: z.array(suite).describe("in the order of the server's choices"),
  order: z.enum(['server', 'client', 'one', 'unknown']),
  groups: z.array(z.string()).nullable().describe('of the key exchange; null where not asked'),
  signatures: z.array(z.string()).nullable(),
});

const chain = z.strictObject({
  key: z.string(),
  seenIn: z.string(),
  certificates: z.array(certificate),
  trusted: answer,
  distrust: z.string().nullable().describe("OpenSSL's word for what is wrong"),
  inOrder: z.boolean(),
  extra: z.array(z.string()).describe('subjects of certificates that lead nowhere'),
  rootSent: z.boolean(),
  covers: z.record(z.string(), z.boolean()).describe('by name'),
  stapled: z.boolean(),
  timestamps: z.boolean().describe('in the handshake or in the certificate'),
});

const verdict = z.strictObject({
  answer,
  evidence: z.string(),
  derived: z.literal(true).exactOptional().describe('follows from the offer; the flaw was not tried'),
});

const finding = z.strictObject({
  id: z.string(),
  severity,
  title: z.string(),
  evidence: z.string(),
  source: z.string().describe('the rule: an RFC and section, a CVE, a guideline'),
  fix: z.string().nullable(),
});

const policy = z.strictObject({
  resolver: z.string().nullable(),
  validating: z.boolean().nullable().describe('whether the resolver proved to check DNSSEC'),
  mx: z.array(z.strictObject({ host: z.string(), preference: z.number() })).nullable(),
  dane: z.strictObject({
    answer: z.enum(['match', 'mismatch', 'none', 'insecure', 'unknown']),
    evidence: z.string(),
    records: z.array(z.string()),
  }),
  mtaSts: z.strictObject({
    answer: z.enum(['enforce', 'testing', 'none', 'invalid', 'unknown', 'not-asked']),
    evidence: z.string(),
    mx: z.array(z.string()),
    maxAge: z.number().nullable(),
  }),
  tlsRpt: z.strictObject({
    answer: z.enum(['yes', 'no', 'invalid', 'unknown', 'not-asked']),
    evidence: z.string(),
  }),
});

export const auditSchema: z.ZodType<AuditDocument> = z.strictObject({
  schema: z.literal('portreeve-audit-1'),
  target: z.strictObject({
    host: z.string(),
    port: z.number(),
    implicit: z.boolean(),
    address: z.string(),
    names: z.array(z.string()).describe('that the certificate has to cover'),
  }),
  at: z.iso.datetime(),
  seconds: z.number(),
  connections: z.strictObject({
    made: z.number(),
    turnedAway: z.number(),
    mostAtOnce: z.number(),
  }),
  software: z.string().nullable(),
  smtp: z.strictObject({
    banner: z.string().nullable(),
    starttls: z.enum(['offered', 'not-offered', 'refused', 'stripped', 'broken', 'implicit', 'unknown']),
    evidence: z.string(),
    keywordsInClear: z.array(z.string()).nullable(),
    keywordsUnderTls: z.array(z.string()).nullable(),
    authInClear: answer,
    vrfy: z.string().nullable(),
    expn: z.string().nullable(),
    requireTls: answer,
  }),
  versions: z.array(version),
  primes: z.array(
    z.strictObject({
      bits: z.number(),
      name: z.string().nullable(),
      sha256: z.string(),
      exported: z.boolean(),
    }),
  ),
  features: z.strictObject({
    secureRenegotiation: answer,
    clientRenegotiation: answer,
    renegotiations: z.number().nullable(),
    compression: answer,
    extendedMasterSecret: answer,
    encryptThenMac: answer,
    fallbackScsv: answer,
    heartbeat: answer,
    sessionTickets: answer,
    ticketLifetime: z.number().nullable().describe('seconds'),
    resumptionByTicket: answer,
    resumptionById: answer,
    earlyData: answer,
    alpn: z.string().nullable().describe('what is chosen where smtp is offered'),
    clientCertificate: answer,
    postQuantum: answer,
  }),
  chains: z.array(chain),
  vulnerabilities: z.record(z.string(), verdict),
  policy: policy.nullable(),
  findings: z.array(finding),
  profiles: z.record(z.string(), z.strictObject({ passes: answer, failed: z.array(z.string()) })),
  grade: z.strictObject({ grade: z.string(), because: z.string() }),
  unknown: z.array(z.strictObject({ what: z.string(), reason: z.string() })),
});

/** docs/audit-schema.json, as tools/audit-schema.ts writes it. */
export function publishedSchema(): string {
  return `${JSON.stringify(z.toJSONSchema(auditSchema, { target: 'draft-2020-12' }), undefined, 2)}\n`;
}
