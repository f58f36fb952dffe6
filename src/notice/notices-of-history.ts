/** What turned in the histories between two looks: drift, records, changes that wait or were taken back. Pure. */
import { counted } from '../base/counted.ts';
import type { DescribedRecord } from '../history/described-record.ts';
import type { Notice } from './notice.ts';

export interface HistoryState {
  readonly folders: readonly FolderLook[];
  readonly waiting: readonly {
    readonly id: string;
    readonly folder: string;
    readonly reason: string;
    readonly person: string;
    readonly until?: number | undefined;
  }[];
}

export interface FolderLook {
  readonly folder: string;
  /** What differs from the last record, a line each. */
  readonly drift: readonly string[];
  readonly unexplained: readonly { readonly commit: string; readonly reason: string }[];
  /** The newest first. */
  readonly records: readonly DescribedRecord[];
}

/** Without a look before, only what needs a person is told: what was recorded earlier is no news. */
export function noticesOfHistory(
  before: HistoryState | undefined,
  after: HistoryState,
  now: number,
): Notice[] {
  return [
    ...after.folders.flatMap((look) =>
      folderNotices(
        before?.folders.find(({ folder }) => folder === look.folder),
        look,
        now,
      ),
    ),
    ...changeNotices(before, after, now),
  ];
}

function folderNotices(
  before: FolderLook | undefined,
  { folder, drift, unexplained, records }: FolderLook,
  now: number,
): Notice[] {
  const found: Notice[] = [];
  const open = [
    ...drift,
    ...unexplained.map(({ commit, reason }) => `${commit.slice(0, 12)} ${reason.split('\n')[0] ?? ''}`),
  ];
  const wasOpen = before !== undefined && before.drift.length + before.unexplained.length > 0;
  const isNew =
    before === undefined ||
    drift.length > before.drift.length ||
    unexplained.length > before.unexplained.length;
  if (open.length > 0 && isNew)
    found.push({
      kind: 'drift',
      at: now,
      title:
        drift.length > 0
          ? `${folder} has changed without a record: ${counted(drift.length, 'path')}`
          : `${counted(unexplained.length, 'record')} of ${folder} ${unexplained.length === 1 ? 'waits' : 'wait'} for a reason`,
      lines: open.slice(0, 20),
      subject: folder,
      urgency: 'needed',
      hint:
        drift.length > 0
          ? `portreeve history record -m "…" ${folder}`
          : 'portreeve history explain ID -m "…"',
    });
  else if (open.length === 0 && wasOpen)
    found.push({
      kind: 'drift',
      at: now,
      title: `all of ${folder} is recorded and explained`,
      lines: [],
      subject: folder,
      urgency: 'over',
    });
  if (before === undefined) return found;
  const known = new Set(before.records.map(({ commit }) => commit));
  for (const record of records.toReversed())
    if (!known.has(record.commit) && record.at >= (before.records[0]?.at ?? 0))
      found.push(recordNotice(folder, record));
  return found;
}

/** A record by itself, whenever it was made. */
export function recordNotice(
  folder: string,
  { commit, at, person, reason, changes }: DescribedRecord,
): Notice {
  const isUndone = reason.startsWith('undone:');
  return {
    kind: 'change',
    at,
    title: `${isUndone ? '' : 'recorded: '}${reason.split('\n')[0] ?? ''} (${person})`,
    lines: changes.slice(0, 20),
    subject: `${folder} ${commit.slice(0, 12)}`,
    urgency: 'told',
    ...(isUndone ? { hint: `portreeve history show ${commit.slice(0, 12)}` } : {}),
  };
}

function changeNotices(before: HistoryState | undefined, after: HistoryState, now: number): Notice[] {
  const known = new Set(before?.waiting.map(({ id }) => id));
  const open = new Set(after.waiting.map(({ id }) => id));
  const begun = after.waiting
    .filter(({ id }) => !known.has(id))
    .map(({ id, folder, reason, person, until }): Notice => {
      const end =
        until === undefined
          ? 'was interrupted'
          : `waits to be confirmed until ${new Date(until).toISOString().slice(11, 19)}Z`;
      return {
        kind: 'change',
        at: now,
        title: `a change of ${folder} ${end}: ${reason.split('\n')[0] ?? ''} (${person})`,
        lines: [],
        subject: `waiting ${id}`,
        urgency: 'needed',
        hint: `portreeve change confirm ${id}`,
      };
    });
  const settled = (before?.waiting ?? [])
    .filter(({ id }) => !open.has(id))
    .map(
      ({ id, folder, reason }): Notice => ({
        kind: 'change',
        at: now,
        title: `the change of ${folder} is settled: ${reason.split('\n')[0] ?? ''}`,
        lines: [],
        subject: `waiting ${id}`,
        urgency: 'over',
      }),
    );
  return [...begun, ...settled];
}
