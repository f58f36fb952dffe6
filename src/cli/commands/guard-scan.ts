/** `portreeve guard scan LOG…`: which of the guard's rules see what in a log. */
import { Command } from 'commander';
import { fail, ok, type Result } from '../../base/result.ts';
import { scanLogs } from '../../guard/scan-log.ts';
import { builtInRules, type ScanRules } from '../../guard/scan-rules.ts';
import { type SightingKind, sightingKinds } from '../../guard/sighting-kind.ts';
import { exists } from '../../host/files.ts';
import { totalSize } from '../../host/total-size.ts';
import { standardPlace } from '../standard-place.ts';
import { act } from '../act.ts';
import { contextOptions, finish, type LogOptions, logOptions, withLogOptions } from '../log-options.ts';
import { flag, oneOf, optionalText, optionReader } from '../option-reader.ts';
import { grouped } from '../grouped.ts';
import { createProgress } from '../progress.ts';

interface ScanOptions extends LogOptions {
  readonly rule: SightingKind | undefined;
  readonly matched: boolean;
  readonly unmatched: boolean;
  readonly config: string | undefined;
}

const reader = optionReader<ScanOptions>({
  ...logOptions,
  rule: oneOf(sightingKinds),
  matched: flag,
  unmatched: flag,
  config: optionalText,
});

export function guardScan(): Command {
  return withLogOptions(
    new Command('scan')
      .description(
        "count what each rule sees in a log: Exim's, a web server's, or one that a rule of the settings names",
      )
      .option('--rule <name>', `this rule alone: ${sightingKinds.join(', ')}`)
      .option('--matched', 'print the lines that a rule sees')
      .option('--unmatched', 'print the lines that look like abuse and that no rule sees'),
  ).action(
    act(reader, async ({ speak, args, options }) => {
      if (options.matched && options.unmatched)
        return fail('usage', 'cannot show lines: needs --matched or --unmatched: both are given');
      const by = await rulesOf(options.config);
      if (!by.ok) return by;
      if (options.matched || options.unmatched) {
        const show = options.matched ? 'matched' : 'unmatched';
        const { showLines } = await import('../../guard/scan-lines.ts');
        const progress = createProgress(totalSize(args), true);
        const shown = await showLines(
          args,
          {
            show,
            rules: by.value,
            rule: options.rule,
            context: contextOptions(options),
            progress: progress.add,
          },
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
        rules: by.value,
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

/** Of the settings, where there are any: without them reading is not even loaded. */
async function rulesOf(config: string | undefined): Promise<Result<ScanRules>> {
  if (config === undefined && !(await exists(standardPlace))) return ok(builtInRules);
  const [{ loadSettings }, { ownScanRules }] = await Promise.all([
    import('../load-settings.ts'),
    import('../../guard/own-scan-rules.ts'),
  ]);
  const settings = await loadSettings({ config });
  return settings.ok ? ok(ownScanRules(settings.value)) : settings;
}
