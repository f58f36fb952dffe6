/**
 * A log as bytes: a plain file that can be read anywhere, or a stream (`.gz`, standard input, a pipe).
 * Reading a plain file is synchronous, because whoever reads gigabytes has nothing else to do.
 */
import { closeSync, createReadStream, fstatSync, openSync, readSync } from 'node:fs';
import { type Failed, fail, ok, type Result } from '../base/result.ts';
import { machineProblem } from './machine-problem.ts';

export type LogFile = PlainLog | StreamedLog;

export interface PlainLog {
  readonly kind: 'plain';
  readonly path: string;
  readonly size: number;
  /** Fills `into` from a position on; 0 at the end, or after an error, which `problem` then tells. */
  readonly read: (into: Uint8Array, position: number) => number;
  problem(): Result<void>;
  close(): void;
}

export interface StreamedLog {
  readonly kind: 'stream';
  readonly path: string;
  /** Hands over every chunk; a truncated archive or a read error is a problem after what came before it. */
  each(use: (chunk: Uint8Array) => void): Promise<Result<void>>;
  /** How much of the file has been read so far, zipped as it is. */
  taken(): number;
  /** Its first bytes as text, one character a byte; nothing can be read from it afterwards. */
  start(bytes: number): Promise<string>;
}

/** `-` is standard input. */
export function openLog(path: string): Result<LogFile> {
  if (path === '-') return ok(streamed(path, process.stdin, false));
  try {
    const file = openSync(path, 'r');
    const about = fstatSync(file);
    if (about.isDirectory()) {
      closeSync(file);
      return fail('unavailable', `cannot read ${path}: needs a log file: it is a folder`, {
        path,
        hint: `name the files in it: ${path.replace(/\/$/, '')}/mainlog*`,
      });
    }
    const start = new Uint8Array(2);
    const zipped =
      about.isFile() && readSync(file, start, 0, 2, 0) === 2 && start[0] === 0x1f && start[1] === 0x8b;
    if (about.isFile() && !zipped) return ok(plain(path, file, about.size));
    closeSync(file);
    return ok(streamed(path, createReadStream(path), zipped));
  } catch (error) {
    return refused(path, error as NodeJS.ErrnoException);
  }
}

function refused(path: string, error: NodeJS.ErrnoException): Failed {
  const { problem } = machineProblem('read', path, error);
  const hint =
    problem.kind === 'permission'
      ? "on Debian Exim's logs are for root and the group adm"
      : "Debian's is /var/log/exim4/mainlog";
  return fail(problem.kind, problem.message, { path, hint });
}

function plain(path: string, file: number, size: number): PlainLog {
  let failure: NodeJS.ErrnoException | undefined;
  return {
    kind: 'plain',
    path,
    size,
    read: (into, position) => {
      let filled = 0;
      try {
        while (filled < into.length) {
          const got = readSync(file, into, filled, into.length - filled, position + filled);
          if (got === 0) break;
          filled += got;
        }
      } catch (error) {
        failure = error as NodeJS.ErrnoException;
      }
      return filled;
    },
    problem: () => (failure === undefined ? ok() : machineProblem('read', path, failure)),
    close: () => {
      closeSync(file);
    },
  };
}

function streamed(path: string, source: NodeJS.ReadableStream, zipped: boolean): StreamedLog {
  let passed = 0;
  return {
    kind: 'stream',
    path,
    taken: () => ('bytesRead' in source && typeof source.bytesRead === 'number' ? source.bytesRead : passed),
    start: async (bytes) => {
      let text = '';
      try {
        for await (const chunk of zipped ? await unzipped(source) : source) {
          text += (chunk as Buffer).toString('latin1');
          if (text.length >= bytes) break;
        }
      } catch {
        // Whoever reads it in earnest will be told.
      }
      return text.slice(0, bytes);
    },
    each: async (use) => {
      try {
        for await (const chunk of zipped ? await unzipped(source) : source) {
          passed += (chunk as Buffer).length;
          use(chunk as Buffer);
        }
        return ok();
      } catch (error) {
        const { code = '' } = error as NodeJS.ErrnoException;
        if (!code.startsWith('Z_')) return refused(path, error as NodeJS.ErrnoException);
        return fail(
          'unavailable',
          `cannot read ${path} to its end: the archive is truncated or damaged: ${code}`,
          {
            path,
            hint: 'what could be unzipped has been read',
          },
        );
      }
    },
  };
}

/** The module is loaded when it is needed: plain logs are read in less time than it takes. */
async function unzipped(source: NodeJS.ReadableStream): Promise<NodeJS.ReadableStream> {
  const { createGunzip } = await import('node:zlib');
  const unzip = createGunzip();
  // An error of the file has to end the unzipping as well.
  source.on('error', (error: Error) => unzip.destroy(error));
  return source.pipe(unzip);
}
