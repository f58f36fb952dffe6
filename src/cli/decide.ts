/** `change confirm` and `change abort`: as root by ourselves, else through the keeper. */
import { type Failed, ok, type Ok, type Result } from '../base/result.ts';
import { decideChange, type Decision } from '../change/decide-change.ts';
import { type DescribedChange, describePending } from '../change/describe-pending.ts';
import { isRoot } from '../host/identity.ts';
import { currentPerson } from '../host/person.ts';
import { askKeeper } from '../keeper/ask-keeper.ts';
import type { ExitStatus } from './exit-status.ts';
import { finishFirst } from './finish-first.ts';
import { keeperSocket } from './keeper-socket.ts';
import { describedShape } from './known-changes.ts';
import type { Speaker } from './speak.ts';
import { stepTeller } from './step-teller.ts';

export async function decide(
  speak: Speaker,
  decision: Decision,
  id: string | undefined,
): Promise<Ok<ExitStatus> | Failed> {
  const decided = await finishFirst(speak, async () => await settle(speak, decision, id));
  if (!decided.ok) return decided;
  speak.document(decided.value);
  return ok(0);
}

async function settle(
  speak: Speaker,
  decision: Decision,
  id: string | undefined,
): Promise<Result<DescribedChange>> {
  const tell = stepTeller(speak);
  if (isRoot()) {
    const decided = await decideChange(decision, id, tell);
    return decided.ok ? ok(describePending(decided.value)) : decided;
  }
  const { name: person } = await currentPerson();
  const named = id === undefined ? {} : { id };
  return await askKeeper(keeperSocket(), { do: decision, person, ...named }, describedShape, tell);
}
