/** `portreeve fail2ban check LOG FILTER [IGNOREREGEX]`: what a filter of fail2ban's sees in a log. */
import { Command } from 'commander';
import { ok } from '../../base/result.ts';
import { checkLog } from '../../fail2ban/check/check-log.ts';
import type { CheckedLine, CheckReport, Hits, LineVerdict } from '../../fail2ban/check/check-report.ts';
import type { UseDns } from '../../fail2ban/filter/resolve-tags.ts';
import { act } from '../act.ts';
import { integer, oneOf, optionalText, optionReader, type ReadValue, text } from '../option-reader.ts';
import type { Speaker } from '../speak.ts';

/** As its filter says, where it is not given. */
const optionalCount: ReadValue<number | undefined> = (given) =>
  given === undefined ? { value: undefined } : integer(1, 9999)(given);

const reader = optionReader({
  folder: text('/etc/fail2ban'),
  datepattern: optionalText,
  maxlines: optionalCount,
  usedns: oneOf<UseDns>(['yes', 'warn', 'no', 'raw']),
  encoding: text('utf-8'),
  timezone: optionalText,
  print: oneOf<LineVerdict>(['matched', 'missed', 'ignored']),
});

/** So many missed or ignored lines are shown without being asked for. */
const shownLines = 20;

export function fail2banCheck(): Command {
  return new Command('check')
    .description("run a filter of fail2ban's over a log, as fail2ban-regex does")
    .argument('<log>', 'the log, .gz too; - is standard input; what is no file is a line')
    .argument('<filter>', 'name[options] of a filter, its .conf file, or an expression')
    .argument('[ignoreregex]', 'an expression for lines to ignore')
    .option('--folder <dir>', "fail2ban's configuration (default: /etc/fail2ban)")
    .option('-d, --datepattern <pattern>', "how the log writes its dates, in place of the filter's")
    .option('-L, --maxlines <count>', 'lines that are searched together')
    .option('--usedns <mode>', 'no: <HOST> is an address alone, never a name (default: warn)')
    .option('-e, --encoding <name>', "the log's encoding (default: utf-8)")
    .option('--timezone <zone>', 'of lines that do not say theirs: UTC+0200, CET')
    .option('--print <verdict>', 'print all lines that are matched, missed or ignored')
    .action(
      act(reader, async ({ speak, args: [log = '', filter = '', ignoreregex], options }) => {
        const { datepattern, maxlines, timezone, print, usedns = 'warn', folder, encoding } = options;
        const shown: Record<'missed' | 'ignored', string[]> = { missed: [], ignored: [] };
        const judged = (line: string, verdict: LineVerdict): void => {
          if (print !== undefined) {
            if (verdict === print) speak.line(line);
          } else if (verdict !== 'matched' && shown[verdict].length < shownLines) shown[verdict].push(line);
        };
        const report = await checkLog(log, filter, {
          folder,
          usedns,
          encoding,
          ...(datepattern === undefined ? {} : { datepattern }),
          ...(maxlines === undefined ? {} : { maxlines }),
          ...(timezone === undefined ? {} : { timezone }),
          ...(ignoreregex === undefined ? {} : { ignoreregex }),
          ...(speak.json ? { found: (line: CheckedLine) => speak.document(line) } : { judged }),
        });
        if (!report.ok) return report;
        const { problems, ...summary } = report.value;
        speak.document(summary);
        if (print === undefined) show(speak, report.value, shown);
        for (const problem of problems) speak.problem(problem);
        // The answer is about the rest alone then.
        return ok(problems.length > 0 ? 3 : report.value.matched > 0 ? 0 : 1);
      }),
    );
}

function show(
  speak: Speaker,
  report: CheckReport,
  shown: Readonly<Record<'missed' | 'ignored', string[]>>,
): void {
  const list = (title: string, hits: readonly Hits[]): void => {
    const total = hits.reduce((sum, each) => sum + each.hits, 0);
    speak.line(speak.style.bold(`${title}: ${total}`));
    for (const [place, each] of hits.entries()) {
      if (each.hits > 0) speak.line(`  ${place + 1}) [${each.hits}] ${each.expression}`);
    }
  };
  if (report.prefregex !== undefined) list('prefregex', [report.prefregex]);
  list('failregex', report.failregex);
  list('ignoreregex', report.ignoreregex);
  list('dates', report.dates);
  speak.line(
    `lines: ${report.lines}: ${report.ignored} ignored, ${report.matched} matched, ${report.missed} missed`,
  );
  for (const source of report.quarantined) {
    speak.line(speak.style.bad(`quarantined, since it does not end in its time: ${source}`));
  }
  for (const verdict of ['ignored', 'missed'] as const) {
    const lines = shown[verdict];
    if (lines.length === 0) continue;
    speak.line(`${verdict}:`);
    if (report[verdict] > shownLines) speak.line(`  too many to print; --print ${verdict} prints them`);
    else for (const line of lines) speak.line(`  ${line}`);
  }
}
