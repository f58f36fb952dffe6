/**
 * Brings a message to a channel. A webhook gets JSON with the headers `x-portreeve-time` (seconds since 1970) and
 * `x-portreeve-signature` (`sha256=` and the HMAC of `TIME.BODY`): a receiver refuses what is old or not signed.
 * A command gets the same JSON on standard input, and never a shell.
 */
import { fail, ok, type Result } from '../base/result.ts';
import { readText } from '../host/files.ts';
import { handInMail } from '../host/hand-in-mail.ts';
import { hmac } from '../host/hmac.ts';
import { postJson } from '../host/post-json.ts';
import { run } from '../host/run.ts';
import type { Channel } from './channel.ts';
import type { Message } from './gathering.ts';
import { messageText } from './message-text.ts';

const timeoutMs = 20_000;

export async function tellChannel(
  { way }: Channel,
  message: Message,
  host: string,
  now: number,
): Promise<Result<void>> {
  const { subject, text } = messageText(message, host);
  if (way.by === 'mail') return await handInMail({ ...way, subject, text }, timeoutMs);
  const body = JSON.stringify({ host, subject, text, ...message });
  if (way.by === 'webhook') {
    const signed = await signature(way.secretFile, body, now);
    return signed.ok ? await postJson(way.url, body, signed.value, timeoutMs) : signed;
  }
  const ran = await run(way.argv, { input: body, timeoutMs, env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' } });
  if (!ran.ok) return ran;
  const { status, stderr } = ran.value;
  if (status === 0) return ok();
  const said = stderr.trim().split('\n')[0]?.slice(0, 200) ?? '';
  return fail(
    'unavailable',
    `cannot tell by ${way.argv[0] ?? ''}: it must end with status 0: it ended with ${status}${said === '' ? '' : `: ${said}`}`,
  );
}

async function signature(
  file: string,
  body: string,
  now: number,
): Promise<Result<Readonly<Record<string, string>>>> {
  if (file === '') return ok({});
  const key = await readText(file, 10_000);
  if (!key.ok) return key;
  const time = String(Math.floor(now / 1000));
  return ok({
    'x-portreeve-time': time,
    'x-portreeve-signature': `sha256=${hmac(key.value.trim(), Buffer.from(`${time}.${body}`))}`,
  });
}
