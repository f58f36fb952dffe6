/** `portreeve log stats LOG…`: a log in figures. */
import { Command } from 'commander';
import { ok } from '../../base/result.ts';
import { type LogStats, logStats as countLogs } from '../../exim/log-stats.ts';
import { totalSize } from '../../host/total-size.ts';
import { act } from '../act.ts';
import { finish, type LogOptions, logOptions, withLogOptions } from '../log-options.ts';
import { integer, optionReader } from '../option-reader.ts';
import { grouped } from '../grouped.ts';
import { createProgress } from '../progress.ts';
import type { Speaker } from '../speak.ts';

const reader = optionReader<LogOptions & { readonly top: number }>({
  ...logOptions,
  top: integer(0, 100_000),
});

export function logStats(): Command {
  return withLogOptions(
    new Command('stats')
      .description('count events by kind and hour, mail, and the busiest peers')
      .option('--top <count>', 'how many of the busiest peers', '10'),
  ).action(
    act(reader, async ({ speak, args, options }) => {
      const start = performance.now();
      const progress = createProgress(totalSize(args));
      const stats = await countLogs(args, {
        junkHelo: !options.cleanHelo,
        top: options.top,
        progress: progress.add,
      });
      progress.end();
      const seconds = Number(((performance.now() - start) / 1000).toFixed(3));
      const { problems, ...figures } = stats;
      speak.document({
        files: args.length,
        seconds,
        ...figures,
        ...(problems.length === 0 ? {} : { problems }),
      });
      show(speak, stats, seconds);
      return ok(finish(speak, problems, 0));
    }),
  );
}

function show(speak: Speaker, stats: LogStats, seconds: number): void {
  const { bold } = speak.style;
  speak.line(`${grouped(stats.lines)} lines, ${megabytes(stats.bytes)}, in ${seconds} s`);
  speak.line();
  speak.line(bold('Mail'));
  speak.line(
    `  received     ${grouped(stats.received.messages).padStart(12)}  ${megabytes(stats.received.bytes)}`,
  );
  speak.line(
    `  delivered    ${grouped(stats.delivered.messages).padStart(12)}  ${megabytes(stats.delivered.bytes)}, to ${grouped(stats.delivered.addresses)} addresses`,
  );
  speak.line(`  delayed      ${grouped(stats.delayed).padStart(12)}`);
  speak.line(`  given up     ${grouped(stats.failed).padStart(12)}`);
  speak.line(
    `  rejects      ${grouped(stats.rejects).padStart(12)}  and ${grouped(stats.temporaryRejects)} temporary`,
  );
  speak.line();
  speak.line(bold('Events'));
  for (const [kind, found] of Object.entries(stats.events))
    speak.line(`  ${kind.padEnd(13)}${grouped(found).padStart(12)}`);
  speak.line();
  speak.line(bold('Hours                lines    received   delivered    rejected'));
  const hours = stats.hours.length > 48 ? byDay(stats) : stats.hours;
  for (const { hour, lines, received, delivered, rejected } of hours) {
    speak.line(
      `  ${hour.padEnd(14)}${[lines, received, delivered, rejected].map((value) => grouped(value).padStart(10)).join('  ')}`,
    );
  }
  if (stats.peers.length === 0) return;
  speak.line();
  speak.line(bold('Busiest peers'));
  for (const { peer, lines } of stats.peers) speak.line(`  ${peer.padEnd(40)}${grouped(lines).padStart(10)}`);
}

/** More than two days of hours are shown as days. */
function byDay({ hours }: LogStats): LogStats['hours'] {
  const days = new Map<string, LogStats['hours'][number]>();
  for (const { hour, lines, received, delivered, rejected } of hours) {
    const day = hour.slice(0, 10);
    const known = days.get(day) ?? { hour: day, lines: 0, received: 0, delivered: 0, rejected: 0 };
    days.set(day, {
      hour: day,
      lines: known.lines + lines,
      received: known.received + received,
      delivered: known.delivered + delivered,
      rejected: known.rejected + rejected,
    });
  }
  return [...days.values()];
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
