/**
 * A legitimate mail server of the lab: a message each few seconds, one after the other.
 *
 * Refused for now, it tries again later and waits longer each time, as RFC 5321 §4.5.4.1 asks; the
 * minutes of real servers are seconds here.
 */
import type { Clock } from '../host/clock.ts';
import type { Result } from '../base/result.ts';
import { SmtpClient } from '../exim/smtp-client.ts';
import { encryptIfOffered } from './encrypt-if-offered.ts';

export interface SenderOptions {
  readonly name: string;
  readonly address: string;
  readonly server: string;
  readonly recipient: string;
  readonly domain: string;
  readonly intervalMs: number;
  readonly firstRetryMs: number;
  /** Ends after so many messages; without it when it is stopped. */
  readonly messages?: number;
}

export type SenderEvent =
  | { readonly type: 'attempted'; readonly sender: string; readonly id: string; readonly at: number }
  | {
      readonly type: 'refused';
      readonly sender: string;
      readonly id: string;
      readonly at: number;
      readonly why: string;
    }
  | {
      readonly type: 'accepted';
      readonly sender: string;
      readonly id: string;
      readonly at: number;
      readonly delayMs: number;
    };

const replyTimeoutMs = 5000;
const longestRetryMs = 15_000;

export async function runSender(
  options: SenderOptions,
  clock: Clock,
  stop: AbortSignal,
  report: (event: SenderEvent) => void,
): Promise<void> {
  const sender = options.address;
  const last = options.messages ?? Number.POSITIVE_INFINITY;
  for (let count = 1; count <= last && !stop.aborted; count += 1) {
    const id = `${options.name}-${count}@${options.domain}`;
    const begun = clock.now();
    report({ type: 'attempted', sender, id, at: begun });
    for (
      let retryMs = options.firstRetryMs;
      !stop.aborted;
      retryMs = Math.min(retryMs * 1.5, longestRetryMs)
    ) {
      const sent = await deliver(options, id);
      const at = clock.now();
      if (sent.ok) {
        report({ type: 'accepted', sender, id, at, delayMs: at - begun });
        break;
      }
      report({ type: 'refused', sender, id, at, why: sent.problem.message });
      await clock.sleep(retryMs, stop);
    }
    await clock.sleep(Math.max(0, begun + options.intervalMs - clock.now()), stop);
  }
}

async function deliver(options: SenderOptions, id: string): Promise<Result<unknown>> {
  const connected = await SmtpClient.connect(
    { host: options.server, port: 25, localAddress: options.address },
    replyTimeoutMs,
  );
  if (!connected.ok) return connected;
  const client = connected.value;
  try {
    const greeted = await client.greeting();
    if (!greeted.ok) return greeted;
    const ehlo = await client.expect(`EHLO ${options.name}.${options.domain}`);
    if (!ehlo.ok) return ehlo;
    const encrypted = await encryptIfOffered(client, ehlo.value, `${options.name}.${options.domain}`);
    if (!encrypted.ok) return encrypted;
    for (const command of [`MAIL FROM:<news@${options.domain}>`, `RCPT TO:<${options.recipient}>`, 'DATA']) {
      const done = await client.expect(command);
      if (!done.ok) return done;
    }
    const message = [
      `From: <news@${options.domain}>`,
      `To: <${options.recipient}>`,
      `Message-ID: <${id}>`,
      `Date: ${new Date().toUTCString()}`,
      'Subject: A message of the lab',
      '',
      'Every mail server on this range keeps trying until this arrives.',
      '.',
    ];
    const sent = await client.expect(message.join('\r\n'));
    client.send('QUIT\r\n');
    return sent;
  } finally {
    client.close();
  }
}
