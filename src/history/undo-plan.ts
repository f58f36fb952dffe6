/**
 * Taking one recorded change back, decided: the state that the folder shall have, and what stands in the
 * way. What came after the change stays: an owner, mode or content that was changed again since keeps its
 * later value, texts are merged. Where that cannot be, it is a conflict, and nothing is done at all.
 */
import { type Difference, sameContent } from './difference.ts';
import type { Entry, Snapshot } from './entry.ts';

export interface UndoPlan {
  readonly wanted: Snapshot;
  /** Whose content has to be merged from three: now, as the change left it, as it was before. */
  readonly merges: readonly { readonly path: string; readonly base: string; readonly theirs: string }[];
  readonly conflicts: readonly Conflict[];
}

export interface Conflict {
  readonly path: string;
  readonly why: string;
  /** The lines that both sides have changed. */
  readonly lines?: readonly string[];
}

export function undoPlan(changed: readonly Difference[], before: Snapshot, now: Snapshot): UndoPlan {
  const wanted = new Map(now);
  const merges: UndoPlan['merges'][number][] = [];
  const conflicts: Conflict[] = [];
  for (const difference of changed) {
    const { path } = difference;
    const step = undoOne(difference, now.get(path));
    if (typeof step === 'string') conflicts.push({ path, why: step });
    else if (step === undefined) wanted.delete(path);
    else {
      wanted.set(path, step.entry);
      if (step.merge !== undefined) merges.push({ path, ...step.merge });
    }
  }
  for (const path of wanted.keys().toArray()) addParents(path, before, wanted);
  conflicts.push(...homeless(wanted));
  return { wanted, merges, conflicts };
}

interface Step {
  readonly entry: Entry;
  readonly merge?: { readonly base: string; readonly theirs: string };
}

/** A conflict in words; undefined where the path shall be gone. */
function undoOne({ before, after }: Difference, current: Entry | undefined): Step | string | undefined {
  if (before === undefined) {
    if (current === undefined) return undefined;
    return after !== undefined && sameContent(after, current)
      ? undefined
      : 'it was new, and has been changed since';
  }
  if (after === undefined) {
    if (current === undefined) return { entry: before };
    return sameContent(before, current)
      ? { entry: current }
      : 'it was removed, and is there again, another one';
  }
  if (current === undefined) return 'it has been removed since';
  const look = (content: Entry): Entry => dressed(content, { before, after, current });
  if (sameContent(before, after) || sameContent(current, before)) return { entry: look(current) };
  if (sameContent(current, after)) return { entry: look(before) };
  const isText = [before, after, current].every(({ kind, blob }) => kind === 'file' && blob !== undefined);
  if (!isText || after.blob === undefined || before.blob === undefined) return 'it has been changed since';
  return { entry: look(current), merge: { base: after.blob, theirs: before.blob } };
}

interface Three {
  readonly before: Entry;
  readonly after: Entry;
  readonly current: Entry;
}

/** The content of one entry; each other aspect as it was before, unless it was changed again since. */
function dressed({ kind, blob, fingerprint }: Entry, { before, after, current }: Three): Entry {
  const pick = <K extends keyof Entry>(aspect: K): Entry[K] =>
    current[aspect] === after[aspect] ? before[aspect] : current[aspect];
  const [sameAs, device, attributes] = [pick('sameAs'), pick('device'), pick('attributes')];
  return {
    kind,
    owner: pick('owner'),
    group: pick('group'),
    mode: pick('mode'),
    ...(blob === undefined ? {} : { blob }),
    ...(fingerprint === undefined ? {} : { fingerprint }),
    ...(sameAs === undefined ? {} : { sameAs }),
    ...(device === undefined ? {} : { device }),
    ...(attributes === undefined ? {} : { attributes }),
  };
}

function addParents(path: string, before: Snapshot, wanted: Map<string, Entry>): void {
  for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
    const folder = path.slice(0, at);
    const entry = before.get(folder);
    if (!wanted.has(folder) && entry?.kind === 'folder') wanted.set(folder, entry);
  }
}

function homeless(wanted: Snapshot): Conflict[] {
  return [...wanted.keys()].flatMap((path) => {
    const at = path.lastIndexOf('/');
    const folder = path.slice(0, at);
    if (at <= 0 || wanted.get(folder)?.kind === 'folder') return [];
    return [{ path, why: `its folder ${folder} would be gone` }];
  });
}
