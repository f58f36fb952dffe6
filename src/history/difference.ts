/** What differs between two snapshots, by path; a change of metadata alone is a difference. */
import type { Entry, Snapshot } from './entry.ts';

export interface Difference {
  readonly path: string;
  /** Absent: the path is new. */
  readonly before?: Entry;
  /** Absent: the path is gone. */
  readonly after?: Entry;
}

export function differences(before: Snapshot, after: Snapshot): Difference[] {
  const found: Difference[] = [];
  for (const [path, old] of before) {
    const now = after.get(path);
    if (now === undefined) found.push({ path, before: old });
    else if (!same(old, now)) found.push({ path, before: old, after: now });
  }
  for (const [path, now] of after) {
    if (!before.has(path)) found.push({ path, after: now });
  }
  return found.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

export function sameContent(a: Entry, b: Entry): boolean {
  return a.kind === b.kind && a.blob === b.blob && a.fingerprint === b.fingerprint;
}

function same(a: Entry, b: Entry): boolean {
  return sameContent(a, b) && sameLook(a, b) && a.sameAs === b.sameAs && a.device === b.device;
}

function sameLook(a: Entry, b: Entry): boolean {
  return a.mode === b.mode && a.owner === b.owner && a.group === b.group && a.attributes === b.attributes;
}
