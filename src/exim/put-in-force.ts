/**
 * Puts what lies in /etc/exim4 in force: update-exim4.conf, SIGHUP, and if that killed the daemon, a
 * start with the very command line that it had.
 *
 * SIGHUP makes Exim close its sockets and execute itself anew; with a configuration that it does not
 * bear, it is gone then. That it has happened at all is seen by the inodes of its sockets: the same
 * port with the same socket is still the old daemon, which may die the next instant.
 */
import { fail, ok, type Result } from '../base/result.ts';
import type { Clock } from '../host/clock.ts';
import { exists } from '../host/files.ts';
import { signalProcess } from '../host/processes.ts';
import { type Daemon, findDaemon, unitOf } from './daemon.ts';
import { debianPlaces } from './debian-places.ts';
import { runExim } from './run-exim.ts';

const patienceMs = 5000;

/** `before` is the daemon as it was known to work; without one nothing is started. */
export async function putInForce(before: Daemon | undefined, clock: Clock): Promise<Result<string>> {
  if (!(await exists(debianPlaces.handWritten))) {
    const generated = await runExim(['update-exim4.conf']);
    if (!generated.ok) return generated;
    if (generated.value.status !== 0) {
      const words = generated.value.stderr.trim().split('\n').slice(0, 2).join(' ');
      return fail('configuration', `cannot generate the configuration: update-exim4.conf says: ${words}`, {
        path: debianPlaces.folder,
      });
    }
  }
  if (before === undefined) return ok('Exim does not run; there is nothing to reload');
  const now = await findDaemon();
  if (now !== undefined && signalProcess(now.process.pid, 'SIGHUP')) {
    const renewed = await serving(now, clock);
    if (renewed !== undefined) return ok(`Exim (pid ${renewed.process.pid}) has reloaded and listens`);
  }
  return await restart(before, clock);
}

/** Waits until the daemon listens on new sockets; undefined as soon as it is gone, or after five seconds. */
async function serving(old: Daemon, clock: Clock): Promise<Daemon | undefined> {
  const known = new Set(old.sockets.map(({ inode }) => inode));
  const until = clock.now() + patienceMs;
  while (clock.now() < until) {
    const now = await findDaemon();
    if (now === undefined) return undefined;
    if (now.sockets.length > 0 && now.sockets.every(({ inode }) => !known.has(inode))) return now;
    await clock.sleep(20);
  }
  return undefined;
}

async function restart(before: Daemon, clock: Clock): Promise<Result<string>> {
  const unit = unitOf(before);
  const [, ...options] = before.process.argv;
  const command =
    unit === undefined ? [debianPlaces.program, ...options] : ['systemctl', 'restart', '--', unit];
  const started = await runExim(command);
  if (!started.ok) return started;
  const until = clock.now() + patienceMs;
  while (started.value.status === 0 && clock.now() < until) {
    const now = await findDaemon();
    if (now !== undefined && now.sockets.length > 0) {
      return ok(`Exim did not survive its reload; started again (pid ${now.process.pid})`);
    }
    await clock.sleep(50);
  }
  const words = started.value.stderr.trim().split('\n').slice(-2).join(' ').slice(0, 400);
  return fail(
    'unavailable',
    `cannot keep Exim running: it must start with this configuration: ${words || 'it ends at once'}`,
    { path: debianPlaces.folder, hint: 'its reasons are in /var/log/exim4/paniclog and mainlog' },
  );
}
