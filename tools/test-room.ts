// Gives the tests the programs that they run on the host itself, where the host lacks them.
//
// Debian's packages are unpacked as for the lab and laid over /usr in a mount namespace of the tests'
// own: nothing is installed. Without root those tests are left out, and say so.

import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { preparePackages } from '../src/lab/packages.ts';

const programs = ['git', 'openssl'];
const inside = 'PORTREEVE_TEST_ROOM';

/** The exit status of the tests run in the room; undefined where no room is needed, or none can be made. */
export async function runInTestRoom(): Promise<number | undefined> {
  const missing = programs.filter((program) => !isOnPath(program));
  if (missing.length === 0 || process.geteuid?.() !== 0 || process.env[inside] !== undefined)
    return undefined;
  const tell = (line: string): void => {
    console.error(line);
  };
  const tree = await preparePackages({ fail2ban: false, tell });
  if (!tree.ok) {
    tell(`The tests lack ${missing.join(' and ')}: ${tree.problem.message}`);
    return undefined;
  }
  tell(`This host lacks ${missing.join(' and ')}: the tests run in a mount namespace that has it.`);
  const script = 'mount -t overlay -o "lowerdir=$1/usr:/usr" overlay /usr && shift && exec "$@"';
  const argv = ['--mount', 'sh', '-c', script, 'sh', tree.value, process.execPath, ...process.argv.slice(1)];
  const room = spawn('unshare', argv, { stdio: 'inherit', env: { ...process.env, [inside]: 'yes' } });
  return await new Promise((resolve) => {
    room.on('error', () => {
      resolve(1);
    });
    room.on('close', (status) => {
      resolve(status ?? 1);
    });
  });
}

function isOnPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
