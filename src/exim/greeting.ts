/**
 * What a mail port says to somebody who calls: a greeting, an answer to EHLO, and whether STARTTLS is
 * offered and really works (Exim with a broken key still offers it, then answers 454).
 */
import { fail, ok, type Result } from '../base/result.ts';
import type { Handshake } from '../host/connection.ts';
import { SmtpClient } from './smtp-client.ts';
import type { SmtpReply } from './smtp-reply.ts';

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

const ehlo = 'EHLO localhost';

export async function greet(
  address: string,
  port: number,
  options: GreetingOptions,
): Promise<Result<Greeting>> {
  const connected = await SmtpClient.connect({ host: address, port }, options.timeoutMs);
  if (!connected.ok) return connected;
  try {
    return await talk(connected.value, `${address}:${port}`, options.implicitTls);
  } finally {
    connected.value.close();
  }
}

async function talk(client: SmtpClient, where: string, implicitTls: boolean): Promise<Result<Greeting>> {
  let tls = '';
  if (implicitTls) {
    const handshake = await client.secure();
    if (!handshake.done) return { ok: false, problem: handshake.problem };
    tls = outcome(handshake);
  }
  const banner = await client.reply();
  if (!banner.ok) return banner;
  const known = { implicitTls, banner: banner.value.lines.join('\n'), tls };
  if (banner.value.code === 421) return ok({ ...known, startTls: 'absent', busy: true });
  if (banner.value.code !== 220) return unexpected(where, 'greet with 220', banner.value);
  const extensions = await client.command(ehlo);
  if (!extensions.ok) return extensions;
  if (extensions.value.code !== 250) return unexpected(where, 'answer EHLO with 250', extensions.value);
  if (implicitTls || !extensions.value.lines.some((line) => /^STARTTLS$/i.test(line))) {
    client.send('QUIT\r\n');
    return ok({ ...known, startTls: 'absent', busy: false });
  }
  const go = await client.command('STARTTLS');
  if (!go.ok) return go;
  if (go.value.code !== 220) {
    const said = `${go.value.code} ${go.value.lines.join('\n')}`;
    return ok({ ...known, startTls: 'refused', tls: said, busy: false });
  }
  const handshake = await client.secure();
  if (!handshake.done) {
    return ok({ ...known, startTls: 'refused', tls: handshake.problem.message, busy: false });
  }
  const again = await client.command(ehlo);
  const works = again.ok && again.value.code === 250;
  client.send('QUIT\r\n');
  return ok({ ...known, startTls: works ? 'works' : 'refused', tls: outcome(handshake), busy: false });
}

function outcome(handshake: Handshake & { done: true }): string {
  return `${handshake.session.version} ${handshake.session.cipher}`;
}

function unexpected(where: string, requirement: string, reply: SmtpReply): Result<never> {
  return fail(
    'no',
    `cannot trust ${where}: it must ${requirement}: it says ${reply.code} ${reply.lines.join(' ')}`,
  );
}
