/**
 * Follows a growing log, line by line, from its end, its beginning, or a place where it was left; no line is
 * lost and none comes twice.
 *
 * - Rotation by rename: the old file is read to its end, and looked at for some seconds more, because others
 *   may still write to it; the new one from its beginning.
 * - Truncation (copytruncate): told by the size, and where the log has grown past the place meanwhile, by the
 *   bytes before the place and at the beginning, compared after each read. What had been copied and not yet
 *   read is read from the copy.
 * - While we were away: the place is looked for in rotated files, compressed ones too, and those after it
 *   are read first.
 *
 * A log or folder that is not there yet, or may not be read, is waited for, and `onProblem` is told once.
 * Changes are heard from the kernel (inotify) and looked for every `pollMs` besides, because a network
 * file system tells nothing. Reading is synchronous: from the page cache it takes less than asking a thread.
 */
import { closeSync, fstatSync, openSync, readSync, statSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import { setImmediate as afterOthers } from 'node:timers/promises';
import type { Problem } from '../base/problem.ts';
import { beginning, LogCursor, type LogPlace } from './log-cursor.ts';
import { machineProblem } from './machine-problem.ts';
import { bytesFrom, holdsPlaceAt, rotatedParts } from './rotated-log.ts';

export interface LogPosition extends LogPlace {
  /** Of the file that the place is in. */
  readonly inode: string;
}

export interface FollowOptions {
  readonly from: 'end' | 'beginning' | LogPosition;
  readonly signal: AbortSignal;
  readonly onLine: (line: string) => void;
  /** The log cannot be read now, or lines of it are gone; told again only when the reason changes. */
  readonly onProblem?: (problem: Problem) => void;
  /** A log has been opened: from its `position` on it is followed. */
  readonly onOpen?: () => void;
  /** How many bytes were there and not read when a piece has been; the last piece leaves none. */
  readonly onBehind?: (bytes: number) => void;
  readonly pollMs?: number;
}

const chunkSize = 65_536;
/** A renamed log is looked at for so long: Exim's processes notice the new one when they write. */
const graceMs = 10_000;

interface OpenLog {
  readonly file: number;
  readonly inode: string;
  cursor: LogCursor;
  /** When it was renamed. */
  leftAt: number;
  /** Its end has been reached since. */
  isRead: boolean;
}

export class LogFollower {
  readonly #path: string;
  readonly #options: FollowOptions;
  readonly #buffer = Buffer.allocUnsafe(chunkSize);
  #log: OpenLog | undefined;
  readonly #left = new Set<OpenLog>();
  /** Of what is read from rotated files, while it is. */
  #elsewhere: LogPosition | undefined;
  #watcher: ReturnType<typeof watch> | undefined;
  #wake: () => void = () => undefined;
  #changed = false;
  /** The reason that was told last. */
  #trouble: string | undefined;

  constructor(path: string, options: FollowOptions) {
    this.#path = path;
    this.#options = options;
  }

  /** Behind the last line that was handed over; undefined before the log has been found. */
  get position(): LogPosition | undefined {
    if (this.#elsewhere !== undefined) return this.#elsewhere;
    // Nothing of the new log has been read while lines of the renamed one have not.
    const log = [...this.#left].find(({ isRead }) => !isRead) ?? this.#log;
    return log === undefined ? undefined : { ...log.cursor.place, inode: log.inode };
  }

  /** Ends when the signal is aborted. */
  async run(): Promise<void> {
    const { signal, from } = this.#options;
    const onAbort = (): void => {
      this.#notify();
    };
    signal.addEventListener('abort', onAbort);
    try {
      this.#watch();
      // Read before anything else is: what came while we were away.
      let start = typeof from === 'string' ? from : await this.#resume(from);
      while (!signal.aborted) {
        this.#changed = false;
        // What has come first: a line is in more of a hurry than a rotation.
        if (this.#log !== undefined) await this.#readOn(this.#log);
        const before = this.#log;
        if (this.#look(start)) start = 'beginning';
        if (this.#log !== undefined && this.#log !== before) await this.#readOn(this.#log);
        for (const log of this.#left) await this.#readLeft(log);
        if (!this.#changed) await this.#wait();
        this.#watch();
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
      this.#watcher?.close();
      for (const { file } of [...this.#left, ...(this.#log === undefined ? [] : [this.#log])])
        closeSync(file);
    }
  }

  /** Reads what rotated files have behind the position; returns where to begin in the log itself. */
  async #resume(from: LogPosition): Promise<LogPosition | 'beginning'> {
    const there = attempt(() => openSync(this.#path, 'r'));
    if (there !== undefined) {
      const { size, ino } = fstatSync(there, { bigint: true });
      const isIt =
        size >= from.offset && (from.offset === 0 ? String(ino) === from.inode : holdsPlaceAt(there, from));
      closeSync(there);
      if (isIt) return from;
    }
    await this.#readRotated(from);
    return 'beginning';
  }

  async #readRotated(from: LogPosition): Promise<void> {
    const parts = await rotatedParts(this.#path, from, from.inode);
    if (parts === undefined) {
      // Nothing was read of it, or it was empty.
      if (from.offset > 0 || from.inode !== '') this.#tellOfGap();
      return;
    }
    for (const { path, from: place } of parts) {
      const cursor = new LogCursor(place);
      try {
        for await (const chunk of bytesFrom(path, cursor.next)) {
          cursor.take(chunk, this.#options.onLine);
          this.#elsewhere = { ...cursor.place, inode: from.inode };
          await afterOthers();
          if (this.#options.signal.aborted) return;
        }
      } catch (error) {
        this.#options.onProblem?.(machineProblem('read', path, error as NodeJS.ErrnoException).problem);
      }
    }
    this.#elsewhere = undefined;
  }

  #tellOfGap(): void {
    this.#options.onProblem?.({
      kind: 'unavailable',
      message: `cannot read all of ${this.#path}: what was read last must be in it or in a rotated log beside it: it is in none`,
      path: this.#path,
      hint: 'lines that were written between, if any, are not known; the log is read from its beginning',
    });
  }

  /** Opens the log where it is new; tells whether it did. */
  #look(start: 'end' | 'beginning' | LogPosition): boolean {
    try {
      const { ino, size } = statSync(this.#path, { bigint: true });
      this.#trouble = undefined;
      if (this.#log?.inode === String(ino)) return false;
      const file = openSync(this.#path, 'r');
      const inode = String(fstatSync(file, { bigint: true }).ino);
      if (this.#log !== undefined) {
        this.#log.leftAt = Date.now();
        this.#left.add(this.#log);
      }
      const place = start === 'end' ? endOf(file, Number(size)) : start === 'beginning' ? beginning : start;
      this.#log = { file, inode, cursor: new LogCursor(place), leftAt: 0, isRead: false };
      this.#options.onOpen?.();
      return true;
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException;
      // Between two steps of a rotation there is no log for a moment, and that is no problem.
      if (code !== this.#trouble && !(code === 'ENOENT' && this.#log !== undefined)) {
        this.#trouble = code;
        const { problem } = machineProblem('follow', this.#path, error as NodeJS.ErrnoException);
        const hint = code === 'ENOENT' ? 'it is waited for; is it the right log?' : problem.hint;
        this.#options.onProblem?.({ ...problem, ...(hint === undefined ? {} : { hint }) });
      }
      // A log that appears later is new from its first line.
      return this.#log === undefined && code === 'ENOENT';
    }
  }

  async #readOn(log: OpenLog): Promise<void> {
    // What was renamed was there first.
    for (const left of this.#left) await this.#readLeft(left);
    while (!this.#options.signal.aborted) {
      const { cursor } = log;
      const count = readSync(log.file, this.#buffer, 0, chunkSize, cursor.next);
      const { size } = fstatSync(log.file);
      if (size < cursor.next || !holdsPlaceAt(log.file, cursor.place, cursor.pending)) {
        await this.#readRotated({ ...cursor.place, inode: '' });
        log.cursor = new LogCursor();
        continue;
      }
      if (count === 0) return;
      cursor.take(this.#buffer.subarray(0, count), this.#options.onLine);
      this.#options.onBehind?.(Math.max(0, size - cursor.next));
      // What the lines lead to comes before another look at the log, which takes four calls of the kernel.
      await afterOthers();
    }
  }

  async #readLeft(log: OpenLog): Promise<void> {
    for (;;) {
      const count = readSync(log.file, this.#buffer, 0, chunkSize, log.cursor.next);
      if (count === 0) break;
      log.cursor.take(this.#buffer.subarray(0, count), this.#options.onLine);
      if (count === chunkSize) await afterOthers();
    }
    log.isRead = true;
    if (Date.now() - log.leftAt < graceMs) return;
    this.#left.delete(log);
    closeSync(log.file);
  }

  #watch(): void {
    if (this.#watcher !== undefined) return;
    this.#watcher = attempt(() => {
      // The folder, not the file: a rotation replaces the file.
      const watcher = watch(dirname(this.#path), (_event, name) => {
        if (name === null || name === basename(this.#path)) this.#notify();
      });
      watcher.on('error', () => {
        watcher.close();
        this.#watcher = undefined;
      });
      return watcher;
    });
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
}

/** The end of a log, with what tells it from others. The rest of a line that was begun before is no line. */
function endOf(file: number, size: number): LogPlace {
  const marks = 128;
  const read = (from: number, length: number): string => {
    const bytes = Buffer.alloc(length);
    return bytes.toString('latin1', 0, readSync(file, bytes, 0, length, from));
  };
  const length = Math.min(marks, size);
  const tail = read(size - length, length);
  const within = size > 0 && !tail.endsWith('\n');
  return { offset: size, head: read(0, length), tail, ...(within ? { within } : {}) };
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
