/** A message as people read it: one line of subject, and plain text. Everything in it is made printable. */
import { printable } from '../base/printable.ts';
import type { Message } from './gathering.ts';
import type { Notice } from './notice.ts';

export interface MessageText {
  readonly subject: string;
  readonly text: string;
}

const longestSubject = 120;
const longestLine = 500;
const mostLines = 30;

export function messageText({ notices, more, bans, culprits }: Message, host: string): MessageText {
  const [first] = notices;
  const others = notices.length + more - 1;
  const subject = `${host}: ${first?.title ?? 'nothing'}${others > 0 ? ` (and ${others} more)` : ''}`;
  const parts = notices.map(paragraph);
  if (bans > 0) {
    const shown = culprits.map((line) => `  ${line}`);
    parts.push(
      [
        `${bans} bans since the last message${bans > shown.length ? ', the first of them' : ''}:`,
        ...shown,
      ].join('\n'),
    );
  }
  if (more > 0) parts.push(`${more} further notices were too many for one message: portreeve status`);
  return { subject: oneLine(subject).slice(0, longestSubject), text: `${parts.join('\n\n')}\n` };
}

function paragraph({ at, title, lines, hint }: Notice): string {
  const shown = lines.slice(0, mostLines).map((line) => `  ${oneLine(line)}`);
  const rest = lines.length > mostLines ? [`  and ${lines.length - mostLines} more lines`] : [];
  const advice = hint === undefined ? [] : [`What to do: ${oneLine(hint)}`];
  return [
    `${new Date(at).toISOString().replace('T', ' ').slice(0, 19)}Z  ${oneLine(title)}`,
    ...shown,
    ...rest,
    ...advice,
  ].join('\n');
}

function oneLine(text: string): string {
  return printable(text.replaceAll('\t', ' ')).slice(0, longestLine);
}
