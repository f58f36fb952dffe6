/**
 * Whether commands that arrive in clear behind STARTTLS, in the same packet, are carried out under TLS (RFC
 * 3207, section 4.2; CVE-2011-0411). Whoever is in the middle could put commands into somebody else's
 * session then. A server is immune that forgets them, refuses them, or fails the handshake over them.
 */
import { openWire } from '../../host/wire.ts';
import { nothingRead, readReplies, type SmtpReply } from '../../exim/smtp-reply.ts';
import { askReplies } from './ask-replies.ts';
import { type Known, known, unknown } from './known.ts';
import type { HandshakeRequest } from '../../host/full-handshake.ts';
import type { Prober } from './prober.ts';
import type { Verdict } from './verdict.ts';

export async function commandInjection(
  prober: Prober,
  request: Omit<HandshakeRequest, 'name'>,
): Promise<Known<Verdict>> {
  let reason = 'time is up';
  for (let tries = 0; tries < 5 && (await prober.gate.enter()) !== undefined; tries += 1) {
    const outcome = await inject(prober, request);
    prober.gate.leave(outcome === undefined ? 'busy' : outcome.brokenOff ? 'broken-off' : 'clean');
    if (outcome !== undefined) return known(outcome.verdict);
    reason = 'the server turns us away';
  }
  return unknown(reason);
}

async function inject(
  prober: Prober,
  request: Omit<HandshakeRequest, 'name'>,
): Promise<{ verdict: Verdict; brokenOff: boolean } | undefined> {
  const { endpoint, helo, timeoutMs } = prober.options;
  const opened = await openWire(endpoint, timeoutMs);
  if (!opened.ok) return undefined;
  const wire = opened.value;
  try {
    const greeting = await nextReply(wire, timeoutMs);
    if (greeting?.code !== 220) return undefined;
    const { [`EHLO ${helo}`]: ehlo } = await askReplies({ wire, timeoutMs }, [`EHLO ${helo}`]);
    if (ehlo?.code !== 250) return undefined;
    wire.send('STARTTLS\r\nNOOP\r\n');
    const answer = await nextReply(wire, timeoutMs);
    const no = (evidence: string, brokenOff = true): { verdict: Verdict; brokenOff: boolean } => ({
      verdict: { answer: 'no', evidence },
      brokenOff,
    });
    if (answer === undefined) return no('the server hangs up on STARTTLS with a command behind it');
    if (answer.code !== 220) {
      return no(
        `the server refuses STARTTLS with a command behind it: ${answer.code} ${answer.lines.join(' ')}`,
      );
    }
    const made = await wire.secure({ ...prober.named(), ...request }, timeoutMs);
    if (!made.done) return no('the command behind STARTTLS is taken for TLS, and the handshake fails');
    wire.send('QUIT\r\n');
    const first = await nextReply(wire, timeoutMs);
    if (first === undefined) return no('the server hangs up after the handshake', false);
    const words = `${first.code} ${first.lines.join(' ')}`;
    return first.code === 221
      ? no(`the first reply under TLS is to our QUIT: ${words}`, false)
      : {
          verdict: {
            answer: 'yes',
            evidence: `NOOP behind STARTTLS, in clear, is answered under TLS: ${words}`,
          },
          brokenOff: false,
        };
  } finally {
    wire.close();
  }
}

async function nextReply(
  wire: { receive(timeoutMs: number): Promise<{ type: string; bytes?: Uint8Array }> },
  timeoutMs: number,
): Promise<SmtpReply | undefined> {
  let partial = nothingRead;
  for (;;) {
    const received = await wire.receive(timeoutMs);
    if (received.bytes === undefined) return undefined;
    const read = readReplies(partial, new TextDecoder().decode(received.bytes));
    if (!read.ok) return undefined;
    if (read.value.replies[0] !== undefined) return read.value.replies[0];
    partial = read.value.partial;
  }
}
