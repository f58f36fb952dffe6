/**
 * Whether the folder that certificate and key are put into lets Exim in, and nobody else write: a key that
 * Exim cannot reach turns STARTTLS into 454, and whoever can write to a folder on the way can swap the key.
 */
import type { Problem } from '../base/problem.ts';
import { fail } from '../base/result.ts';
import type { Accounts } from '../host/accounts.ts';
import type { PathState } from '../host/path-state.ts';

export interface FolderOnTheWay {
  readonly path: string;
  readonly state: Pick<PathState, 'uid' | 'gid' | 'mode'>;
}

const exim = 'Debian-exim';
const sticky = 0o1000;

/** The folder itself and every parent of it, `/` among them. */
export function checkKeyFolders(folders: readonly FolderOnTheWay[], accounts: Accounts): Problem[] {
  const user = accounts.userId(exim);
  const group = accounts.groupId(exim);
  if (!user.ok) return [user.problem];
  if (!group.ok) return [group.problem];
  return folders.flatMap(({ path, state: { uid, gid, mode } }) => {
    const problems: Problem[] = [];
    const bits = uid === user.value ? mode >> 6 : gid === group.value ? mode >> 3 : mode;
    if ((bits & 1) === 0) {
      problems.push(
        refused(
          path,
          `${exim} must be able to search it`,
          looks(uid, gid, mode, accounts),
          `chmod a+x ${path}`,
        ),
      );
    }
    const byGroup = (mode & 0o020) !== 0 && gid !== 0;
    const byAll = (mode & 0o002) !== 0 && (mode & sticky) === 0;
    if (uid !== 0 || byGroup || byAll) {
      problems.push(
        refused(
          path,
          'root alone may write there',
          looks(uid, gid, mode, accounts),
          `chown root ${path}; chmod go-w ${path}`,
        ),
      );
    }
    return problems;
  });
}

function looks(uid: number, gid: number, mode: number, accounts: Accounts): string {
  return `${accounts.userName(uid)}:${accounts.groupName(gid)} ${mode.toString(8).padStart(4, '0')}`;
}

function refused(path: string, requirement: string, current: string, hint: string): Problem {
  return fail('permission', `cannot keep a key below ${path}: ${requirement}: it is ${current}`, {
    path,
    hint,
  }).problem;
}
