/**
 * Unpacks the files of a Debian package into a tree, as `dpkg` would lay them on a machine whose
 * /bin, /lib and /sbin are links into /usr (every Debian since 12): owner, mode and set-user-id bits
 * kept where we are root. No maintainer script runs.
 */
import { spawn } from 'node:child_process';
import { symlink } from 'node:fs/promises';
import { fail, ok, type Result } from '../base/result.ts';
import { makeFolders } from './make-folders.ts';

export async function unpackDeb(archive: string, tree: string): Promise<Result<void>> {
  for (const folder of ['bin', 'lib', 'lib64', 'sbin']) {
    await makeFolders(`${tree}/usr/${folder}`);
    // Already there from the package before: the link is the same.
    await symlink(`usr/${folder}`, `${tree}/${folder}`).catch(() => undefined);
  }
  return await new Promise((resolve) => {
    const reader = spawn('dpkg-deb', ['--fsys-tarfile', archive], { stdio: ['ignore', 'pipe', 'ignore'] });
    const writer = spawn('tar', ['-x', '-p', '--keep-directory-symlink', '-C', tree], {
      stdio: [reader.stdout, 'ignore', 'ignore'],
    });
    // tar holds the pipe now; our own end would keep it open.
    reader.stdout.destroy();
    const statuses: (number | null)[] = [];
    const ended = (status: number | null): void => {
      statuses.push(status);
      if (statuses.length < 2) return;
      resolve(
        statuses.every((each) => each === 0)
          ? ok()
          : fail(
              'unavailable',
              `cannot unpack ${archive}: dpkg-deb and tar ended with ${statuses.join(' and ')}`,
            ),
      );
    };
    for (const child of [reader, writer]) {
      child.on('error', () => {
        ended(-1);
      });
      child.on('exit', ended);
    }
  });
}
