/**
 * Everything below a folder, as data: kind, owner, mode, attributes, content or link target. Follows no
 * link, opens no special file, and reads each file through one descriptor, so that what is judged is
 * what is kept.
 *
 * Whoever has read a path before need not read it again: `isKnown` is asked with its stamp. The calls
 * are synchronous: for thousands of small files a promise each costs ten times the reading.
 */
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  type Stats,
} from 'node:fs';
import { type Result } from '../base/result.ts';
import { type Attributes, readAttributes } from './extended-attributes.ts';
import { attempt } from './machine-problem.ts';

export type Kind = 'file' | 'folder' | 'link' | 'fifo' | 'socket' | 'device';

export interface Found {
  /** Relative to the folder; `.` is the folder itself. */
  readonly path: string;
  readonly kind: Kind;
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
  /** Tells one file under several names. */
  readonly inode: string;
  /** How many names it has, in this folder or elsewhere. */
  readonly names: number;
  /** Changes whenever content, owner, mode, attributes or names do: the kernel sees to its time. */
  readonly stamp: string;
  /** When it last changed in any way: milliseconds since 1970. */
  readonly changedAt: number;
  /** `c 1:3`, `b 8:0`: which device. */
  readonly device?: string;
  /** Absent where it is known: nothing was read. */
  readonly read?: {
    /** A file's bytes; a link's target; empty for all else. */
    readonly content: Buffer;
    readonly attributes: Attributes;
  };
}

export interface Scan {
  /** Milliseconds since 1970, before anything was looked at. */
  readonly startedAt: number;
  readonly found: readonly Found[];
  /** What is there and was not read, and why. */
  readonly leftOut: readonly { readonly path: string; readonly why: string }[];
}

export interface ScanOptions {
  /** Paths that are skipped, folders with all below them; a reason, or undefined to keep it. */
  readonly skip: (path: string) => string | undefined;
  readonly largestFile: number;
  readonly isKnown?: (path: string, stamp: string) => boolean;
}

export async function scanFolder(folder: string, options: ScanOptions): Promise<Result<Scan>> {
  return await attempt('read the folder', folder, async () => {
    const startedAt = Date.now();
    const found: Found[] = [];
    const leftOut: { path: string; why: string }[] = [];
    const visit = (path: string): void => {
      const entry = look(folder, path, options);
      if (entry === undefined) return;
      if (typeof entry === 'string') {
        leftOut.push({ path, why: entry });
        return;
      }
      found.push(entry);
      if (entry.kind !== 'folder') return;
      for (const raw of readdirSync(`${folder}/${path}`, { encoding: 'buffer' })) {
        const name = raw.toString('utf8');
        const below = path === '.' ? name : `${path}/${name}`;
        const why = Buffer.from(name).equals(raw) ? options.skip(below) : 'its name is not UTF-8';
        if (why === undefined) visit(below);
        else if (why !== '') leftOut.push({ path: below, why });
      }
    };
    visit('.');
    found.sort((a, b) => (a.path < b.path ? -1 : 1));
    return await Promise.resolve({ startedAt, found, leftOut });
  });
}

/** Undefined where it disappeared meanwhile; a reason where it cannot be taken in. */
function look(folder: string, path: string, options: ScanOptions): Found | string | undefined {
  const full = `${folder}/${path}`;
  try {
    const seen = lstatSync(full);
    const facts = factsOf(path, seen);
    if (options.isKnown?.(path, facts.stamp) === true) return facts;
    if (facts.kind === 'link') {
      const content = readlinkSync(full, { encoding: 'buffer' });
      return { ...facts, read: { content, attributes: readAttributes(full) } };
    }
    if (facts.kind !== 'file') {
      return { ...facts, read: { content: Buffer.alloc(0), attributes: readAttributes(full) } };
    }
    return readFile(full, path, options.largestFile);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    if (code === 'ELOOP') return 'it became a link while being read';
    throw error;
  }
}

function readFile(full: string, path: string, largest: number): Found | string {
  const { O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;
  const file = openSync(full, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    const now = fstatSync(file);
    if (!now.isFile()) return 'it changed its kind while being read';
    if (now.size > largest) return `it is larger than ${largest} bytes`;
    const content = readFileSync(file);
    const attributes = readAttributes(file);
    return { ...factsOf(path, now), read: { content, attributes } };
  } finally {
    closeSync(file);
  }
}

function factsOf(path: string, stats: Stats): Found {
  const kind = kindOf(stats);
  return {
    path,
    kind,
    uid: stats.uid,
    gid: stats.gid,
    mode: stats.mode & 0o7777,
    inode: `${stats.dev}:${stats.ino}`,
    names: stats.nlink,
    stamp: `${stats.dev}:${stats.ino} ${stats.size} ${stats.mtimeMs} ${stats.ctimeMs}`,
    changedAt: stats.ctimeMs,
    ...(kind === 'device' ? { device: deviceOf(stats) } : {}),
  };
}

function kindOf(stats: Stats): Kind {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'folder';
  if (stats.isSymbolicLink()) return 'link';
  if (stats.isFIFO()) return 'fifo';
  return stats.isSocket() ? 'socket' : 'device';
}

/** makedev(3) of glibc, undone. */
export function deviceOf(stats: Pick<Stats, 'rdev' | 'isCharacterDevice'>): string {
  const rdev = BigInt(stats.rdev);
  const major = ((rdev >> 8n) & 0xfffn) | ((rdev >> 32n) & 0xfffff000n);
  const minor = (rdev & 0xffn) | ((rdev >> 12n) & 0xffffff00n);
  return `${stats.isCharacterDevice() ? 'c' : 'b'} ${major}:${minor}`;
}
