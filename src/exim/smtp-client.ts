/**
 * An SMTP client that asks and waits for the answer (RFC 5321), for whoever needs a few commands: a
 * proof that a port still serves, the lab's bots and senders. It takes any certificate: what it asks
 * is whether TLS works, not whose it is. `tls/dialogue.ts` is the one that judges.
 */
import { fail, ok, type Result } from '../base/result.ts';
import { type Connection, connect, type Endpoint, type Handshake } from '../host/connection.ts';
import { nothingRead, type PartialReply, readReplies, type SmtpReply } from './smtp-reply.ts';

export class SmtpClient {
  readonly #connection: Connection;
  #partial: PartialReply = nothingRead;
  readonly #replies: SmtpReply[] = [];

  private constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Every wait, for the connection as for each reply, is bounded by `timeoutMs`. */
  static async connect(endpoint: Endpoint, timeoutMs: number): Promise<Result<SmtpClient>> {
    const connected = await connect(endpoint, timeoutMs);
    return connected.ok ? ok(new SmtpClient(connected.value)) : connected;
  }

  async reply(): Promise<Result<SmtpReply>> {
    for (;;) {
      const next = this.#replies.shift();
      if (next !== undefined) return ok(next);
      const received = await this.#connection.receive();
      if (!received.ok) return received;
      if (received.value === undefined) {
        return fail('unavailable', `cannot read on from ${this.#connection.peer}: it hung up`);
      }
      const read = readReplies(this.#partial, received.value);
      if (!read.ok) return read;
      this.#partial = read.value.partial;
      this.#replies.push(...read.value.replies);
    }
  }

  async command(text: string): Promise<Result<SmtpReply>> {
    this.send(`${text}\r\n`);
    return await this.reply();
  }

  /** A command that has to be taken (2xx, 3xx); any other reply is a problem in the server's words. */
  async expect(text: string): Promise<Result<SmtpReply>> {
    return taken(await this.command(text));
  }

  async greeting(): Promise<Result<SmtpReply>> {
    return taken(await this.reply());
  }

  /** The TLS handshake. What came in clear before it is not read as if it were protected (RFC 3207 §4.2). */
  async secure(): Promise<Handshake> {
    this.#partial = nothingRead;
    this.#replies.length = 0;
    return await this.#connection.secure({ name: '', roots: [] });
  }

  send(text: string): void {
    this.#connection.send(text);
  }

  close(): void {
    this.#connection.close();
  }
}

function taken(reply: Result<SmtpReply>): Result<SmtpReply> {
  if (!reply.ok || reply.value.code < 400) return reply;
  return fail('no', `${reply.value.code} ${reply.value.lines.join(' ')}`);
}
