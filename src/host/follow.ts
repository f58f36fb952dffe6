/**
 * Follows a growing log, line by line, from its end (or from its beginning).
 *
 * Rotation by rename is seen by the file's identity: the old file is read to its end, then the new
 * one from its beginning. Truncation (copytruncate) starts again at the beginning. A partial last
 * line waits for its rest; one longer than `longestLine` is cut there and its rest is dropped. A log
 * that is not there yet, or may not be read, is waited for, and `onProblem` is told once. (A log that is
 * truncated and has grown past where it was within one poll looks as if it had only grown.) Changes are heard from the kernel (inotify) and looked for
 * every `pollMs` besides, because a folder may be renamed or a network file system tell nothing.
 */
import { watch } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { Problem } from '../base/problem.ts';
import { machineProblem } from './machine-problem.ts';

export interface FollowOptions {
  readonly from: 'end' | 'beginning';
  readonly signal: AbortSignal;
  readonly onLine: (line: string) => void;
  /** The log cannot be read now; told again only when the reason changes. */
  readonly onProblem?: (problem: Problem) => void;
  readonly pollMs?: number;
}

const longestLine = 65_536;
const chunkSize = 262_144;

/** Ends when the signal is aborted. */
export async function follow(path: string, options: FollowOptions): Promise<void> {
  const follower = new Follower(path, options);
  await follower.run();
}

class Follower {
  readonly #path: string;
  readonly #options: FollowOptions;
  readonly #buffer = Buffer.allocUnsafe(chunkSize);
  #file: FileHandle | undefined;
  #inode = 0n;
  #position = 0;
  #partial: Buffer = Buffer.alloc(0);
  #overlong = false;
  #wake: () => void = () => undefined;
  #changed = false;
  /** The error code that was told last. */
  #trouble: string | undefined;

  constructor(path: string, options: FollowOptions) {
    this.#path = path;
    this.#options = options;
  }

  async run(): Promise<void> {
    const { signal } = this.#options;
    const watcher = this.#watch();
    const onAbort = (): void => {
      this.#notify();
    };
    signal.addEventListener('abort', onAbort);
    try {
      let from = this.#options.from;
      while (!signal.aborted) {
        this.#changed = false;
        await this.#openIfNew(from);
        // A log that appears later is new from its first line.
        from = 'beginning';
        await this.#readOn();
        if (!this.#changed) await this.#wait();
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
      watcher?.close();
      await this.#file?.close();
    }
  }

  #watch(): ReturnType<typeof watch> | undefined {
    try {
      // The folder, not the file: a rotation replaces the file.
      const watcher = watch(dirname(this.#path), (_event, name) => {
        if (name === null || name === basename(this.#path)) this.#notify();
      });
      watcher.on('error', () => undefined);
      return watcher;
    } catch {
      // No such folder, or no more watches: looking regularly has to do.
      return undefined;
    }
  }

  #notify(): void {
    this.#changed = true;
    this.#wake();
  }

  async #wait(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.#options.pollMs ?? 250);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
      if (this.#changed || this.#options.signal.aborted) this.#wake();
    });
  }

  async #openIfNew(from: 'end' | 'beginning'): Promise<void> {
    const opened = await this.#openChanged();
    if (opened === undefined) return;
    if (this.#file !== undefined) {
      await this.#readOn();
      await this.#file.close();
    }
    const { ino, size } = await opened.stat({ bigint: true });
    this.#file = opened;
    this.#inode = ino;
    this.#position = from === 'end' ? Number(size) : 0;
    this.#partial = Buffer.alloc(0);
    this.#overlong = false;
  }

  /** The file at the path, if it is another one than before. */
  async #openChanged(): Promise<FileHandle | undefined> {
    try {
      const found = await stat(this.#path, { bigint: true });
      const opened =
        this.#file !== undefined && found.ino === this.#inode ? undefined : await open(this.#path, 'r');
      this.#trouble = undefined;
      return opened;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // Between two steps of a rotation there is no log for a moment, and that is no problem.
      if (code !== this.#trouble && !(code === 'ENOENT' && this.#file !== undefined)) {
        this.#trouble = code;
        this.#options.onProblem?.(
          machineProblem('follow', this.#path, error as NodeJS.ErrnoException).problem,
        );
      }
      return undefined;
    }
  }

  async #readOn(): Promise<void> {
    const file = this.#file;
    if (file === undefined) return;
    const { size } = await file.stat();
    if (size < this.#position) {
      this.#position = 0;
      this.#partial = Buffer.alloc(0);
    }
    while (!this.#options.signal.aborted) {
      const { bytesRead } = await file.read(this.#buffer, 0, chunkSize, this.#position);
      if (bytesRead === 0) return;
      this.#position += bytesRead;
      this.#take(this.#buffer.subarray(0, bytesRead));
    }
  }

  #take(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      const rest = chunk.subarray(start, end);
      start = end + 1;
      if (this.#overlong) {
        this.#overlong = false;
        continue;
      }
      const line = this.#partial.length === 0 ? rest : Buffer.concat([this.#partial, rest]);
      this.#partial = Buffer.alloc(0);
      this.#options.onLine(line.toString('utf8', 0, longestLine));
    }
    if (this.#overlong) return;
    this.#partial = Buffer.concat([this.#partial, chunk.subarray(start)]);
    if (this.#partial.length > longestLine) {
      this.#options.onLine(this.#partial.toString('utf8', 0, longestLine));
      this.#partial = Buffer.alloc(0);
      this.#overlong = true;
    }
  }
}
