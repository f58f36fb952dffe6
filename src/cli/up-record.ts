/** What `up` has done on this host, so that `down` takes back that and nothing else: a file of the state folder, root's alone. */
import { z } from 'zod';
import { fail, ok, type Result } from '../base/result.ts';
import { makeFolder, readText, removeAll, writeText } from '../host/files.ts';
import { stateFolder } from '../host/state-folder.ts';

export interface UpRecord {
  readonly user: boolean;
  /** SHA-256 of the settings file as it was written. */
  readonly settings?: string | undefined;
  /** The settings file before jails were taken over, and SHA-256 of it after; only of a file that up has not written. */
  readonly jails?: { readonly before: string; readonly after: string } | undefined;
  readonly history?: string | undefined;
  readonly encryption: boolean;
  /** The unit files that were written. */
  readonly units: readonly string[];
}

export const nothingDone: UpRecord = { user: false, encryption: false, units: [] };

const shape: z.ZodType<UpRecord> = z.strictObject({
  user: z.boolean(),
  settings: z.string().optional(),
  jails: z.strictObject({ before: z.string(), after: z.string() }).optional(),
  history: z.string().optional(),
  encryption: z.boolean(),
  units: z.array(z.string()),
});

const path = (): string => `${stateFolder()}/up.json`;

export async function readUpRecord(): Promise<Result<UpRecord | undefined>> {
  const text = await readText(path(), 100_000);
  if (!text.ok) return text.problem.kind === 'missing' ? ok(undefined) : text;
  try {
    const read = shape.safeParse(JSON.parse(text.value));
    if (read.success) return ok(read.data);
  } catch {
    // Said below.
  }
  return fail('configuration', `cannot read ${path()}: it must be what up has written: it is not`, {
    path: path(),
  });
}

export async function writeUpRecord(record: UpRecord): Promise<Result<void>> {
  const made = await makeFolder(stateFolder());
  return made.ok ? await writeText(path(), `${JSON.stringify(record, null, 2)}\n`, 0o600) : made;
}

export async function removeUpRecord(): Promise<Result<void>> {
  return await removeAll(path());
}
