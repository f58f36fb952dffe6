/**
 * The dates that are looked for where a filter names none: the common logs' formats, in fail2ban's order
 * (which decides between two that fit), each first at the start of the line and then anywhere.
 */
import type { DateTemplate } from './date-template.ts';
import { dateTemplate } from './date-template.ts';

const monthDay = '%b %d';
const clock = '%k:%M:%S';
const fraction = '(?:\\.%f)?';
const asctime = `(?:%a )?${monthDay} ${clock}${fraction}(?: %ExY)?`;

export const defaultPatterns: readonly string[] = [
  // ISO 8601 and near it: 2026-11-24T21:59:59.981+02:00, 2026/11/24 21:59:59
  '%ExY(?P<_sep>[-/.])%m(?P=_sep)%d(?:T|  ?)%H:%M:%S(?:[.,]%f)?(?:\\s*%z)?',
  // syslog and asctime: Tue Nov 24 21:59:59 2026
  asctime,
  `(?:%a )?${monthDay} %ExY ${clock}${fraction}`,
  // 24/11/2026 21:59:59
  `%d(?P<_sep>[-/])%m(?P=_sep)(?:%ExY|%Exy) ${clock}`,
  // Apache, BIND: 24/Nov/2026:21:59:59 +0200
  `%d(?P<_sep>[-/])%b(?P=_sep)%ExY[ :]?%H:%M:%S${fraction}(?: %z)?`,
  // cPanel
  '%m/%d/%ExY:%H:%M:%S',
  `%m-%d-%ExY ${clock}${fraction}`,
  'EPOCH',
  // A time alone
  '{^LN-BEG}%H:%M:%S',
  '^<%m/%d/%Exy@%H:%M:%S>',
  // MySQL: 261124 21:59:59
  '%Exy%Exm%Exd  ?%H:%M:%S',
  // Tomcat
  `${monthDay}, %ExY %I:%M:%S %p`,
  // ASSP
  `^%b-%d-%Exy ${clock}`,
  // 20261124T215959
  '%ExY%Exm%Exd(?:T|  ?)%ExH%ExM%ExS(?:[.,]%f)?(?:\\s*%z)?',
  // A zone before it: monit
  `(?:%Z )?${asctime}`,
  `(?:%z )?${asctime}`,
  'TAI64N',
];

/** Templates at the start of a line weigh more than those anywhere. */
const startWeight = 100;

/** In the order that they are tried. */
export function defaultTemplates(thisYear: number): DateTemplate[] {
  const plain = defaultPatterns.map((pattern) => sound(pattern, thisYear));
  const started = plain.flatMap((template, place) => {
    if (template.name.startsWith('{^LN-BEG}') || template.name.startsWith('^')) return [];
    return [sound(`{^LN-BEG}${defaultPatterns[place] ?? ''}`, thisYear, startWeight)];
  });
  return [...started, ...plain];
}

export function plainTemplates(thisYear: number): DateTemplate[] {
  return defaultPatterns.map((pattern) => sound(pattern, thisYear));
}

function sound(pattern: string, thisYear: number, weight = 1): DateTemplate {
  const template = dateTemplate(pattern, thisYear, weight);
  if (!template.ok) throw new Error(template.problem.message);
  return template.value;
}
