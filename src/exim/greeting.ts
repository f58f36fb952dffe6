/**
 * What a mail port says to somebody who calls: a greeting, an answer to EHLO, and whether STARTTLS is
 * offered and really works (Exim with a broken key still offers it, then answers 454).
 */
import { fail, ok, type Result } from '../base/result.ts';
import { type LineConnection, openConnection } from '../host/line-connection.ts';

export interface Greeting {
  /** The port speaks TLS from the first byte (465). */
  readonly implicitTls: boolean;
  readonly banner: string;
  /** `absent`: not offered; `refused`: offered, and then it does not work. */
  readonly startTls: 'works' | 'refused' | 'absent';
  /** How the handshake went, or what the server said instead. */
  readonly tls: string;
  /** All its places are taken (421): it lives, and more cannot be asked. */
  readonly busy: boolean;
}

export interface GreetingOptions {
  readonly implicitTls: boolean;
  readonly timeoutMs: number;
}

export async function greet(
  address: string,
  port: number,
  options: GreetingOptions,
): Promise<Result<Greeting>> {
  const opened = await openConnection(address, port, options.timeoutMs);
  if (!opened.ok) return opened;
  try {
    return await talk(opened.value, `${address}:${port}`, options.implicitTls);
  } finally {
    opened.value.close();
  }
}

async function talk(
  connection: LineConnection,
  where: string,
  implicitTls: boolean,
): Promise<Result<Greeting>> {
  const secured = implicitTls ? await connection.startTls() : ok('');
  if (!secured.ok) return secured;
  const banner = await readReply(connection);
  if (!banner.ok) return banner;
  const known = { implicitTls, banner: banner.value.text, tls: secured.value };
  if (banner.value.code === 421) return ok({ ...known, startTls: 'absent', busy: true });
  if (banner.value.code !== 220) return unexpected(where, 'greet with 220', banner.value);
  const extensions = await ask(connection, 'EHLO localhost');
  if (!extensions.ok) return extensions;
  if (extensions.value.code !== 250) return unexpected(where, 'answer EHLO with 250', extensions.value);
  if (implicitTls || !/^STARTTLS$/im.test(extensions.value.text)) {
    connection.send('QUIT');
    return ok({ ...known, startTls: 'absent', busy: false });
  }
  const go = await ask(connection, 'STARTTLS');
  if (!go.ok) return go;
  if (go.value.code !== 220) {
    return ok({ ...known, startTls: 'refused', tls: `${go.value.code} ${go.value.text}`, busy: false });
  }
  const shaken = await connection.startTls();
  if (!shaken.ok) return ok({ ...known, startTls: 'refused', tls: shaken.problem.message, busy: false });
  const again = await ask(connection, 'EHLO localhost');
  const works = again.ok && again.value.code === 250;
  connection.send('QUIT');
  return ok({ ...known, startTls: works ? 'works' : 'refused', tls: shaken.value, busy: false });
}

interface Reply {
  readonly code: number;
  /** The lines without their codes. */
  readonly text: string;
}

async function ask(connection: LineConnection, command: string): Promise<Result<Reply>> {
  connection.send(command);
  return await readReply(connection);
}

async function readReply(connection: LineConnection): Promise<Result<Reply>> {
  const lines: string[] = [];
  while (lines.length < 100) {
    const line = await connection.readLine();
    if (!line.ok) return line;
    const [, code = '', more, text = ''] = /^(\d{3})(?:([- ])(.*))?$/.exec(line.value) ?? [];
    if (code === '')
      return fail('unavailable', `cannot read the reply: it must start with a code: ${line.value}`);
    lines.push(text);
    if (more !== '-') return ok({ code: Number(code), text: lines.join('\n') });
  }
  return fail('unavailable', 'cannot read the reply: it must have at most 100 lines: it has more');
}

function unexpected(where: string, requirement: string, reply: Reply): Result<never> {
  return fail('no', `cannot trust ${where}: it must ${requirement}: it says ${reply.code} ${reply.text}`);
}
