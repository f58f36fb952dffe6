/**
 * What members of the keeper's group may read of the histories, which are root's alone: records and their
 * reasons, drift, the reasons behind a line, and what a record changed. The text of a file that not everybody
 * may read is left out: the group may know that it changed, and why, but not what it says.
 */
import { fail, ok, type Result } from '../base/result.ts';
import { describe } from '../history/describe.ts';
import { type DescribedRecord, describeRecord } from '../history/described-record.ts';
import { diffRecord } from '../history/diff.ts';
import type { Entry } from '../history/entry.ts';
import { findDrift } from '../history/drift.ts';
import { findCommit } from '../history/find-commit.ts';
import { readLog } from '../history/read-log.ts';
import { openRepository, trackedFolders } from '../history/repository.ts';
import { type Unexplained, unexplained } from '../history/unexplained.ts';
import { whyFile, whyLine } from '../history/why.ts';
import type { KeeperCommand } from './keeper-command.ts';

export type ReadCommand = Extract<KeeperCommand, { readonly do: 'folders' | 'log' | 'show' | 'why' }>;

export function isReadCommand(command: KeeperCommand): command is ReadCommand {
  return ['folders', 'log', 'show', 'why'].includes(command.do);
}

export async function readHistory(command: ReadCommand): Promise<Result<unknown>> {
  if (command.do === 'folders') return await folders();
  const repository = await openRepository(command.folder);
  if (!repository.ok) return repository;
  if (command.do === 'why') {
    const { path, line } = command;
    const found =
      line === undefined
        ? await whyFile(repository.value, path)
        : await whyLine(repository.value, path, line);
    return found.ok ? ok(found.value.map(describeRecord)) : found;
  }
  if (command.do === 'log') {
    const log = await readLog(repository.value, command.limit);
    return log.ok ? ok(log.value.map(describeRecord)) : log;
  }
  const commit = await findCommit(repository.value, command.commit);
  if (!commit.ok) return commit;
  // Two, where a commit by hand was completed by a second one.
  const log = await readLog(repository.value, 2, commit.value);
  if (!log.ok) return log;
  const [entry] = log.value;
  if (entry === undefined)
    return fail('no', 'cannot show the record: it must be one of the history: it is none');
  const open = entry.differences.filter(({ before, after }) => mayAllRead(before) && mayAllRead(after));
  const text = await diffRecord(repository.value, open);
  const record: DescribedRecord = describeRecord(entry);
  return text.ok ? ok({ record, diff: text.value.slice(0, longestDiff) }) : text;
}

const longestDiff = 512 * 1024;

function mayAllRead(entry: Entry | undefined): boolean {
  return entry === undefined || (entry.mode & 0o004) !== 0;
}

interface FolderState {
  readonly folder: string;
  readonly drift: readonly string[];
  readonly unexplained: readonly Unexplained[];
}

const looked = 200;
const mostPaths = 100;

async function folders(): Promise<Result<readonly FolderState[]>> {
  const tracked = await trackedFolders();
  if (!tracked.ok) return tracked;
  const found: FolderState[] = [];
  for (const folder of tracked.value) {
    const repository = await openRepository(folder);
    if (!repository.ok) return repository;
    const drift = await findDrift(repository.value);
    if (!drift.ok) return drift;
    const silent = drift.value.head === undefined ? ok([]) : await unexplained(repository.value, looked);
    if (!silent.ok) return silent;
    found.push({
      folder,
      drift: drift.value.differences.slice(0, mostPaths).map(describe),
      unexplained: silent.value,
    });
  }
  return ok(found);
}
