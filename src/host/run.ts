/**
 * Runs a program to its end: an argument vector, never a shell.
 *
 * Output is capped (the surplus is dropped and `truncated` says so) and time is bounded (SIGKILL
 * after `timeoutMs`). A program that cannot be started or overruns is a problem; one that ends with
 * a status other than 0 is an answer, which the caller reads.
 */
import { spawn } from 'node:child_process';
import { fail, ok, type Result } from '../base/result.ts';

export interface RunOptions {
  readonly input?: string | Uint8Array;
  readonly cwd?: string;
  /** The whole environment; without it, the caller's. */
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  readonly outputCap?: number;
  /** How output becomes text: utf8, or latin1, which keeps every byte as one character. */
  readonly encoding?: 'utf8' | 'latin1';
}

export interface Ran {
  /** Exit status; 128 + signal number where a signal ended it, as a shell counts. */
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly truncated: boolean;
}

export async function run(argv: readonly string[], options: RunOptions = {}): Promise<Result<Ran>> {
  const [program = '', ...args] = argv;
  const timeoutMs = options.timeoutMs ?? 60_000;
  const cap = options.outputCap ?? 16 * 1024 * 1024;
  return await new Promise((resolve) => {
    const child = spawn(program, args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      // Ctrl-C is for us: what we run is ended by us, in order.
      detached: true,
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...(options.env === undefined ? {} : { env: { ...options.env } }),
    });
    const stdout = collector(cap, options.encoding ?? 'utf8');
    const stderr = collector(cap, 'utf8');
    let overran = false;
    const timer = setTimeout(() => {
      overran = true;
      child.kill('SIGKILL');
      // A grandchild may hold the pipes open; we do not wait for it.
      child.stdout.destroy();
      child.stderr.destroy();
    }, timeoutMs);
    child.stdout.on('data', stdout.add);
    child.stderr.on('data', stderr.add);
    // A program may end without reading its input; that is its right.
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
    child.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      resolve(notStarted(program, error));
    });
    child.on('close', (status, signal) => {
      clearTimeout(timer);
      if (overran) {
        resolve(
          fail(
            'timeout',
            `cannot wait for ${program}: it must end within ${timeoutMs / 1000} s: still running`,
          ),
        );
        return;
      }
      resolve(
        ok({
          status: status ?? 128 + signalNumber(signal),
          stdout: stdout.text(),
          stderr: stderr.text(),
          truncated: stdout.full() || stderr.full(),
        }),
      );
    });
  });
}

function collector(
  cap: number,
  encoding: 'utf8' | 'latin1',
): {
  add: (chunk: Buffer) => void;
  text: () => string;
  full: () => boolean;
} {
  const chunks: Buffer[] = [];
  let size = 0;
  let full = false;
  return {
    add: (chunk) => {
      const room = cap - size;
      if (chunk.length > room) full = true;
      if (room > 0) chunks.push(chunk.subarray(0, room));
      size += Math.min(room, chunk.length);
    },
    text: () => Buffer.concat(chunks).toString(encoding),
    full: () => full,
  };
}

const debianPackages: Readonly<Record<string, string>> = {
  exim4: 'exim4',
  git: 'git',
  ip: 'iproute2',
  nft: 'nftables',
  ss: 'iproute2',
};

function notStarted(program: string, error: NodeJS.ErrnoException): Result<Ran> {
  if (error.code === 'ENOENT') {
    const known = debianPackages[program];
    return fail('missing', `cannot run ${program}: the program is not on this machine`, {
      path: program,
      hint: known === undefined ? 'is it installed, and on the PATH?' : `on Debian: apt-get install ${known}`,
    });
  }
  if (error.code === 'EACCES' || error.code === 'EPERM') {
    return fail('permission', `cannot run ${program}: needs the right to execute it: ${error.code}`, {
      path: program,
    });
  }
  return fail('unavailable', `cannot run ${program}: ${error.code ?? error.message}`, { path: program });
}

const numbers: Readonly<Record<string, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGKILL: 9,
  SIGTERM: 15,
};

function signalNumber(signal: string | null): number {
  return signal === null ? 0 : (numbers[signal] ?? 0);
}
