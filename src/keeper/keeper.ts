/**
 * The keeper: the small root process. It takes a closed set of commands on a Unix socket, one at a time,
 * takes waiting changes and experiments back when their time is over, and watches tracked folders for drift.
 * It listens on no network and reads no log.
 */
import type { Problem } from '../base/problem.ts';
import { fail, ok, type Result } from '../base/result.ts';
import type { Step } from '../change/change.ts';
import { runDeadman } from '../change/deadman.ts';
import { recoverAll } from '../change/recover-all.ts';
import { readAccounts } from '../host/accounts.ts';
import type { Clock } from '../host/clock.ts';
import { isRoot } from '../host/identity.ts';
import { openUnixServer } from '../host/unix-server.ts';
import type { KeeperAnswer } from './keeper-answer.ts';
import { parseKeeperCommand, requestCap } from './keeper-command.ts';
import { takeKeeperLock } from './keeper-lock.ts';
import { obey } from './obey.ts';
import { isReadCommand } from './read-history.ts';
import { watchFolders } from './watch-folders.ts';

export interface KeeperOptions {
  readonly socket: string;
  readonly group: string;
  /** How long a tracked folder has to be quiet before drift in it is recorded, in milliseconds. */
  readonly driftAfterMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly tell: (line: string) => void;
  readonly trouble: (problem: Problem) => void;
}

const mostClients = 16;
const lineTimeoutMs = 5000;

export async function runKeeper(options: KeeperOptions): Promise<Result<void>> {
  const { clock, signal, tell, trouble } = options;
  if (!isRoot()) {
    return fail('permission', 'cannot keep the configuration: the keeper needs root', {
      hint: 'start its service: systemctl start portreeve-keeper',
    });
  }
  const gid = (await readAccounts()).groupId(options.group);
  if (!gid.ok) return gid;
  const lock = await takeKeeperLock();
  if (!lock.ok) return lock;
  const told = ({ phase, evidence }: Step): void => {
    tell(`${phase.padEnd(8)} ${evidence}`);
  };
  const inTurn = oneAtATime();
  try {
    const recovered = await recoverAll(told, { clock });
    for (const problem of recovered.ok ? recovered.value.problems : [recovered.problem]) trouble(problem);
    const server = await openUnixServer({
      path: options.socket,
      gid: gid.value,
      longestLine: requestCap,
      lineTimeoutMs,
      mostClients,
      refuse: (why) => frame({ problem: fail('usage', `cannot serve you: ${why}`).problem }),
      serve: async (line, answer) => {
        const command = parseKeeperCommand(line);
        const work = async (): Promise<void> => {
          const outcome = command.ok
            ? await obey(command.value, (step) => {
                told(step);
                answer(frame({ step }));
              })
            : command;
          answer(frame(outcome.ok ? { done: outcome.value } : { problem: outcome.problem }));
        };
        // Whoever only reads need not wait for a change under way.
        await (command.ok && isReadCommand(command.value) ? work() : inTurn(work));
      },
    });
    if (!server.ok) return server;
    tell(`listening on ${options.socket}`);
    await Promise.all([
      runDeadman({ clock, signal, tell: told, trouble }),
      watchFolders({ clock, signal, quietMs: options.driftAfterMs, inTurn, tell, trouble }),
    ]);
    await server.value.close();
    return ok();
  } finally {
    lock.value.release();
  }
}

function frame(answer: KeeperAnswer): string {
  return `${JSON.stringify(answer)}\n`;
}

/** Work queues: the transaction's lock refuses a second change, and a queue of sixteen is short. */
function oneAtATime(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return async (work) => {
    const mine = last.then(async () => await work());
    last = mine.catch(() => undefined);
    return await mine;
  };
}
