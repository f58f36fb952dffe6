/**
 * A TCP connection that speaks in lines, in clear or under TLS. Time and line length are bounded; the
 * peer's certificate is taken as it is, because what is asked here is whether TLS works, not whose it is.
 */
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { fail, ok, type Result } from '../base/result.ts';

export interface LineConnection {
  /** The next line without its line end; a problem where none comes in time. */
  readLine(): Promise<Result<string>>;
  send(line: string): void;
  /** Version and cipher of the handshake. */
  startTls(): Promise<Result<string>>;
  close(): void;
}

const longestLine = 65_536;

export async function openConnection(
  address: string,
  port: number,
  timeoutMs: number,
): Promise<Result<LineConnection>> {
  const where = `${address}:${port}`;
  const socket = connectTcp({ host: address, port });
  const opened = await settled<void>(where, timeoutMs, socket, (done) => {
    socket.once('connect', () => {
      done(ok());
    });
  });
  if (!opened.ok) {
    socket.destroy();
    return opened;
  }
  return ok(new Lines(socket, where, timeoutMs));
}

class Lines implements LineConnection {
  #socket: Socket | TLSSocket;
  readonly #where: string;
  readonly #timeoutMs: number;
  #buffer = '';
  #ended = false;
  #wake: () => void = () => undefined;

  constructor(socket: Socket, where: string, timeoutMs: number) {
    this.#socket = socket;
    this.#where = where;
    this.#timeoutMs = timeoutMs;
    this.#listen();
  }

  async readLine(): Promise<Result<string>> {
    return await settled<string>(this.#where, this.#timeoutMs, this.#socket, (done) => {
      const look = (): void => {
        const end = this.#buffer.indexOf('\n');
        if (end >= 0) {
          const line = this.#buffer.slice(0, end).replace(/\r$/, '');
          this.#buffer = this.#buffer.slice(end + 1);
          done(ok(line));
        } else if (this.#ended) {
          done(
            fail('unavailable', `cannot talk to ${this.#where}: it must answer: it closed the connection`),
          );
        }
      };
      this.#wake = look;
      look();
    });
  }

  send(line: string): void {
    this.#socket.write(`${line}\r\n`);
  }

  async startTls(): Promise<Result<string>> {
    // What came in clear before the handshake must not be read as if it were protected.
    this.#buffer = '';
    const plain = this.#socket;
    plain.removeAllListeners('data');
    plain.removeAllListeners('end');
    const secure = connectTls({ socket: plain, rejectUnauthorized: false });
    this.#socket = secure;
    const shaken = await settled<string>(this.#where, this.#timeoutMs, secure, (done) => {
      secure.once('secureConnect', () => {
        done(ok(`${secure.getProtocol() ?? 'TLS'} ${secure.getCipher().name}`));
      });
    });
    if (shaken.ok) this.#listen();
    return shaken;
  }

  close(): void {
    this.#socket.on('error', () => undefined);
    this.#socket.destroy();
  }

  #listen(): void {
    this.#socket.on('error', () => undefined);
    this.#socket.on('data', (chunk: Buffer) => {
      this.#buffer = (this.#buffer + chunk.toString('latin1')).slice(0, longestLine);
      this.#wake();
    });
    this.#socket.on('end', () => {
      this.#ended = true;
      this.#wake();
    });
  }
}

/** What `work` comes to, or the socket's error, or the end of time. */
async function settled<T>(
  where: string,
  timeoutMs: number,
  socket: Socket,
  work: (done: (outcome: Result<T>) => void) => void,
): Promise<Result<T>> {
  return await new Promise((resolve) => {
    const failed = (error: NodeJS.ErrnoException): void => {
      done(fail('unavailable', `cannot talk to ${where}: ${error.code ?? ''} ${error.message}`));
    };
    const closed = (): void => {
      done(fail('unavailable', `cannot talk to ${where}: it must answer: it closed the connection`));
    };
    const timer = setTimeout(() => {
      done(
        fail('timeout', `cannot talk to ${where}: it must answer within ${timeoutMs / 1000} s: it did not`),
      );
    }, timeoutMs);
    const done = (outcome: Result<T>): void => {
      clearTimeout(timer);
      socket.off('error', failed);
      socket.off('close', closed);
      resolve(outcome);
    };
    socket.on('error', failed);
    socket.on('close', closed);
    work(done);
  });
}
