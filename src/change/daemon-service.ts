/**
 * A daemon as a service whose folder is changed: its own check first, a reload in its own way, and every
 * port that it served takes connections afterwards. One that a reload has killed is started again with
 * the command line that it had.
 */
import { z } from 'zod';
import { fail, ok, type Result } from '../base/result.ts';
import type { Clock } from '../host/clock.ts';
import { connect } from '../host/connection.ts';
import { readText } from '../host/files.ts';
import { findProcess, listeningSockets, type Process, signalProcess } from '../host/processes.ts';
import { type Ran, run } from '../host/run.ts';
import { askedFromOutside } from './asked-from-outside.ts';
import type { Proof } from './change.ts';
import type { KnownDaemon } from './known-daemons.ts';
import { rehearseDaemon } from './rehearse-daemon.ts';
import type { Attached, Service } from './service.ts';

const timeoutMs = 3000;
const patienceMs = 5000;
const settleMs = 300;

interface Memo {
  readonly process?: Process | undefined;
  readonly ports: readonly { readonly address: string; readonly port: number }[];
}

const memoShape: z.ZodType<Memo> = z.strictObject({
  process: z
    .strictObject({ pid: z.int(), program: z.string(), argv: z.array(z.string()), cgroup: z.string() })
    .optional(),
  ports: z.array(z.strictObject({ address: z.string(), port: z.int() })),
});

export function daemonService(daemon: KnownDaemon, clock: Clock): Service {
  const attachedTo = (memo: Memo): Attached => ({
    memo,
    reload: async () => await reload(daemon, memo, clock),
    proofs: memo.ports.map(stillConnects),
  });
  return {
    name: daemon.name,
    rehearse: async (copy) => await rehearseDaemon(daemon, copy),
    attach: async () => {
      const running = await findMaster(daemon);
      if (running === undefined) return ok(attachedTo({ ports: [] }));
      return ok(attachedTo({ process: running, ports: await servedPorts(running.pid) }));
    },
    reattach: (memo) => {
      const read = memoShape.safeParse(memo);
      return read.success ? attachedTo(read.data) : undefined;
    },
    beforeStart: async () =>
      (await findMaster(daemon)) === undefined ? attachedTo({ ports: [] }) : undefined,
  };
}

async function findMaster({ pidFile }: KnownDaemon): Promise<Process | undefined> {
  const text = await readText(pidFile, 64);
  const pid = text.ok ? Number(text.value.trim()) : 0;
  return Number.isSafeInteger(pid) && pid > 1 ? await findProcess(pid) : undefined;
}

async function servedPorts(pid: number): Promise<{ address: string; port: number }[]> {
  const served: { address: string; port: number }[] = [];
  for (const { address, port } of await listeningSockets(pid)) {
    if (served.some((each) => each.port === port)) continue;
    for (const candidate of askedFromOutside(address)) {
      if ((await stillConnects({ address: candidate, port }).prove()).ok) {
        served.push({ address: candidate, port });
        break;
      }
    }
  }
  return served;
}

function stillConnects({ address, port }: { address: string; port: number }): Proof {
  return {
    port,
    claim: `port ${port} still takes connections`,
    prove: async () => {
      const connected = await connect({ host: address, port }, timeoutMs);
      if (!connected.ok) return connected;
      connected.value.close();
      return ok(`at ${address}`);
    },
  };
}

async function reload(daemon: KnownDaemon, { process: known }: Memo, clock: Clock): Promise<Result<string>> {
  const { name } = daemon;
  if (known === undefined) return ok(`${name} does not run; there is nothing to reload`);
  const unit = /\/([\w@.-]+\.service)(?:\/|$)/m.exec(known.cgroup)?.[1];
  const running = await findMaster(daemon);
  if (running !== undefined) {
    if (unit !== undefined) await inForce(['systemctl', 'reload', '--', unit]);
    else if (daemon.reload === 'SIGHUP') signalProcess(running.pid, 'SIGHUP');
    else await inForce(daemon.reload);
    // It may die of it, a moment later.
    await clock.sleep(settleMs);
    const lives = await serving(daemon, clock);
    if (lives !== undefined) return ok(`${name} (pid ${lives.pid}) has reloaded and listens`);
  }
  const started = await inForce(unit === undefined ? known.argv : ['systemctl', 'restart', '--', unit]);
  const lives = started.ok ? await serving(daemon, clock) : undefined;
  if (lives !== undefined) return ok(`${name} did not survive its reload; started again (pid ${lives.pid})`);
  const words = started.ok
    ? started.value.stderr.trim().split('\n').slice(-2).join(' ')
    : started.problem.message;
  return fail(
    'unavailable',
    `cannot keep ${name} running: it must start with this configuration: ${words.slice(0, 300)}`,
    {
      path: daemon.folder,
    },
  );
}

async function inForce(argv: readonly string[]): Promise<Result<Ran>> {
  return await run(argv, {
    cwd: '/',
    env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' },
    timeoutMs: 30_000,
  });
}

async function serving(daemon: KnownDaemon, clock: Clock): Promise<Process | undefined> {
  const until = clock.now() + patienceMs;
  while (clock.now() < until) {
    const found = await findMaster(daemon);
    if (found !== undefined && (await listeningSockets(found.pid)).length > 0) return found;
    await clock.sleep(50);
  }
  return undefined;
}
