/**
 * A TCP connection to a mail server that can be turned into TLS once.
 *
 * It is read only when asked, so a peer that floods fills its own kernel's buffers, not our memory.
 * Every wait is bounded by `timeoutMs`.
 */
import type { Socket } from 'node:net';
import { fail, ok, type Result } from '../base/result.ts';
import { connectSocket, type Endpoint } from './connect-socket.ts';
import { startTls, type TlsFailure, type TlsRequest, type TlsSession } from './tls-session.ts';

export type { Endpoint } from './connect-socket.ts';

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

export async function connect(endpoint: Endpoint, timeoutMs: number): Promise<Result<Connection>> {
  const socket = await connectSocket(endpoint, timeoutMs);
  return socket.ok ? ok(new SocketConnection(socket.value, timeoutMs)) : socket;
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
