/**
 * NAME      readPathState, putPathState - one path as a value, whatever it is: file, folder, link, fifo…
 *
 * A file is replaced in one step, with its owner, mode and attributes (replace-file.ts); so is a link. What
 * changes its kind between folder and anything else is away for an instant: the kernel has no step for it.
 * Only an empty folder is removed. Sockets belong to a program that is running: they cannot be put.
 */
import { constants, type Stats } from 'node:fs';
import {
  chmod,
  lchown,
  link,
  lstat,
  mkdir,
  open,
  readlink,
  realpath,
  rename,
  rmdir,
  symlink,
  unlink,
} from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { fail, ok, type Result } from '../base/result.ts';
import { cLibrary } from './c-library.ts';
import { type Attributes, readAttributes, writeAttributes } from './extended-attributes.ts';
import { isFolder } from './files.ts';
import { attempt } from './machine-problem.ts';
import { inFolderOf, type Look, lookAt, writeWhole } from './replace-file.ts';
import { deviceOf, type Kind } from './scan-folder.ts';
import { temporaryName } from './temporary-name.ts';

export interface PathState extends Look {
  readonly kind: Kind;
  /** A file's bytes; a link's target; empty for all else. */
  readonly content: Buffer;
  readonly attributes: Attributes;
  readonly device?: string;
  /** The file, there already, that it is a further name of; relative to the folder that it lies in. */
  readonly sameAs?: string;
  /** Tells what has several names, of whatever kind; absent where it has one. */
  readonly inode?: string;
}

/** Undefined where there is none. No link is followed: what lies behind one of its folders is not there. */
export async function readPathState(path: string): Promise<Result<PathState | undefined>> {
  if (!(await liesPlainly(path))) return ok(undefined);
  const read = await attempt('read', path, async (): Promise<PathState> => {
    const seen = await lstat(path);
    const look = { uid: seen.uid, gid: seen.gid, mode: seen.mode & 0o7777, content: Buffer.alloc(0) };
    if (seen.isFile()) return await readRegular(path);
    if (seen.isDirectory()) return { ...look, attributes: readAttributes(path), kind: 'folder' };
    const rest = { ...look, attributes: readAttributes(path), ...inodeOf(seen) };
    if (seen.isSymbolicLink()) {
      return { ...rest, kind: 'link', content: await readlink(path, { encoding: 'buffer' }) };
    }
    if (seen.isFIFO()) return { ...rest, kind: 'fifo' };
    if (seen.isSocket()) return { ...rest, kind: 'socket' };
    return { ...rest, kind: 'device', device: deviceOf(seen) };
  });
  return read.ok || read.problem.kind !== 'missing' ? read : ok(undefined);
}

/** A folder's names are its entries, so it is not asked of one. */
function inodeOf({ nlink, dev, ino }: Stats): { readonly inode?: string } {
  return nlink > 1 ? { inode: `${dev}:${ino}` } : {};
}

async function liesPlainly(path: string): Promise<boolean> {
  const folder = dirname(path);
  const real = await realpath(folder).catch(() => undefined);
  return real === folder && (await isFolder(folder));
}

async function readRegular(path: string): Promise<PathState> {
  const { O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;
  const file = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    const seen = await file.stat();
    const { uid, gid, mode } = seen;
    const attributes = readAttributes(file.fd);
    const content = await file.readFile();
    return { kind: 'file', uid, gid, mode: mode & 0o7777, attributes, content, ...inodeOf(seen) };
  } finally {
    await file.close();
  }
}

/** Without a state the path is removed. */
export async function putPathState(path: string, state: PathState | undefined): Promise<Result<void>> {
  if (state === undefined && !(await liesPlainly(path))) return ok();
  const act = state === undefined ? 'remove' : 'put';
  return await inFolderOf(act, path, async (folder, through) => {
    const place = `${through}/${basename(path)}`;
    const before = await lookAt(place);
    const wasFolder = before?.isDirectory() === true;
    const keeps = state !== undefined && wasFolder === (state.kind === 'folder');
    if (wasFolder && !keeps) await rmdir(place);
    // What is no folder is replaced in one step below, unless a folder has to take its place.
    else if (before !== undefined && !keeps) await unlink(place);
    if (state !== undefined) {
      const put =
        state.kind === 'folder'
          ? await putFolder(place, state)
          : await putBeside(place, `${through}/${temporaryName()}`, inFolder(dirname(path), state));
      if (!put.ok) return put;
    }
    await folder.sync();
    return ok();
  });
}

function inFolder(folder: string, state: PathState): PathState {
  return state.sameAs === undefined ? state : { ...state, sameAs: resolve(folder, state.sameAs) };
}

async function putFolder(place: string, state: PathState): Promise<Result<void>> {
  if ((await lookAt(place)) === undefined) await mkdir(place, { mode: 0o700 });
  return await dress(place, state);
}

/** Made whole under a temporary name, then renamed over what is there. */
async function putBeside(place: string, temporary: string, state: PathState): Promise<Result<void>> {
  try {
    const made = await make(temporary, state);
    if (!made.ok) {
      await unlink(temporary).catch(() => undefined);
      return made;
    }
    await rename(temporary, place);
    // Two names of one file: rename(2) does nothing then, and the temporary name stays.
    if (state.sameAs !== undefined) await unlink(temporary).catch(() => undefined);
    return ok();
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
}

async function make(path: string, state: PathState): Promise<Result<void>> {
  if (state.sameAs !== undefined) {
    await link(state.sameAs, path);
    return ok();
  }
  if (state.kind === 'file') return await writeWhole(path, state.content, state, state.attributes);
  if (state.kind === 'link') {
    await symlink(state.content, path);
    await lchown(path, state.uid, state.gid);
    return writeAttributes(path, state.attributes);
  }
  const made = makeSpecial(path, state);
  return made.ok ? await dress(path, state) : made;
}

/** Owner before mode: chown(2) clears set-user-id bits. Attributes last: an ACL belongs to a mode. */
async function dress(path: string, { uid, gid, mode, attributes }: PathState): Promise<Result<void>> {
  await lchown(path, uid, gid);
  await chmod(path, mode);
  return writeAttributes(path, attributes);
}

const formats = { fifo: 0o010000, c: 0o020000, b: 0o060000 } as const;

function makeSpecial(path: string, state: PathState): Result<void> {
  const act = `cannot make ${path} anew`;
  const [, type, major = '0', minor = '0'] = /^([cb]) (\d{1,10}):(\d{1,10})$/.exec(state.device ?? '') ?? [];
  if (state.kind === 'socket' || (state.kind === 'device' && type === undefined)) {
    return fail('no', `${act}: it must be a file, folder, link, fifo or device: it is a ${state.kind}`, {
      path,
      hint: 'the program that it belongs to makes it when it starts',
    });
  }
  const library = cLibrary();
  if (library === undefined) return fail('missing', `${act}: it needs the C library: glibc`, { path });
  const format = state.kind === 'fifo' ? formats.fifo : formats[type === 'b' ? 'b' : 'c'];
  if (library.mknod(path, format | 0o600, makeDevice(BigInt(major), BigInt(minor))) === 0) return ok();
  return fail('unavailable', `${act}: the kernel must allow it: error ${library.error()}`, { path });
}

/** makedev(3) of glibc. */
function makeDevice(major: bigint, minor: bigint): bigint {
  return (
    ((major & 0xfffff000n) << 32n) |
    ((major & 0xfffn) << 8n) |
    ((minor & 0xffffff00n) << 12n) |
    (minor & 0xffn)
  );
}
