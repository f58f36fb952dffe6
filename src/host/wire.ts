/**
 * A TCP connection in bytes, for whoever speaks TLS by hand: it can send anything, and it can have
 * OpenSSL make a whole handshake while every byte of the server is kept.
 *
 * It is read only when asked; every wait is bounded. Nothing throws: a peer that hangs up, resets or is
 * silent is an answer.
 */
import type { Socket } from 'node:net';
import { ok, type Result } from '../base/result.ts';
import { connectSocket, type Endpoint } from './connect-socket.ts';
import { type FullHandshake, handshakeOver, type HandshakeRequest } from './full-handshake.ts';

export type Received =
  | { readonly type: 'bytes'; readonly bytes: Uint8Array }
  | { readonly type: 'closed' | 'reset' | 'silent' };

export interface Wire {
  /** The address and port that answered, and the address alone. */
  readonly peer: string;
  readonly address: string;
  receive(timeoutMs: number): Promise<Received>;
  send(bytes: Uint8Array | string): void;
  /** A whole handshake by OpenSSL; afterwards what is sent and received is encrypted. */
  secure(request: HandshakeRequest, timeoutMs: number): Promise<FullHandshake>;
  /** Asks a server of TLS 1.2 or earlier for a new handshake; false where it refuses, hangs up or is silent. */
  renegotiate(timeoutMs: number): Promise<boolean>;
  /** Ends TLS, not the connection: what is sent and received is in clear again. */
  clear(): Promise<void>;
  /** Nothing more is sent; what comes can still be read. */
  end(): void;
  close(): void;
}

export async function openWire(endpoint: Endpoint, timeoutMs: number): Promise<Result<Wire>> {
  const socket = await connectSocket(endpoint, timeoutMs);
  if (!socket.ok) return socket;
  // Many small commands, each waited for: the delay of Nagle's algorithm would be all that is measured.
  socket.value.setNoDelay(true);
  return ok(new SocketWire(socket.value));
}

class SocketWire implements Wire {
  readonly peer: string;
  readonly address: string;
  readonly #raw: Socket;
  #socket: Socket;
  #error: NodeJS.ErrnoException | undefined;
  #handshake: FullHandshake | undefined;
  /** After `clear`: what may still be of TLS. */
  #late: Uint8Array | undefined;

  constructor(socket: Socket) {
    this.#raw = socket;
    this.#socket = socket;
    this.address = socket.remoteAddress ?? '?';
    this.peer = `${this.address}:${socket.remotePort ?? 0}`;
    this.#watch();
  }

  async receive(timeoutMs: number): Promise<Received> {
    for (;;) {
      const chunk = this.#socket.read() as Buffer | null;
      if (chunk !== null && chunk.length > 0) {
        const bytes = this.#inClear(chunk);
        if (bytes.length > 0) return { type: 'bytes', bytes };
        continue;
      }
      if (this.#error !== undefined) return { type: 'reset' };
      if (this.#socket.readableEnded || this.#socket.destroyed) return { type: 'closed' };
      if (!(await this.#readable(timeoutMs))) return { type: 'silent' };
    }
  }

  send(bytes: Uint8Array | string): void {
    if (this.#socket.writable) this.#socket.write(bytes);
  }

  async secure(request: HandshakeRequest, timeoutMs: number): Promise<FullHandshake> {
    const made = await handshakeOver(this.#raw, request, timeoutMs);
    this.#handshake = made;
    if (made.done) {
      this.#socket = made.socket;
      this.#watch();
    }
    return made;
  }

  async renegotiate(timeoutMs: number): Promise<boolean> {
    const made = this.#handshake;
    if (made?.done !== true) return false;
    return await new Promise((resolve) => {
      const done = (worked: boolean): void => {
        clearTimeout(timer);
        made.socket.off('error', fail);
        made.socket.off('close', fail);
        resolve(worked);
      };
      const fail = (): void => {
        done(false);
      };
      const timer = setTimeout(fail, timeoutMs);
      made.socket.once('error', fail);
      made.socket.once('close', fail);
      const asked = made.socket.renegotiate({ rejectUnauthorized: false }, (error) => {
        done(error === null);
      });
      if (asked !== true) fail();
      // OpenSSL reads the server's answer only when somebody reads.
      made.socket.resume();
    });
  }

  async clear(): Promise<void> {
    if (this.#handshake?.done !== true) return;
    await this.#handshake.leave();
    this.#handshake = undefined;
    this.#socket = this.#raw;
    this.#late = new Uint8Array(0);
  }

  end(): void {
    this.#socket.end();
  }

  close(): void {
    this.#socket.destroy();
    this.#raw.destroy();
  }

  #watch(): void {
    this.#socket.on('error', (error) => {
      this.#error = error;
    });
  }

  /** Without the records (tickets, a close_notify) that were under way when TLS was ended. */
  #inClear(chunk: Uint8Array): Uint8Array {
    if (this.#late === undefined) return chunk;
    let bytes: Uint8Array = Buffer.concat([this.#late, chunk]);
    while (isRecord(bytes[0])) {
      const length = 5 + (bytes[3] ?? 0) * 256 + (bytes[4] ?? 0);
      if (bytes.length < 5 || bytes.length < length) {
        this.#late = bytes;
        return new Uint8Array(0);
      }
      bytes = bytes.subarray(length);
    }
    this.#late = bytes.length > 0 ? undefined : bytes;
    return bytes;
  }

  /** False when nothing happened in time. */
  async #readable(timeoutMs: number): Promise<boolean> {
    return await new Promise((resolve) => {
      const socket = this.#socket;
      const done = (happened: boolean) => (): void => {
        clearTimeout(timer);
        for (const event of ['readable', 'end', 'close']) socket.off(event, happen);
        resolve(happened);
      };
      const happen = done(true);
      const timer = setTimeout(done(false), timeoutMs);
      for (const event of ['readable', 'end', 'close']) socket.on(event, happen);
    });
  }
}

/** By the first byte: the content types of TLS (RFC 8446, section 5.1) begin no reply of SMTP. */
function isRecord(first: number | undefined): boolean {
  return first !== undefined && first >= 20 && first <= 23;
}
