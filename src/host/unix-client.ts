/** Says one line on a Unix socket, and hears the answer line by line until the other side ends. */
import { connect } from 'node:net';
import { fail, ok, type Result } from '../base/result.ts';

/** Who listens there, for the words of a problem. */
export interface UnixService {
  readonly name: string;
  /** What to do where it does not. */
  readonly hint: string;
}

const keeper: UnixService = {
  name: 'the keeper',
  hint: 'start it: systemctl start portreeve-keeper; or run the command as root, or with sudo',
};

export async function converseInLines(
  path: string,
  line: string,
  timeoutMs: number,
  heard: (line: string) => void,
  service: UnixService = keeper,
): Promise<Result<void>> {
  return await new Promise((resolve) => {
    const socket = connect(path);
    const decoder = new TextDecoder();
    let partial = '';
    const timer = setTimeout(() => {
      socket.destroy();
      resolve(
        fail('timeout', `cannot wait for ${path}: it must answer within ${timeoutMs / 1000} s: it is silent`),
      );
    }, timeoutMs);
    socket.on('connect', () => socket.write(line));
    socket.on('data', (chunk: Buffer) => {
      const lines = (partial + decoder.decode(chunk, { stream: true })).split('\n');
      partial = lines.pop() ?? '';
      for (const each of lines) heard(each);
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      resolve(notReached(path, error, service));
    });
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(ok());
    });
  });
}

function notReached(
  path: string,
  { code, message }: NodeJS.ErrnoException,
  { name, hint }: UnixService,
): Result<void> {
  if (code === 'EACCES') {
    return fail('permission', `cannot reach ${name}: you must be in its group: you may not use ${path}`, {
      path,
      hint: 'add yourself: adduser YOU portreeve; or run it as root, or with sudo',
    });
  }
  if (code === 'ENOENT' || code === 'ECONNREFUSED') {
    return fail('unavailable', `cannot reach ${name}: it must run: nobody listens on ${path}`, {
      path,
      hint,
    });
  }
  return fail('unavailable', `cannot reach ${name}: ${message}`, { path });
}
