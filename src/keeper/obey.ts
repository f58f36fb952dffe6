/** Does what a command asks, through the same code that root's command line uses. */
import { ok, type Result } from '../base/result.ts';
import { changeOf } from '../change/change-request.ts';
import type { Step } from '../change/change.ts';
import { decideChange } from '../change/decide-change.ts';
import { makeChange } from '../change/make-change.ts';
import { describePending } from '../change/describe-pending.ts';
import { pendingChanges } from '../change/pending-changes.ts';
import { recordChange } from '../change/record-change.ts';
import { endSessions } from '../exim/end-sessions.ts';
import { describe } from '../history/describe.ts';
import { explain } from '../history/explain.ts';
import { findCommit } from '../history/find-commit.ts';
import { parseReason } from '../history/reason.ts';
import { openRepository, trackedFolders } from '../history/repository.ts';
import { claimedPerson } from '../host/person.ts';
import type { KeeperCommand } from './keeper-command.ts';
import { undoRecord } from './undo-record.ts';
import { isReadCommand, readHistory } from './read-history.ts';

export async function obey(command: KeeperCommand, tell: (step: Step) => void): Promise<Result<unknown>> {
  if (command.do === 'list') return await list();
  if (command.do === 'end') return await endSessions(command.sessions);
  if (isReadCommand(command)) return await readHistory(command);
  if (command.do === 'record') return await recordFolder(command, tell);
  if (command.do === 'explain') return await explainRecord(command);
  if (command.do === 'undo') return await undoRecord(command, tell);
  return command.do === 'apply' ? await apply(command, tell) : await decide(command, tell);
}

type Command<Name> = Extract<KeeperCommand, { readonly do: Name }>;

async function list(): Promise<Result<unknown>> {
  const pending = await pendingChanges();
  if (!pending.ok) return pending;
  const folders = await trackedFolders();
  return folders.ok ? ok({ changes: pending.value.map(describePending), folders: folders.value }) : folders;
}

async function decide(
  command: Command<'confirm' | 'abort'>,
  tell: (step: Step) => void,
): Promise<Result<unknown>> {
  const decided = await decideChange(command.do, command.id, tell, { person: claimedPerson(command.person) });
  return decided.ok ? ok(describePending(decided.value)) : decided;
}

async function recordFolder(
  { folder, reason: text, person }: Command<'record'>,
  tell: (step: Step) => void,
): Promise<Result<unknown>> {
  const reason = parseReason(text);
  if (!reason.ok) return reason;
  const recorded = await recordChange(folder, reason.value, tell, { person: claimedPerson(person) });
  if (!recorded.ok) return recorded;
  const { commit, differences, leftOut } = recorded.value;
  return ok({ commit, changes: differences.map(describe), leftOut });
}

async function explainRecord(command: Command<'explain'>): Promise<Result<unknown>> {
  const reason = parseReason(command.reason);
  if (!reason.ok) return reason;
  const repository = await openRepository(command.folder);
  if (!repository.ok) return repository;
  const commit = await findCommit(repository.value, command.commit);
  if (!commit.ok) return commit;
  const person = claimedPerson(command.person);
  const explained = await explain(repository.value, { commit: commit.value, reason: reason.value, person });
  return explained.ok ? ok({ commit: commit.value }) : explained;
}

async function apply(command: Command<'apply'>, tell: (step: Step) => void): Promise<Result<unknown>> {
  const { do: _, person, edits, confirmWithinMs, ...request } = command;
  const change = changeOf({
    ...request,
    ...(confirmWithinMs === undefined ? {} : { confirmWithinMs }),
    edits: edits.map(({ path, content, owner, group, mode }) => ({
      path,
      content: content === null ? null : Buffer.from(content, 'base64'),
      ...(owner === undefined ? {} : { owner }),
      ...(group === undefined ? {} : { group }),
      ...(mode === undefined ? {} : { mode }),
    })),
  });
  return change.ok ? await makeChange(change.value, tell, { person: claimedPerson(person) }) : change;
}
