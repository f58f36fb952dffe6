/** `portreeve guard bans`: who is kept out, why, for how long, and what it costs. */
import { Command } from 'commander';
import { z } from 'zod';
import type { ListedBan } from '../../agent/guard-hands.ts';
import { formatDuration, type Duration, parseDuration } from '../../base/duration.ts';
import { ok } from '../../base/result.ts';
import { systemClock } from '../../host/clock.ts';
import { act } from '../act.ts';
import { askGuard } from '../ask-guard.ts';
import { loadSettings, settingOptions } from '../load-settings.ts';
import { wholeNumber } from '../whole-number.ts';

const schema = settingOptions.extend({
  since: z.string().optional(),
  rule: z.string().max(40).optional(),
  search: z.string().max(200).optional(),
  limit: wholeNumber(1, 1_000_000),
});

export function guardBans(): Command {
  return new Command('bans')
    .description('who is banned, why, for how long, and what it costs')
    .option('--since <time>', 'those that were in force at some time of the last 7d, say; not only now')
    .option('--rule <name>', 'those of one rule, such as hammering or manual')
    .option('--search <text>', 'those with a text in their address, rule or reason')
    .option('--limit <count>', 'at most so many, the newest first', '1000')
    .action(
      act(schema, async ({ speak, options }) => {
        const settings = await loadSettings(options);
        if (!settings.ok) return settings;
        const now = systemClock.now();
        const back = options.since === undefined ? undefined : parseDuration(options.since);
        if (back?.ok === false) return back;
        const { rule, search, limit } = options;
        const command = {
          do: 'bans',
          limit,
          ...(back === undefined ? {} : { from: now - back.value }),
          ...(rule === undefined ? {} : { rule }),
          ...(search === undefined ? {} : { search }),
        } as const;
        const asked = await askGuard<readonly ListedBan[]>(command, settings.value);
        if (!asked.ok) return asked;
        const { bold, dim, bad } = speak.style;
        speak.document(asked.value);
        if (asked.value.length === 0) speak.line('Nobody is banned.');
        else
          speak.line(
            bold(
              `${'banned at'.padEnd(20)}  ${'left'.padEnd(9)}  attempts  mail before/since  ${'rule'.padEnd(12)}  address`,
            ),
          );
        for (const ban of asked.value) {
          const row = rowOf(ban, now);
          speak.line(ban.mailLost > 0 ? bad(row) : ban.inForce ? row : dim(row));
        }
        if (asked.value.length === limit) speak.line(dim(`there may be more: --limit`));
        return ok(asked.value.length > 0 ? 0 : 1);
      }),
    );
}

function rowOf(ban: ListedBan, now: number): string {
  const { began, until, ended, inForce, attempts, mailBefore, mailLost, rule, target, reason } = ban;
  const left = inForce
    ? formatDuration((Math.ceil((until - now) / 1000) * 1000) as Duration)
    : ended === undefined
      ? 'over'
      : 'lifted';
  const cells = [
    new Date(began).toISOString().slice(0, 19).concat('Z'),
    left.padEnd(9),
    String(attempts).padStart(8),
    `${mailBefore}/${mailLost}`.padStart(17),
    rule.padEnd(12),
    rule === 'manual' ? `${target}  ${reason}` : target,
  ];
  return cells.join('  ');
}
