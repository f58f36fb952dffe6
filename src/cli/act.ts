/**
 * Turns a command's work into a commander action: reads its options, speaks its problem,
 * sets the exit status.
 */
import type { Command } from 'commander';
import { type Failed, fail, type Ok } from '../base/result.ts';
import { type ExitStatus, exitStatus } from './exit-status.ts';
import type { Issue, OptionReader } from './option-reader.ts';
import { createSpeaker, type Speaker } from './speak.ts';

export interface Invocation<Options> {
  readonly speak: Speaker;
  readonly args: readonly string[];
  readonly options: Options;
}

/** `work` returns the exit status (0, or 1 where the answer is no), or a problem. */
export function act<Options>(
  reader: OptionReader<Options>,
  work: (invocation: Invocation<Options>) => Promise<Ok<ExitStatus> | Failed>,
): (this: Command) => Promise<void> {
  return async function action(this: Command) {
    const { json, ...given } = this.optsWithGlobals<Record<string, unknown>>();
    const speak = createSpeaker(json === true);
    const read = reader.safeParse(given);
    const outcome = read.success
      ? await work({ speak, args: this.args, options: read.data })
      : wrongOption(read.error.issues, given);
    if (outcome.ok) {
      process.exitCode = outcome.value;
      return;
    }
    speak.problem(outcome.problem);
    speak.document({ problem: outcome.problem });
    process.exitCode = exitStatus(outcome.problem.kind);
  };
}

function wrongOption(issues: readonly Issue[], given: Readonly<Record<string, unknown>>): Failed {
  const [issue] = issues;
  const name = String(issue?.path[0] ?? '');
  const flag = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return fail('usage', `cannot use --${flag}: ${issue?.message ?? 'not accepted'}: ${String(given[name])}`, {
    hint: 'the option is described by --help',
  });
}
