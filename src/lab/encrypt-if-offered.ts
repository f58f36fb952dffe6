/** STARTTLS where the server offers it, and EHLO again: how most mail servers send (RFC 3207, RFC 7435). */
import { ok, type Result } from '../base/result.ts';
import type { SmtpClient } from '../exim/smtp-client.ts';
import type { SmtpReply } from '../exim/smtp-reply.ts';

export async function encryptIfOffered(
  client: SmtpClient,
  extensions: SmtpReply,
  name: string,
): Promise<Result<SmtpReply>> {
  if (!extensions.lines.some((line) => /^STARTTLS$/i.test(line))) return ok(extensions);
  const ready = await client.expect('STARTTLS');
  if (!ready.ok) return ready;
  const handshake = await client.secure();
  return handshake.done ? await client.expect(`EHLO ${name}`) : { ok: false, problem: handshake.problem };
}
