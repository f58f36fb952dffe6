/**
 * A TCP client that reads lines: what an SMTP client of the lab stands on.
 *
 * Every wait is bounded. A peer that says more than 64 KiB without being asked is cut off. `upgrade`
 * continues under TLS and verifies nothing: the lab's senders encrypt opportunistically (RFC 3207),
 * as most mail servers do.
 */
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { fail, ok, type Result } from '../base/result.ts';

export interface ClientSocket {
  /** The next line without its end. */
  line(timeoutMs: number): Promise<Result<string>>;
  write(data: string | Uint8Array): void;
  upgrade(timeoutMs: number): Promise<Result<void>>;
  close(): void;
  /** Ends when the connection has. */
  readonly closed: Promise<void>;
}

export interface Endpoint {
  readonly host: string;
  readonly port: number;
  readonly localAddress?: string;
}

const unreadLimit = 65_536;

export async function openClientSocket(to: Endpoint, timeoutMs: number): Promise<Result<ClientSocket>> {
  const socket = connectTcp({ ...to, noDelay: true });
  const connected = await settled(socket, 'connect', timeoutMs, `connect to ${to.host} port ${to.port}`);
  return connected.ok ? ok(new LineSocket(socket)) : connected;
}

class LineSocket implements ClientSocket {
  readonly closed: Promise<void>;
  #socket: Socket;
  #unread = '';
  #wake: () => void = () => undefined;
  #ended = false;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.closed = new Promise((resolve) => {
      socket.once('close', () => {
        this.#ended = true;
        this.#wake();
        resolve();
      });
    });
    this.#listen();
  }

  async line(timeoutMs: number): Promise<Result<string>> {
    const until = performance.now() + timeoutMs;
    for (;;) {
      const end = this.#unread.indexOf('\n');
      if (end >= 0) {
        const line = this.#unread.slice(0, end).replace(/\r$/, '');
        this.#unread = this.#unread.slice(end + 1);
        return ok(line);
      }
      if (this.#ended) return fail('unavailable', 'cannot read on: the peer closed the connection');
      const left = until - performance.now();
      if (left <= 0)
        return fail('timeout', `cannot read on: the peer said nothing for ${timeoutMs / 1000} s`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  write(data: string | Uint8Array): void {
    if (!this.#ended) this.#socket.write(data);
  }

  async upgrade(timeoutMs: number): Promise<Result<void>> {
    this.#socket.removeAllListeners('data');
    this.#unread = '';
    const secured = connectTls({ socket: this.#socket, rejectUnauthorized: false, ALPNProtocols: ['smtp'] });
    const done = await settled(secured, 'secureConnect', timeoutMs, 'finish the TLS handshake');
    if (!done.ok) return done;
    this.#socket = secured;
    this.#listen();
    return ok();
  }

  close(): void {
    this.#socket.destroy();
  }

  #listen(): void {
    this.#socket.on('error', () => undefined);
    this.#socket.on('data', (chunk: Buffer) => {
      this.#unread += chunk.toString('latin1');
      if (this.#unread.length > unreadLimit) this.#socket.destroy();
      this.#wake();
    });
  }
}

async function settled(socket: Socket, event: string, timeoutMs: number, act: string): Promise<Result<void>> {
  return await new Promise((resolve) => {
    const finish = (outcome: Result<void>): void => {
      clearTimeout(timer);
      if (!outcome.ok) socket.destroy();
      resolve(outcome);
    };
    const timer = setTimeout(() => {
      finish(fail('timeout', `cannot ${act}: no answer in ${timeoutMs / 1000} s`));
    }, timeoutMs);
    socket.once(event, () => {
      finish(ok());
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      finish(fail('unavailable', `cannot ${act}: ${error.code ?? error.message}`));
    });
    socket.once('close', () => {
      finish(fail('unavailable', `cannot ${act}: the peer closed the connection`));
    });
  });
}
