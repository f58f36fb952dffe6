/**
 * What happened when, from all that remembers it: what was told since the agent started, the bans that the store keeps,
 * and the records of the histories. The newest first, each once. Pure.
 */
import type { FolderLook } from '../notice/notices-of-history.ts';
import type { Notice } from '../notice/notice.ts';
import { banTitle } from '../notice/notice-of-record.ts';
import { recordNotice } from '../notice/notices-of-history.ts';
import type { StoredBan } from '../store/store.ts';

export interface TimelineParts {
  readonly told: readonly Notice[];
  readonly bans: readonly Omit<StoredBan, 'evidence'>[];
  readonly folders: readonly Pick<FolderLook, 'folder' | 'records'>[];
}

export function gatherTimeline({ told, bans, folders }: TimelineParts, most: number): Notice[] {
  const known = new Set(told.map(keyOf));
  const remembered = [
    ...bans.map(
      ({ target, began, until, rule }): Notice => ({
        kind: 'ban',
        at: began,
        title: banTitle(target, (until - began) / 1000, rule),
        lines: [],
        subject: target,
        urgency: 'told',
      }),
    ),
    ...folders.flatMap(({ folder, records }) => records.map((record) => recordNotice(folder, record))),
  ].filter((notice) => !known.has(keyOf(notice)));
  return [...told, ...remembered].toSorted((one, other) => other.at - one.at).slice(0, most);
}

function keyOf({ kind, at, subject }: Notice): string {
  return `${kind} ${at} ${subject}`;
}
