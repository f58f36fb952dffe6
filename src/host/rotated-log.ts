/**
 * Where a log went on that is no longer at its path: the file that has the remembered bytes before the
 * remembered place, be it renamed, copied (copytruncate) or compressed, and those that came after it.
 * Known are the names that logrotate and savelog give: `mainlog.1`, `mainlog.2.gz`, `mainlog-20261124`.
 */
import { closeSync, createReadStream, fstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { createGunzip } from 'node:zlib';
import type { LogPlace } from './log-cursor.ts';

export interface LogPart {
  readonly path: string;
  readonly from: LogPlace;
}

const rotated = /^(?:\.\d{1,4}|-\d{8}(?:[-.]?\d{1,6})?)(?:\.gz)?$/;

/**
 * The parts that are still to be read before the log at `path`, the oldest first; undefined where the place
 * is not found. `inode` finds a renamed log of which nothing has been read.
 */
export async function rotatedParts(
  path: string,
  place: LogPlace,
  inode: string,
): Promise<LogPart[] | undefined> {
  const found = siblings(path);
  for (const [index, sibling] of found.entries()) {
    const isIt =
      place.offset === 0 ? sibling.inode === inode : await holdsPlace(sibling.path, place).catch(() => false);
    if (!isIt) continue;
    const later = found.slice(0, index).toReversed();
    const fresh = { offset: 0, head: '', tail: '' };
    return [{ path: sibling.path, from: place }, ...later.map((one) => ({ path: one.path, from: fresh }))];
  }
  return undefined;
}

/** Rotated logs beside it, the newest first; of a log and its archive the log. */
function siblings(path: string): { path: string; inode: string; at: number }[] {
  const folder = dirname(path);
  const name = basename(path);
  try {
    const names = new Set(
      readdirSync(folder).filter((one) => one.startsWith(name) && rotated.test(one.slice(name.length))),
    );
    return [...names]
      .filter((one) => !one.endsWith('.gz') || !names.has(one.slice(0, -3)))
      .flatMap((one) => {
        const about = statSync(join(folder, one), { bigint: true, throwIfNoEntry: false });
        return about === undefined || !about.isFile()
          ? []
          : [{ path: join(folder, one), inode: String(about.ino), at: Number(about.mtimeMs) }];
      })
      .toSorted((one, other) => other.at - one.at || (one.path < other.path ? -1 : 1));
  } catch {
    return [];
  }
}

/** Whether a log has these bytes at its beginning, before this place, and behind it. */
export function holdsPlaceAt(file: number, { offset, head, tail }: LogPlace, pending = ''): boolean {
  const around = tail + pending;
  return (
    bytesAt(file, 0, head.length) === head && bytesAt(file, offset - tail.length, around.length) === around
  );
}

async function holdsPlace(path: string, place: LogPlace): Promise<boolean> {
  if (path.endsWith('.gz')) return await archiveHolds(path, place);
  const file = openSync(path, 'r');
  try {
    return fstatSync(file).size >= place.offset && holdsPlaceAt(file, place);
  } finally {
    closeSync(file);
  }
}

async function archiveHolds(path: string, { offset, head, tail }: LogPlace): Promise<boolean> {
  let at = 0;
  let first = '';
  let last = '';
  for await (const chunk of unzipped(path)) {
    if (first.length < head.length) first += chunk.toString('latin1', 0, head.length - first.length);
    const upTo = Math.min(chunk.length, offset - at);
    last = (last + chunk.toString('latin1', Math.max(0, upTo - tail.length), upTo)).slice(-tail.length);
    at += chunk.length;
    if (at >= offset) return first === head && last === tail;
  }
  return false;
}

/** The bytes of a rotated log from a place on, in pieces. */
export async function* bytesFrom(path: string, offset: number): AsyncGenerator<Buffer> {
  if (!path.endsWith('.gz')) {
    for await (const chunk of createReadStream(path, { start: offset, highWaterMark: 262_144 }))
      yield chunk as Buffer;
    return;
  }
  let at = 0;
  for await (const chunk of unzipped(path)) {
    const skip = Math.min(chunk.length, Math.max(0, offset - at));
    at += chunk.length;
    if (skip < chunk.length) yield chunk.subarray(skip);
  }
}

async function* unzipped(path: string): AsyncGenerator<Buffer> {
  const unzip = createGunzip();
  const source = createReadStream(path);
  source.on('error', (error) => unzip.destroy(error));
  for await (const chunk of source.pipe(unzip)) yield chunk as Buffer;
}

function bytesAt(file: number, position: number, length: number): string {
  if (length === 0) return '';
  const bytes = Buffer.alloc(length);
  return bytes.toString('latin1', 0, readSync(file, bytes, 0, length, Math.max(0, position)));
}
