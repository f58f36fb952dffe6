/** What a text that is no Exim log looks like, for the person who named the wrong file. */
import { readStamp } from './log-stamp.ts';

const guesses: readonly (readonly [RegExp, string])[] = [
  // oxlint-disable-next-line no-control-regex -- control characters are what tells
  [/[\u0000-\u0008\u000e-\u001a]/, 'a binary file'],
  [/\b(?:postfix|sendmail|dovecot|opensmtpd)\b/, 'the log of another mail program'],
  [/"(?:GET|POST|HEAD|PUT|OPTIONS) \S* HTTP\/[\d.]+"/, "a web server's access log"],
  [/^\[[A-Z][a-z]{2} [A-Z][a-z]{2} +\d+ [\d:.]+ \d{4}\]/, "Apache's error log"],
  [/^\d{4}\/\d\d\/\d\d [\d:]+ \[\w+\]/, "nginx's error log"],
  [/^\s*[{[]/, 'JSON'],
  [/^(?:#!|<\?|<!DOCTYPE|<html)/i, 'a program or a page'],
  [
    /^(?:[A-Z][a-z]{2} [ \d]\d [\d:]{8}|\d{4}-\d\d-\d\dT\S+) \S+ \S+?(?:\[\d+\])?: /,
    'a system log without Exim',
  ],
  [/^From \S+ |^[\w-]+: /, 'a mail or its headers'],
];

/** Undefined where the line may be Exim's. */
export function looksLike(line: string): string | undefined {
  const head = readStamp(line);
  if (head?.stamp.time !== undefined || /\bexim\d?\b/.test(head?.stamp.prefix ?? '')) return undefined;
  return guesses.find(([pattern]) => pattern.test(line))?.[1] ?? 'some other text';
}
