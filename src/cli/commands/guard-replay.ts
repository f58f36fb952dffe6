/** `portreeve guard replay LOG…`: what the guard would have banned, and what that would have cost. */
import { Command } from 'commander';
import { z } from 'zod';
import { formatDuration } from '../../base/duration.ts';
import { ok } from '../../base/result.ts';
import { Allowlist } from '../../guard/allowlist.ts';
import { assembleGuard } from '../../guard/assemble-guard.ts';
import type { ReplayedBan, ReplayReport } from '../../guard/replay.ts';
import { replayLogs } from '../../guard/replay-logs.ts';
import { candidatesOf } from '../../guard/sweep.ts';
import { totalSize } from '../../host/total-size.ts';
import { act } from '../act.ts';
import { collect } from '../collect.ts';
import { grouped } from '../grouped.ts';
import { loadSettings, settingOptions, withSettings } from '../load-settings.ts';
import { contextOptions, finish, withLogOptions } from '../log-options.ts';
import { logSchema } from '../log-schema.ts';
import { createProgress } from '../progress.ts';
import { readNetworks } from '../read-networks.ts';
import type { Speaker } from '../speak.ts';
import { showSweep } from '../sweep-chart.ts';
import { wholeNumber } from '../whole-number.ts';

const schema = logSchema.extend({
  ...settingOptions.shape,
  sweep: z.array(z.string()).default([]),
  allow: z.array(z.string()).default([]),
  limit: wholeNumber(0, 1_000_000),
});

/** Addresses that all guards of a sweep track together. */
const mostTracked = 1_000_000;

export function guardReplay(): Command {
  return withLogOptions(
    withSettings(new Command('replay'), 'guard')
      .description('what the guard would have banned over a log, and the harm')
      .option(
        '--sweep <name=values>',
        'try several values, such as guard.relay.maxretry=2,3,5 (repeatable)',
        collect,
      )
      .option('--allow <network>', 'an address or network that is never banned (repeatable)', collect)
      .option('--limit <count>', 'show so many bans, the most harmful and the longest attacks first', '20'),
  ).action(
    act(schema, async ({ speak, args, options }) => {
      const settings = await loadSettings(options);
      if (!settings.ok) return settings;
      const candidates = candidatesOf(options.sweep, settings.value);
      if (!candidates.ok) return candidates;
      const allowed = readNetworks(options.allow);
      if (!allowed.ok) return allowed;
      const allowlist = new Allowlist([], allowed.value);
      const tracked = Math.ceil(mostTracked / candidates.value.length);
      const progress = createProgress(totalSize(args));
      const { reports, lines, problems } = await replayLogs(args, {
        guards: candidates.value.map((each) => assembleGuard(each.settings, allowlist, tracked)),
        context: contextOptions(options),
        progress: progress.add,
      });
      progress.end();
      const told = problems.length === 0 ? {} : { problems };
      const [report] = reports;
      if (options.sweep.length === 0 && report !== undefined) {
        speak.document({ lines, ...report, ...told });
        show(speak, lines, report, options.limit);
      } else {
        const tries = reports.map(({ bans, sightings, prevented, mail, mailLost }, place) => ({
          assignments: candidates.value[place]?.assignments ?? [],
          bans: bans.length,
          sightings,
          prevented,
          mail,
          mailLost,
        }));
        speak.document({ lines, tries, ...told });
        showSweep(speak, tries);
      }
      return ok(finish(speak, problems, reports.some(({ bans }) => bans.length > 0) ? 0 : 1));
    }),
  );
}

function show(speak: Speaker, lines: number, report: ReplayReport, limit: number): void {
  const { from, to, sightings, prevented, mail, mailLost, bans, alerts } = report;
  const { bold, bad, dim, warn } = speak.style;
  const span = from === undefined || to === undefined ? '' : `, ${iso(from)} to ${iso(to)}`;
  speak.line(`${grouped(lines)} lines${span}`);
  speak.line(
    `${bold(grouped(bans.length))} bans of ${grouped(new Set(bans.map(({ address }) => address)).size)} addresses`,
  );
  speak.line(
    `attack: ${grouped(prevented)} of ${grouped(sightings)} sightings prevented${share(prevented, sightings)}`,
  );
  const lost = `harm: ${grouped(mailLost)} of ${grouped(mail)} accepted messages lost${share(mailLost, mail)}`;
  speak.line(mailLost > 0 ? bad(lost) : lost);
  for (const { at, login, addresses } of alerts)
    speak.line(warn(`${iso(at)}  ${addresses.length} addresses try the login ${login}`));
  const shown = bans
    .toSorted((one, other) => harm(other) - harm(one) || other.prevented - one.prevented || one.at - other.at)
    .slice(0, limit);
  if (shown.length === 0) return;
  speak.line();
  speak.line(bold('banned at             for        prevents  mail before/lost  rule         address'));
  for (const { at, bantime, prevented: kept, mailBefore, mailLost: gone, rule, address, network } of shown) {
    const cells = [
      iso(at),
      formatDuration(bantime).padEnd(9),
      grouped(kept).padStart(9),
      `${grouped(mailBefore)}/${grouped(gone)}`.padStart(16),
      ` ${rule}`.padEnd(12),
      address,
    ];
    const row = cells.join('  ');
    speak.line(`${gone > 0 ? bad(row) : row}${network === undefined ? '' : dim(` and ${network}`)}`);
  }
  if (shown.length < bans.length)
    speak.line(dim(`${grouped(bans.length - shown.length)} more: --limit, --json`));
}

function harm({ mailLost, mailBefore }: ReplayedBan): number {
  return mailLost * 1000 + mailBefore;
}

function iso(at: number): string {
  return new Date(at).toISOString().replace('.000Z', 'Z');
}

function share(part: number, whole: number): string {
  return whole === 0 ? '' : ` (${((100 * part) / whole).toFixed(1)} %)`;
}
