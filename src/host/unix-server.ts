/**
 * A server on a Unix socket that reads one line from each client and answers in lines. Who may connect is
 * a matter of the folder it lies in and of its mode, 0660.
 *
 * Hostile clients get nowhere: a line has a longest length and a latest time, there are at most so many
 * clients, and who does not read its answers is let go. Work that a client has started goes on without it.
 */
import { chmod, chown, lstat, unlink } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { fail, ok, type Result } from '../base/result.ts';
import { makeFolder } from './files.ts';
import { attempt } from './machine-problem.ts';

export interface UnixServerOptions {
  readonly path: string;
  /** Whose the socket and its folder are; root's without it. */
  readonly uid?: number;
  readonly gid: number;
  readonly longestLine: number;
  /** For the whole line to arrive. */
  readonly lineTimeoutMs: number;
  readonly mostClients: number;
  /** Answers a client that is one too many, or whose line is no line. */
  readonly refuse: (why: string) => string;
  readonly serve: (line: string, answer: (text: string) => void) => Promise<void>;
}

export interface UnixServer {
  /** Lets nobody in any more, and waits for those that are served. */
  close(): Promise<void>;
}

const mostUnread = 1024 * 1024;

export async function openUnixServer(options: UnixServerOptions): Promise<Result<UnixServer>> {
  const { path, uid = 0, gid, mostClients, refuse } = options;
  const guarded = await guardedFolder(dirname(path), uid, gid);
  if (!guarded.ok) return guarded;
  const cleared = await removeSocket(path);
  if (!cleared.ok) return cleared;
  const served = new Set<Promise<void>>();
  const clients = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => {
      socket.destroy();
    });
    if (clients.size >= mostClients) {
      socket.end(refuse(`it serves at most ${mostClients} at a time`));
      setTimeout(() => socket.destroy(), 1000).unref();
      return;
    }
    clients.add(socket);
    const work = serveClient(socket, options).finally(() => {
      clients.delete(socket);
      served.delete(work);
      // What is written goes out; a peer that never ends its side does not keep ours.
      socket.end(() => socket.destroy());
      setTimeout(() => socket.destroy(), 1000).unref();
    });
    served.add(work);
  });
  const listening = await attempt('listen on', path, async () => {
    // Until it has its group, its owner alone may connect.
    const before = process.umask(0o177);
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(path, resolve);
      });
    } finally {
      process.umask(before);
    }
    await chown(path, uid, gid);
    await chmod(path, 0o660);
  });
  if (!listening.ok) return listening;
  return ok({
    close: async () => {
      server.close();
      await Promise.all(served);
      await unlink(path).catch(() => undefined);
    },
  });
}

async function serveClient(socket: Socket, options: UnixServerOptions): Promise<void> {
  const line = await readLine(socket, options.longestLine, options.lineTimeoutMs);
  const answer = (text: string): void => {
    if (!socket.writable) return;
    socket.write(text);
    if (socket.writableLength > mostUnread) socket.destroy();
  };
  if (line.ok) await options.serve(line.value, answer);
  else answer(options.refuse(line.problem.message));
}

async function readLine(socket: Socket, longest: number, timeoutMs: number): Promise<Result<string>> {
  return await new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const done = (outcome: Result<string>): void => {
      clearTimeout(timer);
      socket.off('data', add);
      // What it sends on is read and dropped, so that its end is noticed.
      socket.resume();
      resolve(outcome);
    };
    const refused = (why: string): void => {
      done(fail('usage', why));
    };
    const timer = setTimeout(() => {
      refused(`a command must arrive within ${timeoutMs / 1000} s`);
    }, timeoutMs);
    const add = (chunk: Buffer): void => {
      const end = chunk.indexOf(0x0a);
      chunks.push(end < 0 ? chunk : chunk.subarray(0, end));
      size += end < 0 ? chunk.length : end;
      if (size > longest) refused(`a command has at most ${longest} bytes`);
      else if (end >= 0) done(ok(Buffer.concat(chunks).toString('utf8')));
    };
    socket.on('data', add);
    const ended = (): void => {
      refused('a command ends with a line end: the connection ended before');
    };
    socket.once('end', ended);
    socket.once('close', ended);
  });
}

/** Nobody but its owner may put anything in the place of the socket. */
async function guardedFolder(folder: string, uid: number, gid: number): Promise<Result<void>> {
  const made = await makeFolder(folder, 0o750);
  if (!made.ok) return made;
  const looked = await attempt('look at', folder, async () => {
    const found = await lstat(folder);
    if (found.isDirectory() && found.uid === uid && (found.mode & 0o022) === 0) {
      await chown(folder, uid, gid);
      return true;
    }
    return false;
  });
  if (!looked.ok) return looked;
  if (looked.value) return ok();
  return fail(
    'permission',
    `cannot listen in ${folder}: it must be a folder of ${uid === 0 ? "root's" : 'our own'} that nobody else writes to: it is not`,
    { path: folder, hint: `chown ${uid} ${folder} && chmod 0750 ${folder}` },
  );
}

async function removeSocket(path: string): Promise<Result<void>> {
  const removed = await attempt('remove the old socket', path, async () => {
    const found = await lstat(path).catch(() => undefined);
    if (found === undefined) return true;
    if (!found.isSocket()) return false;
    await unlink(path);
    return true;
  });
  if (!removed.ok) return removed;
  if (removed.value) return ok();
  return fail('configuration', `cannot listen on ${path}: it must be free: there is something else`, {
    path,
  });
}
