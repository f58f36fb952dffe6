/**
 * What an authority has issued and revoked: a log that only grows, `issued.jsonl` beside it, an entry a
 * line. Without it nobody could say which certificates are out there.
 */
import { z } from 'zod';
import { fail, ok, type Result } from '../base/result.ts';
import { appendText } from '../host/append-text.ts';
import { readText } from '../host/files.ts';
import { type RevocationReason, revocationReasons } from '../host/revocation-reason.ts';

interface Issue {
  readonly did: 'issued';
  /** ISO 8601, as is `notAfter`. */
  readonly at: string;
  /** Hexadecimal. */
  readonly serial: string;
  readonly names: readonly string[];
  readonly notAfter: string;
  /** SHA-256 of the certificate. */
  readonly fingerprint: string;
}

interface Revocation {
  readonly did: 'revoked';
  readonly at: string;
  readonly serial: string;
  readonly reason: RevocationReason;
}

export type LogEntry = Issue | Revocation;

const serialShape = z.string().regex(/^[0-9a-f]{2,40}$/);
const entryShape: z.ZodType<LogEntry> = z.discriminatedUnion('did', [
  z.strictObject({
    did: z.literal('issued'),
    at: z.iso.datetime(),
    serial: serialShape,
    names: z.array(z.string()).max(1000),
    notAfter: z.iso.datetime(),
    fingerprint: z.string(),
  }),
  z.strictObject({
    did: z.literal('revoked'),
    at: z.iso.datetime(),
    serial: serialShape,
    reason: z.enum(revocationReasons),
  }),
]);

export interface IssuedCertificate {
  readonly serial: string;
  readonly names: readonly string[];
  readonly at: number;
  readonly notAfter: number;
  readonly fingerprint: string;
  readonly revoked?: { readonly at: number; readonly reason: RevocationReason };
}

function pathOf(folder: string): string {
  return `${folder}/issued.jsonl`;
}

export async function noteInLog(folder: string, ...entries: readonly LogEntry[]): Promise<Result<void>> {
  return await appendText(pathOf(folder), entries.map((each) => `${JSON.stringify(each)}\n`).join(''), 0o600);
}

/** Oldest first. */
export async function readIssued(folder: string): Promise<Result<IssuedCertificate[]>> {
  const text = await readText(pathOf(folder));
  if (!text.ok) return text.problem.kind === 'missing' ? ok([]) : text;
  const found = new Map<string, IssuedCertificate>();
  for (const [index, line] of text.value.split('\n').entries()) {
    if (line === '') continue;
    const read = readEntry(line);
    if (read === undefined) {
      return fail(
        'configuration',
        `cannot read the log of the authority: line ${index + 1} is none of ours`,
        {
          path: pathOf(folder),
        },
      );
    }
    if (read.did === 'issued') {
      const { at, notAfter, names, fingerprint } = read;
      const certificate = { serial: read.serial, names, fingerprint };
      found.set(read.serial, { ...certificate, at: Date.parse(at), notAfter: Date.parse(notAfter) });
    } else {
      const known = found.get(read.serial);
      const revoked = { at: Date.parse(read.at), reason: read.reason };
      if (known !== undefined) found.set(read.serial, { ...known, revoked });
    }
  }
  return ok([...found.values()]);
}

function readEntry(line: string): LogEntry | undefined {
  try {
    return entryShape.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
