/**
 * What stands before the message of a log line: syslog's own prefix, the time with fraction and zone,
 * the process id, the message id; and the inverse. Source: log_vwrite() of Exim's log.c, tod.c.
 */
import type { Stamp } from './event.ts';

export interface StampReading {
  readonly stamp: Stamp;
  readonly id?: string;
  /** Where the message starts. */
  readonly end: number;
}

const time = /(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(\.\d{1,6})?(?: ([+-]\d{4}))? /y;
const pid = /\[(\d+|p\d+|pppp)\] /y;
const id = /([0-9A-Za-z]{6}-(?:[0-9A-Za-z]{11}-[0-9A-Za-z]{4}|[0-9A-Za-z]{6}-[0-9A-Za-z]{2})) /y;
/**
 * `Nov 23 08:53:00 host exim[12]: ` (RFC 3164, also journalctl's short form) or the same with an RFC 3339 time. Exim
 * cuts what is too long for syslog: `[1/3] `, or `[1\\3] ` where it cut at a line's end (write_syslog()).
 */
const syslog =
  /(?:<\d{1,3}>)?(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)) \S+ [^\s[:]+(?:\[\d+\])?: (?:\[\d+[/\\]\d+\] )?/y;

export function readStamp(line: string): StampReading | undefined {
  let at = 0;
  let stamp: Stamp = {};
  syslog.lastIndex = 0;
  const before = syslog.exec(line)?.[0];
  if (before !== undefined) {
    at = before.length;
    stamp = { prefix: before };
  }
  time.lastIndex = at;
  const found = time.exec(line);
  if (found !== null) {
    at = time.lastIndex;
    stamp = {
      ...stamp,
      time: found[1] ?? '',
      ...(found[2] === undefined ? {} : { fraction: found[2] }),
      ...(found[3] === undefined ? {} : { zone: found[3] }),
    };
  } else if (before === undefined) return undefined;
  pid.lastIndex = at;
  const process = pid.exec(line);
  if (process !== null) {
    at = pid.lastIndex;
    stamp = { ...stamp, pid: process[1] ?? '' };
  }
  id.lastIndex = at;
  const message = id.exec(line);
  if (message === null) return { stamp, end: at };
  return { stamp, id: message[1] ?? '', end: id.lastIndex };
}

export function renderStamp(stamp: Stamp, messageId: string | undefined): string {
  const { prefix = '', fraction = '' } = stamp;
  const zone = stamp.zone === undefined ? '' : ` ${stamp.zone}`;
  const clock = stamp.time === undefined ? '' : `${stamp.time}${fraction}${zone} `;
  const process = stamp.pid === undefined ? '' : `[${stamp.pid}] `;
  return `${prefix}${clock}${process}${messageId === undefined ? '' : `${messageId} `}`;
}
