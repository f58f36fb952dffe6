/**
 * A machine of the lab: a private copy-on-write view of this host, in namespaces of its own.
 *
 * It has its own process tree, network, host name and firewall; what is written in it is in memory
 * and disappears with it. The host's files are seen but never changed. It lives as long as this
 * process holds its standard input: on a crash or kill -9 the kernel clears it away.
 */
import { fail, ok, type Result } from '../base/result.ts';
import { checkout } from '../host/checkout.ts';
import { type Ran, run, type RunOptions } from '../host/run.ts';
import { type Service, type ServiceOptions, startService } from '../host/service.ts';
import { succeed } from '../host/succeed.ts';
import { childOf } from '../host/child-of.ts';

export interface Machine {
  /** The argument vector that runs `argv` inside; `network` is a network made by `addNetwork`. */
  enter(argv: readonly string[], network?: string): string[];
  /** Runs to the end; any status is an answer. */
  run(argv: readonly string[], options?: RunOptions): Promise<Result<Ran>>;
  /** Runs to the end; a status other than 0 is a problem. */
  succeed(act: string, argv: readonly string[], options?: RunOptions): Promise<Result<Ran>>;
  start(argv: readonly string[], options?: ServiceOptions, network?: string): Service;
  /** Where the machine's files are seen from the host, for reading: `/proc/PID/root`. */
  readonly root: string;
  close(): Promise<void>;
}

export interface MachineHost {
  readonly name: string;
  /** What the name resolves to inside; the machine gets it from its network. */
  readonly address: string;
}

export async function openMachine(tree: string, host: MachineHost): Promise<Result<Machine>> {
  const errors: string[] = [];
  let ready: (value: boolean) => void = () => undefined;
  const isReady = new Promise<boolean>((resolve) => {
    ready = resolve;
  });
  const namespaces = ['--mount', '--net', '--pid', '--ipc', '--uts', '--fork', '--kill-child'];
  const init = startService(
    [
      'unshare',
      ...namespaces,
      'sh',
      `${checkout}/src/lab/machine-init.sh`,
      tree,
      checkout,
      host.name,
      host.address,
    ],
    {
      onLine: (line) => {
        if (line === 'ready') ready(true);
      },
      onErrorLine: (line) => errors.push(line),
    },
  );
  void init.ended.then(() => {
    ready(false);
  });
  if (!(await isReady)) {
    await init.ended;
    return fail(
      'unavailable',
      `cannot make a lab machine: ${errors.slice(-2).join(' | ') || 'unshare did not start'}`,
      {
        hint: 'it needs root with CAP_SYS_ADMIN, network namespaces, overlayfs and tmpfs: inside a container, run that privileged',
      },
    );
  }
  const inside = await childOf(init.pid ?? 0);
  if (!inside.ok) {
    init.finish();
    await init.ended;
    return inside;
  }
  return ok(new NamespacedMachine(init, inside.value));
}

class NamespacedMachine implements Machine {
  readonly root: string;
  readonly #init: Service;
  readonly #pid: number;

  constructor(init: Service, pid: number) {
    this.#init = init;
    this.#pid = pid;
    this.root = `/proc/${pid}/root`;
  }

  enter(argv: readonly string[], network?: string): string[] {
    const room = network === undefined ? [] : ['ip', 'netns', 'exec', network];
    const namespaces = ['--mount', '--net', '--pid', '--ipc', '--uts'];
    // nsenter forks to enter the process namespace; ending nsenter ends what it runs.
    const bound = ['setpriv', '--pdeathsig', 'KILL'];
    return ['nsenter', '--target', String(this.#pid), ...namespaces, '--', ...bound, ...room, ...argv];
  }

  async run(argv: readonly string[], options?: RunOptions): Promise<Result<Ran>> {
    return await run(this.enter(argv), { cwd: '/', ...options });
  }

  async succeed(act: string, argv: readonly string[], options?: RunOptions): Promise<Result<Ran>> {
    return await succeed(act, this.enter(argv), { cwd: '/', ...options });
  }

  start(argv: readonly string[], options?: ServiceOptions, network?: string): Service {
    return startService(this.enter(argv, network), { cwd: '/', ...options });
  }

  async close(): Promise<void> {
    this.#init.finish();
    await this.#init.ended;
  }
}
