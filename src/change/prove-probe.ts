/** Asks the live server what a probe asks; no message is sent, it ends after the recipient. */
import { fail, ok, type Result } from '../base/result.ts';
import { greet } from '../exim/greeting.ts';
import { SmtpClient } from '../exim/smtp-client.ts';
import type { SmtpReply } from '../exim/smtp-reply.ts';
import { askedFromOutside } from './asked-from-outside.ts';
import type { Proof } from './change.ts';
import { formatProbe, type Probe } from './probe.ts';

const timeoutMs = 3000;

export function probeProof(probe: Probe): Proof {
  return {
    claim: formatProbe(probe),
    port: probe.port,
    prove: async () => await (probe.recipient === '' ? greeted(probe) : answered(probe)),
  };
}

async function greeted({ what, port }: Probe): Promise<Result<string>> {
  const [address = '127.0.0.1'] = askedFromOutside('0.0.0.0');
  const found = await greet(address, port, { implicitTls: port === 465, timeoutMs });
  if (!found.ok) return found;
  const { startTls, banner, tls } = found.value;
  if (what === 'listens') return ok(banner);
  if (startTls === 'works') return ok(tls);
  const current = startTls === 'absent' ? 'it is not offered' : `it is offered, then: ${tls}`;
  return fail('no', `cannot encrypt port ${port}: STARTTLS must work: ${current}`);
}

async function answered(probe: Probe): Promise<Result<string>> {
  const [host = '127.0.0.1'] = askedFromOutside('0.0.0.0');
  const connected = await SmtpClient.connect({ host, port: probe.port }, timeoutMs);
  if (!connected.ok) return connected;
  const client = connected.value;
  try {
    const said = await lastReply(client, probe);
    if (!said.ok) return said;
    const { code, lines } = said.value;
    const words = `${code} ${lines.join(' ')}`;
    if (probe.what === 'accepts' ? code < 300 : code >= 500) return ok(words);
    const requirement = `${probe.recipient} must be ${probe.what === 'accepts' ? 'accepted' : 'refused'}`;
    return fail('no', `cannot trust port ${probe.port}: ${requirement}: it says ${words}`);
  } finally {
    client.close();
  }
}

/** The reply to the recipient, or an earlier one that ends it. */
async function lastReply(client: SmtpClient, probe: Probe): Promise<Result<SmtpReply>> {
  if (probe.port === 465) {
    const handshake = await client.secure();
    if (!handshake.done) return { ok: false, problem: handshake.problem };
  }
  let said = await client.reply();
  const commands = ['EHLO localhost', `MAIL FROM:<${probe.sender}>`, `RCPT TO:<${probe.recipient}>`];
  for (const command of commands) {
    if (!said.ok || said.value.code >= 400) return said;
    said = await client.command(command);
  }
  client.send('QUIT\r\n');
  return said;
}
