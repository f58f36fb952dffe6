/**
 * Reads SMTP replies (RFC 5321, section 4.2) from text as it arrives.
 *
 * The peer may be hostile, so a reply is bounded: its lines, their length, and the code, which must be
 * the same on each line. A line may end with LF alone; what a reply smuggles that way only reaches
 * the reader of the transcript.
 */
import { type Failed, fail, type Result } from '../base/result.ts';

export interface SmtpReply {
  readonly code: number;
  /** The text of each line, without code and separator. At least one. */
  readonly lines: readonly string[];
}

/** What has arrived of a reply that is not complete. */
export interface PartialReply {
  readonly code: number | undefined;
  readonly lines: readonly string[];
  readonly text: string;
}

export const nothingRead: PartialReply = { code: undefined, lines: [], text: '' };

const longestLine = 2048;
const mostLines = 100;

export interface RepliesRead {
  readonly replies: readonly SmtpReply[];
  readonly partial: PartialReply;
}

export function readReplies(before: PartialReply, received: string): Result<RepliesRead> {
  const replies: SmtpReply[] = [];
  const ended = (before.text + received).split('\n');
  const text = ended.pop() ?? '';
  let { code } = before;
  let lines = [...before.lines];
  for (const raw of ended) {
    const line = readLine(raw.endsWith('\r') ? raw.slice(0, -1) : raw);
    if (line === undefined) return refused('a line of three digits and a text', raw);
    if (code !== undefined && line.code !== code) return refused(`the code ${code} on each line`, raw);
    if (lines.length >= mostLines) return refused(`at most ${mostLines} lines`, raw);
    lines.push(line.text);
    code = line.code;
    if (line.last) {
      replies.push({ code, lines });
      code = undefined;
      lines = [];
    }
  }
  if (text.length > longestLine) return refused(`lines of at most ${longestLine} characters`, text);
  return { ok: true, value: { replies, partial: { code, lines, text } } };
}

function readLine(line: string): { code: number; text: string; last: boolean } | undefined {
  if (line.length > longestLine) return undefined;
  const [, code, separator, text = ''] = /^([2-5]\d\d)(?:([ -])(.*))?$/.exec(line) ?? [];
  return code === undefined ? undefined : { code: Number(code), text, last: separator !== '-' };
}

function refused(requirement: string, line: string): Failed {
  return fail(
    'no',
    `cannot read the SMTP reply: needs ${requirement}: ${JSON.stringify(line.slice(0, 80))}`,
    { hint: 'is there a mail server on that port? TLS from the first byte (465) needs --implicit' },
  );
}
