/**
 * Carries a change out and tells each step as it happens: as root by ourselves, else through the keeper.
 * A change that waits to be confirmed is watched by the keeper; where none runs, by a process of its own.
 */
import { z } from 'zod';
import { type Failed, ok, type Ok, type Result } from '../base/result.ts';
import { type ChangeRequest, changeOf } from '../change/change-request.ts';
import type { Change } from '../change/change.ts';
import { makeChange } from '../change/make-change.ts';
import { isRoot } from '../host/identity.ts';
import { currentPerson } from '../host/person.ts';
import { askKeeper } from '../keeper/ask-keeper.ts';
import { openRepository } from '../history/repository.ts';
import type { ExitStatus } from './exit-status.ts';
import { finishFirst } from './finish-first.ts';
import { keeperSocket } from './keeper-socket.ts';
import { pushAfter } from './push-after.ts';
import { watchDeadlines } from './watch-deadlines.ts';
import type { Speaker } from './speak.ts';
import { stepTeller } from './step-teller.ts';

export async function carryOut(speak: Speaker, change: Change): Promise<Ok<ExitStatus> | Failed> {
  const outcome = await finishFirst(speak, async () => await makeChange(change, stepTeller(speak)));
  if (!outcome.ok) return outcome;
  if (outcome.value.waiting !== undefined) await watchDeadlines();
  const repository = await openRepository(change.folder);
  if (repository.ok) await pushAfter(speak, repository.value);
  speak.document(outcome.value);
  return ok(0);
}

export async function carryOutRequest(
  speak: Speaker,
  request: ChangeRequest,
): Promise<Ok<ExitStatus> | Failed> {
  if (isRoot()) {
    const change = changeOf(request);
    return change.ok ? await carryOut(speak, change.value) : change;
  }
  const outcome = await throughKeeper(speak, request);
  if (!outcome.ok) return outcome;
  speak.document(outcome.value);
  return ok(0);
}

async function throughKeeper(speak: Speaker, request: ChangeRequest): Promise<Result<unknown>> {
  const { edits, ...asked } = request;
  return await askKeeper(
    keeperSocket(),
    {
      do: 'apply',
      ...asked,
      edits: edits.map((edit) => ({
        ...edit,
        content: edit.content === null ? null : Buffer.from(edit.content).toString('base64'),
      })),
      person: (await currentPerson()).name,
    },
    z.unknown(),
    stepTeller(speak),
  );
}
