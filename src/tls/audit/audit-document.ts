/**
 * What an audit says, as one document: `tls audit --json` prints it, docs/audit-schema.json is its schema,
 * and every other report is made from it. What could not be learned is `null` or `unknown`, and `unknown`
 * lists why; nothing that was not asked passes for a "no".
 */
import type { Order } from './find-suites.ts';
import type { Verdict } from './verdict.ts';

export type Answer = 'yes' | 'no' | 'unknown';
export type Severity = 'critical' | 'high' | 'medium' | 'low' | 'info';

export interface CertificateFacts {
  subject: string;
  issuer: string;
  serial: string;
  /** At most 100; `nameCount` has them all. */
  names: string[];
  nameCount: number;
  /** ISO 8601. */
  notBefore: string;
  notAfter: string;
  /** Such as `RSA 2048`. */
  key: string;
  keyKind: string;
  keyBits: number;
  signature: string;
  sha256: string;
  sha1: string;
  /** Of the SubjectPublicKeyInfo, as TLSA records with selector 1 have it. */
  keySha256: string;
  selfSigned: boolean;
  authority: boolean;
  mustStaple: boolean;
  embeddedTimestamps: boolean;
  forServers: boolean;
  ocsp: string[];
  crl: string[];
}

export interface Chain {
  /** The kind of key that was asked for. */
  key: string;
  seenIn: string;
  certificates: CertificateFacts[];
  trusted: Answer;
  /** OpenSSL's word for what is wrong. */
  distrust: string | null;
  inOrder: boolean;
  /** Subjects of certificates that lead nowhere. */
  extra: string[];
  rootSent: boolean;
  /** By name. */
  covers: Record<string, boolean>;
  stapled: boolean;
  /** In the handshake or in the certificate. */
  timestamps: boolean;
}

export interface SuiteFacts {
  /** Four hexadecimal digits. */
  code: string;
  name: string;
  openssl: string | null;
  exchange: string;
  authentication: string;
  bits: number;
  forwardSecret: boolean;
}

export interface VersionFacts {
  version: string;
  accepted: Answer;
  evidence: string;
  /** In the order of the server's choices. */
  suites: SuiteFacts[];
  order: Order;
  /** Of the key exchange; null where they were not asked. */
  groups: string[] | null;
  signatures: string[] | null;
}

export interface PrimeFacts {
  bits: number;
  /** `ffdhe2048`, `modp1024`…; null for one of the server's own. */
  name: string | null;
  sha256: string;
  exported: boolean;
}

export interface SmtpFacts {
  banner: string | null;
  starttls: 'offered' | 'not-offered' | 'refused' | 'stripped' | 'broken' | 'implicit' | 'unknown';
  evidence: string;
  keywordsInClear: string[] | null;
  keywordsUnderTls: string[] | null;
  authInClear: Answer;
  vrfy: string | null;
  expn: string | null;
  requireTls: Answer;
}

export interface FeatureFacts {
  secureRenegotiation: Answer;
  clientRenegotiation: Answer;
  renegotiations: number | null;
  compression: Answer;
  extendedMasterSecret: Answer;
  encryptThenMac: Answer;
  fallbackScsv: Answer;
  heartbeat: Answer;
  sessionTickets: Answer;
  /** Seconds. */
  ticketLifetime: number | null;
  resumptionByTicket: Answer;
  resumptionById: Answer;
  earlyData: Answer;
  /** What is chosen where `smtp` is offered. */
  alpn: string | null;
  clientCertificate: Answer;
  postQuantum: Answer;
}

export interface PolicyFacts {
  resolver: string | null;
  /** Whether the resolver has proved to check DNSSEC. */
  validating: boolean | null;
  mx: { host: string; preference: number }[] | null;
  dane: {
    answer: 'match' | 'mismatch' | 'none' | 'insecure' | 'unknown';
    evidence: string;
    records: string[];
  };
  mtaSts: {
    answer: 'enforce' | 'testing' | 'none' | 'invalid' | 'unknown' | 'not-asked';
    evidence: string;
    mx: string[];
    maxAge: number | null;
  };
  tlsRpt: { answer: 'yes' | 'no' | 'invalid' | 'unknown' | 'not-asked'; evidence: string };
}

export interface Finding {
  id: string;
  severity: Severity;
  title: string;
  evidence: string;
  /** The rule: an RFC and section, a CVE, a guideline. */
  source: string;
  fix: string | null;
}

export interface AuditFacts {
  schema: 'portreeve-audit-1';
  target: { host: string; port: number; implicit: boolean; address: string; names: string[] };
  at: string;
  seconds: number;
  connections: { made: number; turnedAway: number; mostAtOnce: number };
  software: string | null;
  smtp: SmtpFacts;
  versions: VersionFacts[];
  primes: PrimeFacts[];
  features: FeatureFacts;
  chains: Chain[];
  vulnerabilities: Record<string, Verdict>;
  policy: PolicyFacts | null;
  unknown: { what: string; reason: string }[];
}
export interface Judgement {
  findings: Finding[];
  profiles: Record<string, { passes: Answer; failed: string[] }>;
  grade: { grade: string; because: string };
}

export type AuditDocument = AuditFacts & Judgement;
