/** Which of the files that a configuration relies on Exim's user cannot read in the rehearsal's room. */
import { fail, ok, type Result } from '../base/result.ts';
import type { Complaint } from './complaint.ts';
import { debianPlaces } from './debian-places.ts';
import type { NamedFileUse } from './named-files.ts';
import type { RehearsalRoom } from './rehearsal-room.ts';

export async function unreadableFiles(
  room: RehearsalRoom,
  uses: readonly NamedFileUse[],
): Promise<Result<Complaint[]>> {
  if (uses.length === 0) return ok([]);
  const told = await room.run([debianPlaces.program, '-bP', 'exim_user', 'exim_group']);
  if (!told.ok) return told;
  const [user = 'Debian-exim', group = user] = [...told.value.stdout.matchAll(/=\s*(\S+)/g)].map(
    ([, name]) => name,
  );
  const asUser = ['setpriv', `--reuid=${user}`, `--regid=${group}`, '--init-groups'];
  const paths = new Set(uses.map(({ path }) => path));
  const ran = await room.run([...asUser, 'sh', '-c', readable, 'sh', ...paths]);
  if (!ran.ok) return ran;
  if (ran.value.status !== 0) {
    return fail(
      'unavailable',
      `cannot rehearse as ${user}: setpriv says: ${ran.value.stderr.trim().slice(0, 300)}`,
    );
  }
  const unreadable = new Set(ran.value.stdout.split('\0'));
  return ok(uses.filter(({ path }) => unreadable.has(path)).map(({ missing }) => missing));
}

/** Prints those that are not readable, each ended by a null byte. */
const readable = 'for path; do [ -r "$path" ] || printf "%s\\0" "$path"; done';
