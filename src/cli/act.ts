/** Turns a command's work into a commander action: speaks its problem and sets the exit status. */
import type { Command } from 'commander';
import type { Failed, Ok } from '../base/result.ts';
import { type ExitStatus, exitStatus } from './exit-status.ts';
import { createSpeaker, type Speaker } from './speak.ts';

export interface Invocation<Options> {
  readonly speak: Speaker;
  readonly args: readonly string[];
  readonly options: Options;
}

/** `work` returns the exit status (0, or 1 where the answer is no), or a problem. */
export function act<Options>(
  work: (invocation: Invocation<Options>) => Promise<Ok<ExitStatus> | Failed>,
): (this: Command, ...parameters: unknown[]) => Promise<void> {
  return async function action(this: Command) {
    const global = this.optsWithGlobals<{ json?: boolean }>();
    const speak = createSpeaker(global.json === true);
    const outcome = await work({ speak, args: this.args, options: this.opts() });
    if (outcome.ok) {
      process.exitCode = outcome.value;
      return;
    }
    speak.problem(outcome.problem);
    speak.document({ problem: outcome.problem });
    process.exitCode = exitStatus(outcome.problem.kind);
  };
}
