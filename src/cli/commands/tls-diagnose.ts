/** `portreeve tls diagnose LOG…`: each TLS error in the log, with cause and fix. */
import { Command } from 'commander';
import { ok } from '../../base/result.ts';
import { eachLine } from '../../exim/each-line.ts';
import { logContext } from '../../exim/log-context.ts';
import { parseLogLine } from '../../exim/log-line.ts';
import { totalSize } from '../../host/total-size.ts';
import { Diagnosis, type Finding } from '../../tls/diagnose.ts';
import { act } from '../act.ts';
import { contextOptions, finish, logOptions, withLogOptions } from '../log-options.ts';
import { optionReader } from '../option-reader.ts';
import { createProgress } from '../progress.ts';
import type { Speaker } from '../speak.ts';

export function tlsDiagnose(): Command {
  return withLogOptions(
    new Command('diagnose').description(
      'explain every TLS error in the log: cause, fix, how often, from whom',
    ),
  ).action(
    act(optionReader(logOptions), async ({ speak, args, options }) => {
      const context = logContext(contextOptions(options));
      const diagnosis = new Diagnosis();
      const progress = createProgress(totalSize(args));
      const { problems } = await eachLine(
        args,
        ({ text }) => {
          if (words.some((word) => text.includes(word))) diagnosis.see(parseLogLine(text, context), text);
        },
        { progress: progress.add },
      );
      progress.end();
      const findings = diagnosis.findings();
      speak.document({ findings, ...(problems.length === 0 ? {} : { problems }) });
      if (findings.length === 0) speak.line('There is no TLS error in the log.');
      for (const finding of findings) show(speak, finding);
      // The answer "all is well" is no where our own side is broken.
      return ok(finish(speak, problems, findings.some(({ grade }) => grade === 'broken') ? 1 : 0));
    }),
  );
}

/** One of these stands in every line that can be a TLS error. */
const words = [
  'TLS',
  'SSL',
  'tls_',
  'gnutls',
  'DANE',
  'OCSP',
  'certificate',
  'Diffie',
  'after QUIT',
  'ALPN',
  'SNI',
];

function show(
  speak: Speaker,
  { name, grade, cause, fix, count, first, last, peers, example }: Finding,
): void {
  const { bold, bad, warn, dim } = speak.style;
  const title = grade === 'broken' ? bad(name) : grade === 'unknown' ? warn(name) : bold(name);
  const span =
    first === undefined || last === undefined
      ? ''
      : `, ${day(first)}${day(first) === day(last) ? '' : ` to ${day(last)}`}`;
  speak.line(`${title}  ${count} ${count === 1 ? 'time' : 'times'}${span}`);
  speak.line(`  cause  ${cause}`);
  speak.line(`  fix    ${fix}`);
  if (peers.length > 0)
    speak.line(
      `  from   ${peers
        .slice(0, 5)
        .map(({ peer, count: times }) => `${peer} (${times})`)
        .join(', ')}`,
    );
  speak.line(dim(`  line   ${example.slice(0, 300)}`));
  speak.line();
}

function day(time: string): string {
  return time.slice(0, 10);
}
