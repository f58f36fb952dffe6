/**
 * NAME      replaceFile, removeFile, sweepTemporaryFiles - change one file, all or nothing
 *
 * At every instant the path holds either the old file or the new one, whole, with its owner, group
 * and mode: a temporary file in the same folder (O_EXCL, 0600) gets owner, then mode, then content,
 * is synced, renamed over the old one, and the folder is synced. A crash leaves at most a temporary
 * file, which `sweepTemporaryFiles` knows by its name.
 *
 * Promises   An existing file keeps what `look` does not set, ACLs and other extended attributes among
 *            it; a new one is root:root 0644.
 * Refuses    a symbolic link as target, and one among the folders that lead to it: whoever can place a
 *            link would choose what root writes to. (Editors follow links; we would rather ask.)
 *            Anything that is not a regular file.
 * Limits     Other hard links to the old file keep the old content. Time stamps are new.
 */
import { constants, type Stats } from 'node:fs';
import { type FileHandle, lstat, open, readdir, realpath, rename, unlink } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { fail, ok, type Result } from '../base/result.ts';
import { type Attributes, readAttributes, writeAttributes } from './extended-attributes.ts';
import { isFolder } from './files.ts';
import { attempt } from './machine-problem.ts';
import { isTemporaryName, temporaryName } from './temporary-name.ts';

export interface Look {
  readonly uid: number;
  readonly gid: number;
  /** Permission bits, as chmod(2) takes them. */
  readonly mode: number;
}

export async function replaceFile(
  path: string,
  content: Uint8Array,
  look: Partial<Look> = {},
): Promise<Result<void>> {
  return await inFolderOf('replace', path, async (folder, through) => {
    const before = await lookAt(`${through}/${basename(path)}`);
    if (before !== undefined && !before.isFile()) return notAFile('replace', path, before);
    const wanted: Look = {
      uid: look.uid ?? before?.uid ?? 0,
      gid: look.gid ?? before?.gid ?? 0,
      mode: look.mode ?? (before === undefined ? 0o644 : before.mode & 0o7777),
    };
    const attributes = before === undefined ? new Map() : readAttributes(`${through}/${basename(path)}`);
    const temporary = `${through}/${temporaryName()}`;
    try {
      const written = await writeWhole(temporary, content, wanted, attributes);
      if (!written.ok) {
        await unlink(temporary).catch(() => undefined);
        return written;
      }
      await rename(temporary, `${through}/${basename(path)}`);
    } catch (error) {
      await unlink(temporary).catch(() => undefined);
      throw error;
    }
    await folder.sync();
    return ok();
  });
}

/** Removes a file (or link); one that is not there is no problem. */
export async function removeFile(path: string): Promise<Result<void>> {
  return await inFolderOf('remove', path, async (folder, through) => {
    const before = await lookAt(`${through}/${basename(path)}`);
    if (before === undefined) return ok();
    if (before.isDirectory()) return notAFile('remove', path, before);
    await unlink(`${through}/${basename(path)}`);
    await folder.sync();
    return ok();
  });
}

/**
 * Removes what killed writes have left in this one folder; one that is not there holds nothing. Only for
 * whoever holds the lock of changes.
 */
export async function sweepTemporaryFiles(folder: string): Promise<Result<void>> {
  if (!(await isFolder(folder))) return ok();
  return await attempt('clear up', folder, async () => {
    for (const name of await readdir(folder)) {
      if (isTemporaryName(name)) await unlink(`${folder}/${name}`);
    }
  });
}

/** A new file, on the disk when it is done; at no instant open to more than it shall be. */
export async function writeWhole(
  path: string,
  content: Uint8Array,
  look: Look,
  attributes: Attributes,
): Promise<Result<void>> {
  const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;
  const file = await open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  try {
    // Owner before mode: chown(2) clears set-user-id bits, and a mode for a wrong owner is a hole.
    await file.chown(look.uid, look.gid);
    await file.chmod(look.mode);
    const dressed = writeAttributes(path, attributes);
    if (!dressed.ok) return dressed;
    await file.writeFile(content);
    await file.sync();
    return ok();
  } finally {
    await file.close();
  }
}

/** The folder is opened once and used through its descriptor: swapping it for a link comes too late. */
export async function inFolderOf(
  act: string,
  path: string,
  work: (folder: FileHandle, through: string) => Promise<Result<void>>,
): Promise<Result<void>> {
  const parent = dirname(path);
  const outcome = await attempt(act, path, async () => {
    if ((await realpath(parent)) !== parent) {
      return fail('configuration', `cannot ${act} ${path}: no folder of its path may be a link: one is`, {
        path,
        hint: `name it by its real place, below ${await realpath(parent)}`,
      });
    }
    const { O_DIRECTORY, O_NOFOLLOW, O_RDONLY } = constants;
    const folder = await open(parent, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    try {
      return await work(folder, `/proc/self/fd/${folder.fd}`);
    } finally {
      await folder.close();
    }
  });
  return outcome.ok ? outcome.value : outcome;
}

export async function lookAt(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function notAFile(act: string, path: string, found: Stats): Result<never> {
  const kind = found.isSymbolicLink()
    ? 'a symbolic link'
    : found.isDirectory()
      ? 'a folder'
      : 'a special file';
  return fail('configuration', `cannot ${act} ${path}: it must be a regular file: it is ${kind}`, {
    path,
    ...(found.isSymbolicLink() ? { hint: 'name the file that the link leads to' } : {}),
  });
}
