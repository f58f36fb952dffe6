/** What a live test of a mail port saw, as plain data that can be kept, compared and shown. */
import type { TranscriptLine } from './dialogue.ts';
import type { ServerReport } from './test-server.ts';
import type { Finding } from './verdict.ts';

export interface PortReport {
  readonly port: number;
  /** TLS from the first byte. */
  readonly implicit: boolean;
  /** When it was tested, in milliseconds since 1970. */
  readonly at: number;
  readonly sound: boolean;
  readonly version?: string | undefined;
  readonly cipher?: string | undefined;
  readonly group?: string | undefined;
  readonly certificate?: CertificateReport | undefined;
  readonly findings: readonly ReportedFinding[];
  /** The conversation, with swaks' arrows. */
  readonly transcript: readonly string[];
  /** The last audit of the port, which asks more, and less often. */
  readonly audit?: PortAudit | undefined;
}

export interface PortAudit {
  readonly at: number;
  /** A to F, `?` where it could not be told (docs/audit-grades.md). */
  readonly grade: string;
  readonly because: string;
  /** The gravest first; those that are no more than information are left out. */
  readonly findings: readonly {
    readonly severity: 'critical' | 'high' | 'medium' | 'low';
    readonly text: string;
    readonly fix?: string | undefined;
  }[];
}

export interface ReportedFinding {
  readonly grade: Finding['grade'];
  readonly text: string;
  readonly fix?: string | undefined;
}

export interface CertificateReport {
  readonly subject: string;
  readonly issuer: string;
  readonly names: readonly string[];
  readonly notBefore: number;
  readonly notAfter: number;
  readonly key: string;
  readonly fingerprint: string;
}

export interface Tested {
  readonly port: number;
  readonly implicit: boolean;
  readonly at: number;
  readonly report: ServerReport;
  readonly transcript: readonly TranscriptLine[];
}

/** A server may say a lot; what is kept of a conversation is bounded. */
const mostLines = 100;

export function portReport({ port, implicit, at, report, transcript }: Tested): PortReport {
  const { handshake } = report.conversation;
  const session = handshake?.done === true ? handshake.session : undefined;
  const own = session?.chain[0];
  return {
    port,
    implicit,
    at,
    sound: report.sound,
    ...(session === undefined ? {} : { version: session.version, cipher: session.cipher }),
    ...(session?.group === undefined ? {} : { group: session.group }),
    ...(own === undefined
      ? {}
      : {
          certificate: {
            subject: own.subject,
            issuer: own.issuer,
            names: own.names.slice(0, 50),
            notBefore: own.notBefore,
            notAfter: own.notAfter,
            key: own.key.text,
            fingerprint: own.fingerprint,
          },
        }),
    findings: report.findings,
    transcript: transcript.slice(0, mostLines).map(arrowed),
  };
}

/** A port that did not even answer. */
export function silentPort(port: number, implicit: boolean, at: number, why: string): PortReport {
  return { port, implicit, at, sound: false, findings: [{ grade: 'bad', text: why }], transcript: [] };
}

/** The arrows of swaks: `-` in clear, `~` under TLS. */
function arrowed({ from, encrypted, text }: TranscriptLine): string {
  const shaft = encrypted ? '~' : '-';
  return from === 'server' ? `<${shaft}  ${text}` : ` ${shaft}> ${text}`;
}
