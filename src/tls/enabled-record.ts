/**
 * What `tls enable` has done to this host, kept beside the histories: how each file was before it, where the
 * certificate comes from, which policy is in force. `tls disable`, `tls policy` and `tls renew` stand on
 * it. It holds the key that was there before, and so is root's alone.
 */
import { z } from 'zod';
import { fail, ok, type Result } from '../base/result.ts';
import { makeFolder, readText } from '../host/files.ts';
import { removeFile, replaceFile } from '../host/replace-file.ts';
import { stateFolder } from '../host/state-folder.ts';
import { type KeptFile, keptFileShape } from './kept-file.ts';
import { type PolicyName, policyNames } from './policy.ts';
import { type Source, sourceShape } from './source/source.ts';

export interface EnabledRecord {
  readonly hostName: string;
  /** All names that the certificate has to cover. */
  readonly names: readonly string[];
  readonly policy: PolicyName;
  readonly source: Source;
  /** PEM file of the authorities that must have issued it. */
  readonly issuedBy?: string | undefined;
  /** Ports that it opened. */
  readonly ports: readonly number[];
  /** ISO 8601. */
  readonly at: string;
  /** When the source asks for a renewal (RFC 9773), ISO 8601. */
  readonly renewAt?: string | undefined;
  /** Each file as it was before the first of it. */
  readonly before: readonly KeptFile[];
  /** The text files as they were left, in base64: what is different now is somebody else's work. */
  readonly after: readonly { readonly path: string; readonly content: string }[];
}

const shape: z.ZodType<EnabledRecord> = z.strictObject({
  hostName: z.string(),
  names: z.array(z.string()),
  policy: z.enum(policyNames),
  source: sourceShape,
  issuedBy: z.string().optional(),
  ports: z.array(z.int()),
  at: z.iso.datetime(),
  renewAt: z.iso.datetime().optional(),
  before: z.array(keptFileShape),
  after: z.array(z.strictObject({ path: z.string(), content: z.base64() })),
});

function folderOf(): string {
  return `${stateFolder()}/tls`;
}

function pathOf(): string {
  return `${folderOf()}/exim4.json`;
}

export async function readEnabledRecord(): Promise<Result<EnabledRecord | undefined>> {
  const text = await readText(pathOf());
  if (!text.ok) return text.problem.kind === 'missing' ? ok(undefined) : text;
  const read = parse(text.value);
  return read === undefined
    ? fail('configuration', 'cannot read what tls enable has done: the record must be ours: it is not', {
        path: pathOf(),
      })
    : ok(read);
}

function parse(text: string): EnabledRecord | undefined {
  try {
    return shape.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Without a record there is none afterwards. */
export async function writeEnabledRecord(record: EnabledRecord | undefined): Promise<Result<void>> {
  if (record === undefined) return await removeFile(pathOf());
  const made = await makeFolder(folderOf(), 0o700);
  if (!made.ok) return made;
  const text = `${JSON.stringify(record, null, 1)}\n`;
  return await replaceFile(pathOf(), Buffer.from(text), { uid: 0, gid: 0, mode: 0o600 });
}
