/** `portreeve guard scan LOG…`: which of the guard's rules see what in a log. */
import { Command } from 'commander';
import { fail, ok } from '../../base/result.ts';
import { scanLogs } from '../../guard/scan-log.ts';
import { type SightingKind, sightingKinds } from '../../guard/sighting-kind.ts';
import { totalSize } from '../../host/total-size.ts';
import { act } from '../act.ts';
import { contextOptions, finish, type LogOptions, logOptions, withLogOptions } from '../log-options.ts';
import { flag, oneOf, optionReader } from '../option-reader.ts';
import { grouped } from '../grouped.ts';
import { createProgress } from '../progress.ts';

interface ScanOptions extends LogOptions {
  readonly rule: SightingKind | undefined;
  readonly matched: boolean;
  readonly unmatched: boolean;
}

const reader = optionReader<ScanOptions>({
  ...logOptions,
  rule: oneOf(sightingKinds),
  matched: flag,
  unmatched: flag,
});

export function guardScan(): Command {
  return withLogOptions(
    new Command('scan')
      .description('count what each rule sees in a log')
      .option('--rule <name>', `this rule alone: ${sightingKinds.join(', ')}`)
      .option('--matched', 'print the lines that a rule sees')
      .option('--unmatched', 'print the lines that look like abuse and that no rule sees'),
  ).action(
    act(reader, async ({ speak, args, options }) => {
      if (options.matched && options.unmatched)
        return fail('usage', 'cannot show lines: needs --matched or --unmatched: both are given');
      if (options.matched || options.unmatched) {
        const show = options.matched ? 'matched' : 'unmatched';
        const { showLines } = await import('../../guard/scan-lines.ts');
        const progress = createProgress(totalSize(args), true);
        const shown = await showLines(
          args,
          { show, rule: options.rule, context: contextOptions(options), progress: progress.add },
          (found) => {
            speak.line(`${speak.style.dim(found.rule ?? found.kind)}  ${found.text}`);
            speak.document(found);
          },
        );
        progress.end();
        return ok(finish(speak, shown.problems, shown.count > 0 ? 0 : 1));
      }
      const start = performance.now();
      const progress = createProgress(totalSize(args));
      const report = await scanLogs(args, {
        junkHelo: !options.cleanHelo,
        rule: options.rule,
        progress: progress.add,
      });
      progress.end();
      const seconds = Number(((performance.now() - start) / 1000).toFixed(3));
      const { lines, bytes, events, addresses, rules, problems } = report;
      speak.document({
        files: args.length,
        lines,
        bytes,
        seconds,
        events,
        addresses,
        rules,
        ...(problems.length === 0 ? {} : { problems }),
      });
      speak.line(`${grouped(lines)} lines, ${(bytes / 1e6).toFixed(1)} MB, in ${seconds} s`);
      speak.line();
      for (const [rule, found] of Object.entries(rules))
        speak.line(`${grouped(found).padStart(14)}  ${speak.style.bold(rule)}`);
      if (Object.keys(rules).length === 0) speak.line('No rule sees anything.');
      else speak.line(`by ${grouped(addresses)} addresses`);
      speak.line();
      for (const [kind, found] of Object.entries(events))
        speak.line(`${grouped(found).padStart(14)}  ${kind}`);
      return ok(finish(speak, problems, Object.keys(rules).length > 0 ? 0 : 1));
    }),
  );
}
