/**
 * A program that keeps running beside us: its output by the line, its end as a promise.
 *
 * `stdin` stays open for as long as we live; a child that ends at end-of-file therefore never
 * outlives us, however we die. Lines longer than 64 KiB are cut, the surplus is dropped.
 */
import { spawn } from 'node:child_process';

const longestLine = 65_536;

export interface Service {
  readonly pid: number | undefined;
  /** Ends with the exit status (128 + signal), or -1 where it could not be started. */
  readonly ended: Promise<number>;
  /** Writes to its standard input. */
  send(text: string): void;
  /** Closes its standard input. */
  finish(): void;
  signal(name: 'SIGTERM' | 'SIGKILL' | 'SIGINT' | 'SIGHUP'): void;
}

export interface ServiceOptions {
  readonly onLine?: (line: string) => void;
  readonly onErrorLine?: (line: string) => void;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

export function startService(argv: readonly string[], options: ServiceOptions = {}): Service {
  const [program = '', ...args] = argv;
  const child = spawn(program, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    // Ctrl-C is for us: what we run is ended by us, in order.
    detached: true,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: { ...options.env } }),
  });
  child.stdin.on('error', () => undefined);
  child.stdout.on('data', lineSplitter(options.onLine));
  child.stderr.on('data', lineSplitter(options.onErrorLine));
  const ended = new Promise<number>((resolve) => {
    child.on('error', () => {
      resolve(-1);
    });
    child.on('close', (status) => {
      resolve(status ?? 128);
    });
  });
  return {
    pid: child.pid,
    ended,
    send: (text) => {
      child.stdin.write(text);
    },
    finish: () => {
      child.stdin.end();
    },
    signal: (name) => {
      child.kill(name);
    },
  };
}

function lineSplitter(onLine: ((line: string) => void) | undefined): (chunk: Buffer) => void {
  const decoder = new TextDecoder();
  let partial = '';
  return (chunk) => {
    const lines = (partial + decoder.decode(chunk, { stream: true })).split('\n');
    partial = (lines.pop() ?? '').slice(0, longestLine);
    for (const line of lines) onLine?.(line.slice(0, longestLine));
  };
}
