/**
 * The edits that make one state of a folder of another, in an order in which each can be carried out:
 * removals first, deepest first; then what is put, parents before what lies in them, the first name of a
 * file before its hard links.
 */
import type { Edit } from '../base/edit.ts';
import { fail, ok, type Result } from '../base/result.ts';
import type { Accounts } from '../host/accounts.ts';
import { attributesOf } from './attributes-text.ts';
import { differences } from './difference.ts';
import type { Entry, Snapshot } from './entry.ts';

export interface States {
  readonly folder: string;
  readonly now: Snapshot;
  readonly wanted: Snapshot;
  /** The bytes that a path shall have; undefined where nobody has them. */
  readonly contentOf: (path: string, wanted: Entry) => Uint8Array | undefined;
  readonly accounts: Accounts;
}

export function editsBetween(states: States): Result<Edit[]> {
  const { folder, now, wanted } = states;
  const changed = differences(now, wanted).filter(({ before, after }) => !isSocket(before, after));
  const removed = changed.filter(({ after }) => after === undefined).map(({ path }) => path);
  const put = new Set(changed.filter(({ after }) => after !== undefined).map(({ path }) => path));
  // A file that is replaced is another file: its further names have to be made anew.
  for (const [path, { sameAs }] of wanted) if (sameAs !== undefined && put.has(sameAs)) put.add(path);
  const edits: Edit[] = removed.toReversed().map((path) => ({
    path: fullPath(folder, path),
    content: null,
    kind: now.get(path)?.kind ?? 'file',
  }));
  for (const path of [...put].toSorted((a, b) => (a < b ? -1 : 1))) {
    const entry = wanted.get(path);
    if (entry === undefined) continue;
    const edit = editTo(states, path, entry);
    if (!edit.ok) return edit;
    edits.push(edit.value);
  }
  return ok(edits);
}

function editTo({ folder, contentOf, accounts }: States, path: string, entry: Entry): Result<Edit> {
  const { kind, owner, group, mode, sameAs, device } = entry;
  const hasContent = kind === 'file' || kind === 'link';
  const content = hasContent ? contentOf(path, entry) : Buffer.alloc(0);
  if (content === undefined) {
    return fail('no', `cannot undo ${path}: its content must be in the history: only a fingerprint is`, {
      path: fullPath(folder, path),
    });
  }
  const attributes = attributesOf(entry.attributes ?? '', accounts);
  if (!attributes.ok) return attributes;
  return ok({
    path: fullPath(folder, path),
    content,
    kind,
    owner,
    group,
    mode,
    attributes: attributes.value,
    ...(device === undefined ? {} : { device }),
    ...(sameAs === undefined ? {} : { sameAs: fullPath(folder, sameAs) }),
  });
}

/** A socket belongs to a program that runs: it is neither made nor removed. */
function isSocket(before: Entry | undefined, after: Entry | undefined): boolean {
  return (after ?? before)?.kind === 'socket';
}

function fullPath(folder: string, path: string): string {
  return path === '.' ? folder : `${folder}/${path}`;
}
