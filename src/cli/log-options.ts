/** What every command that reads logs asks about them. */
import type { Command } from 'commander';
import type { Problem } from '../base/problem.ts';
import type { LogContextOptions } from '../exim/log-context.ts';
import type { ExitStatus } from './exit-status.ts';
import { flag, type ReadValue } from './option-reader.ts';
import type { Speaker } from './speak.ts';

export interface LogOptions {
  readonly timeZone?: string | undefined;
  readonly cleanHelo: boolean;
}

/** For optionReader(). */
export const logOptions: { readonly [Name in keyof LogOptions]-?: ReadValue<LogOptions[Name]> } = {
  timeZone: (given) =>
    given === undefined || (typeof given === 'string' && isTimeZone(given))
      ? { value: given }
      : 'needs a name like Europe/Berlin',
  cleanHelo: flag,
};

export function withLogOptions(command: Command): Command {
  return command
    .argument('<log...>', "Exim's log files, .gz among them; - is standard input")
    .option(
      '--time-zone <name>',
      'zone in which Exim logs, where its lines do not say (default: this machine’s)',
    )
    .option(
      '--clean-helo',
      'helo_accept_junk_hosts is not set: a HELO cannot hold brackets, and no line is ambiguous for that',
    );
}

export function contextOptions(options: LogOptions): LogContextOptions {
  return {
    junkHelo: !options.cleanHelo,
    now: Date.now(),
    ...(options.timeZone === undefined ? {} : { timeZone: options.timeZone }),
  };
}

/** Speaks what could not be read; 3 then, since the answer is about the rest alone. */
export function finish(speak: Speaker, problems: readonly Problem[], status: ExitStatus): ExitStatus {
  for (const problem of problems) speak.problem(problem);
  return problems.length > 0 ? 3 : status;
}

export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
