/**
 * A TCP connection to a mail server that can be turned into TLS once.
 *
 * It is read only when asked, so a peer that floods fills its own kernel's buffers, not our memory.
 * Every wait is bounded by `timeoutMs`.
 */
import { connect as connectTcp, type Socket } from 'node:net';
import { fail, ok, type Result } from '../base/result.ts';
import { startTls, type TlsFailure, type TlsRequest, type TlsSession } from './tls-session.ts';

export interface Connection {
  /** The address and port that answered. */
  readonly peer: string;
  /** What has arrived, at least one character; or undefined where the peer has ended the connection. */
  receive(): Promise<Result<string | undefined>>;
  send(text: string): void;
  /** The handshake; afterwards everything that is sent and received is encrypted. */
  secure(request: TlsRequest): Promise<Handshake>;
  close(): void;
}

export type Handshake =
  | { readonly done: true; readonly session: TlsSession }
  | ({ readonly done: false } & TlsFailure);

export interface Endpoint {
  readonly host: string;
  readonly port: number;
  /** The address to call from; the machine's choice without it. */
  readonly localAddress?: string;
}

export async function connect(endpoint: Endpoint, timeoutMs: number): Promise<Result<Connection>> {
  const where = `${endpoint.host} port ${endpoint.port}`;
  return await new Promise((resolve) => {
    const socket = connectTcp(endpoint);
    const timer = setTimeout(() => {
      socket.destroy();
      resolve(
        fail(
          'timeout',
          `cannot connect to ${where}: needs an answer within ${timeoutMs / 1000} s: none came`,
        ),
      );
    }, timeoutMs);
    socket.once('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      resolve(notConnected(where, error));
    });
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.removeAllListeners('error');
      resolve(ok(new SocketConnection(socket, timeoutMs)));
    });
  });
}

class SocketConnection implements Connection {
  readonly peer: string;
  readonly #timeoutMs: number;
  #socket: Socket;
  #decoder = new TextDecoder();
  #error: Error | undefined;

  constructor(socket: Socket, timeoutMs: number) {
    this.#socket = socket;
    this.#timeoutMs = timeoutMs;
    this.peer = `${socket.remoteAddress ?? '?'}:${socket.remotePort ?? 0}`;
    this.#watch();
  }

  async receive(): Promise<Result<string | undefined>> {
    for (;;) {
      const chunk = this.#socket.read() as Buffer | null;
      const text = chunk === null ? '' : this.#decoder.decode(chunk, { stream: true });
      if (text !== '') return ok(text);
      if (this.#error !== undefined || this.#socket.readableEnded || this.#socket.destroyed)
        return ok(undefined);
      if (!(await this.#readable())) {
        const seconds = this.#timeoutMs / 1000;
        return fail(
          'timeout',
          `cannot wait for ${this.peer}: it must answer within ${seconds} s: it is silent`,
        );
      }
    }
  }

  send(text: string): void {
    if (this.#socket.writable) this.#socket.write(text);
  }

  async secure(request: TlsRequest): Promise<Handshake> {
    const secured = await startTls(this.#socket, request, this.#timeoutMs);
    if (!secured.done) return secured;
    this.#socket = secured.socket;
    this.#decoder = new TextDecoder();
    this.#watch();
    return { done: true, session: secured.session };
  }

  close(): void {
    this.#socket.destroy();
  }

  #watch(): void {
    // What the peer breaks off, the next receive() reports as the end.
    this.#socket.on('error', (error) => {
      this.#error = error;
    });
  }

  /** False when nothing happened in time. */
  async #readable(): Promise<boolean> {
    return await new Promise((resolve) => {
      const socket = this.#socket;
      const done = (happened: boolean) => (): void => {
        clearTimeout(timer);
        for (const event of ['readable', 'end', 'close']) socket.off(event, happen);
        resolve(happened);
      };
      const happen = done(true);
      const timer = setTimeout(done(false), this.#timeoutMs);
      for (const event of ['readable', 'end', 'close']) socket.on(event, happen);
    });
  }
}

const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  EHOSTUNREACH: 'there is no way to that host',
  ENETUNREACH: 'there is no way to that network',
  ENOTFOUND: 'the name has no address',
  EAI_AGAIN: 'the name server does not answer',
  ECONNRESET: 'the connection was reset',
  ETIMEDOUT: 'no answer came',
};

function notConnected(where: string, error: NodeJS.ErrnoException): Result<never> {
  // Several addresses that all failed come as one AggregateError.
  const [first = error] = error instanceof AggregateError ? (error.errors as NodeJS.ErrnoException[]) : [];
  return fail('unavailable', `cannot connect to ${where}: ${words[first.code ?? ''] ?? first.message}`, {
    hint: 'is it the right host and port, and does a firewall let this machine reach it?',
  });
}
