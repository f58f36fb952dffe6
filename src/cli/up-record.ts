/** What `up` has done on this host, so that `down` takes back that and nothing else: a file of the state folder, root's alone. */
import { z } from 'zod';
import { fail, ok, type Result } from '../base/result.ts';
import { makeFolder, readText, removeAll, writeText } from '../host/files.ts';
import { stateFolder } from '../host/state-folder.ts';

export interface UpRecord {
  readonly user: boolean;
  /** SHA-256 of the settings file as it was written. */
  readonly settings?: string | undefined;
  /** The settings file before jails were taken over, and SHA-256 of it after. */
  readonly jails?: { readonly before: string; readonly after: string } | undefined;
  readonly history?: string | undefined;
  readonly encryption: boolean;
  /** The unit files that were written. */
  readonly units: readonly string[];
  /** fail2ban was stopped: how it was. */
  readonly fail2ban?: { readonly enabled: boolean } | undefined;
}

export const nothingDone: UpRecord = { user: false, encryption: false, units: [] };

const shape: z.ZodType<UpRecord> = z.strictObject({
  user: z.boolean(),
  settings: z.string().optional(),
  jails: z.strictObject({ before: z.string(), after: z.string() }).optional(),
  history: z.string().optional(),
  encryption: z.boolean(),
  units: z.array(z.string()),
  fail2ban: z.strictObject({ enabled: z.boolean() }).optional(),
});

/** What `after` has beyond `before`: what one run of `up` has done. */
export function doneSince(before: UpRecord, after: UpRecord): UpRecord {
  const { settings, jails, history, fail2ban } = after;
  return {
    user: after.user && !before.user,
    encryption: after.encryption && !before.encryption,
    units: after.units.filter((unit) => !before.units.includes(unit)),
    ...(settings !== undefined && before.settings === undefined ? { settings } : {}),
    ...(jails !== undefined && before.jails === undefined ? { jails } : {}),
    ...(history !== undefined && before.history === undefined ? { history } : {}),
    ...(fail2ban !== undefined && before.fail2ban === undefined ? { fail2ban } : {}),
  };
}

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
