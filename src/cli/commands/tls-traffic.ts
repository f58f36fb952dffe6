/** `portreeve tls traffic LOG…`: how much mail was encrypted, in and out. */
import { Command } from 'commander';
import { ok } from '../../base/result.ts';
import { eachLine } from '../../exim/each-line.ts';
import { logContext } from '../../exim/log-context.ts';
import { parseLogLine } from '../../exim/log-line.ts';
import { wantsMail } from '../../exim/wants-mail.ts';
import { totalSize } from '../../host/total-size.ts';
import { type Direction, TrafficCount } from '../../tls/traffic.ts';
import { act } from '../act.ts';
import { contextOptions, finish, logOptions, withLogOptions } from '../log-options.ts';
import { optionReader } from '../option-reader.ts';
import { createProgress } from '../progress.ts';
import type { Speaker } from '../speak.ts';

const mostShown = 10;

export function tlsTraffic(): Command {
  return withLogOptions(
    new Command('traffic').description('count how much mail was encrypted, in and out, by version and peer'),
  ).action(
    act(optionReader(logOptions), async ({ speak, args, options }) => {
      const context = logContext(contextOptions(options));
      const count = new TrafficCount();
      const progress = createProgress(totalSize(args));
      const { problems } = await eachLine(
        args,
        ({ text }) => {
          count.see(parseLogLine(text, context));
        },
        { wanted: wantsMail, progress: progress.add },
      );
      progress.end();
      const traffic = count.traffic();
      speak.document({ ...traffic, ...(problems.length === 0 ? {} : { problems }) });
      show(speak, 'Mail that came in', traffic.in);
      speak.line();
      show(speak, 'Mail that went out', traffic.out);
      if (traffic.days.length > 1) {
        speak.line();
        speak.line(speak.style.bold('Encrypted, by day'));
        for (const { day, messages, encrypted } of traffic.days) {
          speak.line(`  ${day}  ${bar(encrypted / messages)}  ${share(encrypted, messages)} of ${messages}`);
        }
      }
      return ok(finish(speak, problems, traffic.in.messages + traffic.out.messages > 0 ? 0 : 1));
    }),
  );
}

function show(speak: Speaker, title: string, direction: Direction): void {
  const { bold } = speak.style;
  const { messages, encrypted, versions, ciphers, domains } = direction;
  if (messages === 0) {
    speak.line(`${bold(title)}: none`);
    return;
  }
  speak.line(`${bold(title)}: ${share(encrypted, messages)} encrypted, ${encrypted} of ${messages}`);
  for (const [version, count] of Object.entries(versions)) {
    speak.line(`  ${version.padEnd(10)} ${share(count, messages).padStart(7)}  ${count}`);
  }
  for (const [cipher, count] of Object.entries(ciphers).slice(0, mostShown))
    speak.line(`    ${count}  ${cipher}`);
  const clear = domains.filter((domain) => domain.encrypted < domain.messages);
  if (clear.length === 0) return;
  speak.line(`  In clear, by ${clear.length} ${clear.length === 1 ? 'peer' : 'peers'}:`);
  for (const domain of clear.slice(0, mostShown)) {
    speak.line(`    ${domain.domain.padEnd(36)} ${domain.messages - domain.encrypted} of ${domain.messages}`);
  }
  if (clear.length > mostShown) speak.line(`    and ${clear.length - mostShown} more`);
}

function share(part: number, whole: number): string {
  return `${((part / whole) * 100).toFixed(1)} %`;
}

const width = 40;

function bar(part: number): string {
  const full = Math.round(part * width);
  return '#'.repeat(full) + '.'.repeat(width - full);
}
