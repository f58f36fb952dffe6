/**
 * Everything below a folder, as data: kind, owner, mode, content or link target. Follows no link, opens
 * no special file, and reads each file through one descriptor, so that what is judged is what is kept.
 *
 * The calls are synchronous: for thousands of small files a promise each costs ten times the reading.
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
} from 'node:fs';
import { type Result } from '../base/result.ts';
import { attempt } from './machine-problem.ts';

export interface Found {
  /** Relative to the folder; `.` is the folder itself. */
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'link' | 'fifo' | 'socket' | 'device';
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
  /** A file's bytes; a link's target; empty for all else. */
  readonly content: Buffer;
}

export interface Scan {
  readonly found: readonly Found[];
  /** What is there and was not read, and why. */
  readonly leftOut: readonly { readonly path: string; readonly why: string }[];
}

export interface ScanOptions {
  /** Paths that are skipped, folders with all below them; a reason, or undefined to keep it. */
  readonly skip: (path: string) => string | undefined;
  readonly largestFile: number;
}

export async function scanFolder(folder: string, options: ScanOptions): Promise<Result<Scan>> {
  return await attempt('read the folder', folder, async () => {
    const found: Found[] = [];
    const leftOut: { path: string; why: string }[] = [];
    const visit = (path: string): void => {
      const entry = look(folder, path, options.largestFile);
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
    return await Promise.resolve({ found: found.toSorted((a, b) => (a.path < b.path ? -1 : 1)), leftOut });
  });
}

/** Undefined where it disappeared meanwhile; a reason where it cannot be taken in. */
function look(folder: string, path: string, largest: number): Found | string | undefined {
  const full = `${folder}/${path}`;
  try {
    const seen = lstatSync(full);
    const rest = { path, uid: seen.uid, gid: seen.gid, mode: seen.mode & 0o7777 };
    if (seen.isSymbolicLink()) {
      return { ...rest, kind: 'link', content: readlinkSync(full, { encoding: 'buffer' }) };
    }
    if (!seen.isFile()) {
      const kind = seen.isDirectory()
        ? 'folder'
        : seen.isFIFO()
          ? 'fifo'
          : seen.isSocket()
            ? 'socket'
            : 'device';
      return { ...rest, kind, content: Buffer.alloc(0) };
    }
    const { O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;
    const file = openSync(full, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    try {
      const now = fstatSync(file);
      if (!now.isFile()) return 'it changed its kind while being read';
      if (now.size > largest) return `it is larger than ${largest} bytes`;
      const { uid, gid, mode } = now;
      return { path, kind: 'file', uid, gid, mode: mode & 0o7777, content: readFileSync(file) };
    } finally {
      closeSync(file);
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    if (code === 'ELOOP') return 'it became a link while being read';
    throw error;
  }
}
