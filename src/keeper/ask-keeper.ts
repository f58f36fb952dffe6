/** Asks the keeper for something, and tells its steps as they come. */
import type { z } from 'zod';
import { fail, ok, type Result } from '../base/result.ts';
import type { Step } from '../change/change.ts';
import { converseInLines } from '../host/unix-client.ts';
import { parseKeeperAnswer } from './keeper-answer.ts';
import type { KeeperCommand } from './keeper-command.ts';

/** A change with its rehearsal, proofs and undo takes seconds; this is far beyond. */
const longestMs = 300_000;

export async function askKeeper<Done>(
  socket: string,
  command: KeeperCommand,
  shape: z.ZodType<Done>,
  tell: (step: Step) => void,
  timeoutMs: number = longestMs,
): Promise<Result<Done>> {
  let outcome: Result<Done> | undefined;
  const talked = await converseInLines(socket, `${JSON.stringify(command)}\n`, timeoutMs, (line) => {
    const answer = parseKeeperAnswer(line);
    if (answer === undefined) return;
    if ('step' in answer) tell(answer.step);
    else if ('problem' in answer) outcome = { ok: false, problem: answer.problem };
    else {
      const done = shape.safeParse(answer.done);
      outcome = done.success
        ? ok(done.data)
        : fail('unavailable', 'cannot read the keeper: it speaks another version');
    }
  });
  if (outcome !== undefined) return outcome;
  return talked.ok
    ? fail('unavailable', 'cannot tell what the keeper did: it must answer: it hung up', {
        hint: 'see its journal: journalctl -u portreeve-keeper; portreeve change list',
      })
    : talked;
}
