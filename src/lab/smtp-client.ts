/** One SMTP conversation of the lab's bots and senders (RFC 5321): greeting, commands, replies. */
import { fail, ok, type Result } from '../base/result.ts';
import { type ClientSocket, type Endpoint, openClientSocket } from '../host/client-socket.ts';

export interface Reply {
  readonly code: number;
  readonly lines: readonly string[];
}

export class SmtpClient {
  readonly socket: ClientSocket;
  readonly #timeoutMs: number;

  private constructor(socket: ClientSocket, timeoutMs: number) {
    this.socket = socket;
    this.#timeoutMs = timeoutMs;
  }

  static async connect(to: Endpoint, timeoutMs: number): Promise<Result<SmtpClient>> {
    const opened = await openClientSocket(to, timeoutMs);
    return opened.ok ? ok(new SmtpClient(opened.value, timeoutMs)) : opened;
  }

  /** The next reply, its continuation lines included. */
  async reply(): Promise<Result<Reply>> {
    const lines: string[] = [];
    while (lines.length < 100) {
      const line = await this.socket.line(this.#timeoutMs);
      if (!line.ok) return line;
      lines.push(line.value);
      if (/^\d{3}(?: |$)/.test(line.value)) return ok({ code: Number(line.value.slice(0, 3)), lines });
      if (!/^\d{3}-/.test(line.value)) break;
    }
    return fail(
      'unavailable',
      `cannot read the reply: needs RFC 5321 form: ${lines.at(-1)?.slice(0, 80) ?? ''}`,
    );
  }

  async command(text: string): Promise<Result<Reply>> {
    this.socket.write(`${text}\r\n`);
    return await this.reply();
  }

  /** A command that has to be answered with 2xx or 3xx; any other reply is a problem in the server's words. */
  async expect(text: string): Promise<Result<Reply>> {
    return accepted(await this.command(text));
  }

  async greeting(): Promise<Result<Reply>> {
    return accepted(await this.reply());
  }

  /** STARTTLS, if the server offers it, and EHLO again. */
  async encryptIfOffered(ehlo: Reply, name: string): Promise<Result<Reply>> {
    if (!ehlo.lines.some((line) => /^250[ -]STARTTLS$/i.test(line))) return ok(ehlo);
    const ready = await this.command('STARTTLS');
    if (!ready.ok || ready.value.code !== 220) return ready;
    const upgraded = await this.socket.upgrade(this.#timeoutMs);
    return upgraded.ok ? await this.expect(`EHLO ${name}`) : upgraded;
  }

  close(): void {
    this.socket.close();
  }
}

function accepted(reply: Result<Reply>): Result<Reply> {
  if (!reply.ok || reply.value.code < 400) return reply;
  return fail('no', reply.value.lines.join(' '));
}
