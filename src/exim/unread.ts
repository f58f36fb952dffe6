/** Why a log was not read, or not all of it, where the machine itself had no objection. */
import type { Problem } from '../base/problem.ts';
import { fail } from '../base/result.ts';

export function shrunk(path: string, bytes: number, size: number): Problem {
  return fail(
    'unavailable',
    `cannot read all of ${path}: it shrank while it was read: ${bytes} of ${size} bytes`,
    {
      path,
      hint: 'it was rotated or truncated; what was there has been read',
    },
  ).problem;
}

export function notExim(path: string, foreign: string): Problem {
  return fail(
    'unavailable',
    `cannot find Exim's lines in ${path}: needs an Exim log: it looks like ${foreign}`,
    {
      path,
      hint: "Debian's is /var/log/exim4/mainlog",
    },
  ).problem;
}
