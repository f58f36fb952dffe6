/**
 * Whether a run of apt or dpkg is going on: somebody holds the lock that each run of theirs holds from its
 * beginning to its end. Read from the kernel's list, so that nothing is taken from them.
 */
import { readFile, stat } from 'node:fs/promises';

const lockFile = '/var/lib/dpkg/lock-frontend';

export async function packageManagerRuns(path: string = lockFile): Promise<boolean> {
  const [locks, inode] = await Promise.all([
    readFile('/proc/locks', 'utf8').catch(() => ''),
    stat(path).then(
      ({ ino }) => ino,
      () => undefined,
    ),
  ]);
  // The device is left out: file systems with subvolumes say another one here than stat(2) does.
  return inode !== undefined && new RegExp(`^\\d+: \\w+ .* [0-9a-f]+:[0-9a-f]+:${inode} `, 'm').test(locks);
}
