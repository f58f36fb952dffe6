/** Asks SMTP commands one after another; what the server leaves unanswered is left out. */
import { nothingRead, type PartialReply, readReplies, type SmtpReply } from '../../exim/smtp-reply.ts';
import type { Visit } from './prober.ts';

export async function askReplies(
  { wire, timeoutMs }: Pick<Visit, 'wire' | 'timeoutMs'>,
  commands: readonly string[],
): Promise<Record<string, SmtpReply>> {
  const answers: Record<string, SmtpReply> = {};
  const decoder = new TextDecoder();
  for (const command of commands) {
    wire.send(`${command}\r\n`);
    let partial: PartialReply = nothingRead;
    let reply: SmtpReply | undefined;
    while (reply === undefined) {
      const received = await wire.receive(timeoutMs);
      if (received.type !== 'bytes') return answers;
      const read = readReplies(partial, decoder.decode(received.bytes, { stream: true }));
      if (!read.ok) return answers;
      partial = read.value.partial;
      reply = read.value.replies[0];
    }
    answers[command] = reply;
  }
  return answers;
}
