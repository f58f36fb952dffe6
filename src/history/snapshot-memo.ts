/**
 * What was read of a folder last time, so that the next look reads only what has changed since: each path
 * with its stamp (inode, size, times) and its entry. The kernel changes the stamp with every change of
 * content, owner, mode, attributes or names, and nobody can set it back.
 *
 * Two changes within one tick of the kernel's clock look the same: a path is only known if it was left in
 * peace for a while before it was read. Kept in this process, and beside the history for the next one; one
 * that cannot be read, or of other rules, is as good as none.
 */
import { readText, writeText } from '../host/files.ts';
import type { Entry } from './entry.ts';
import type { PastedSecret } from './pasted-secret.ts';

export interface Memo {
  /** What the entries depend on besides the files: the accounts of this machine, and our own rules. */
  readonly rules: string;
  readonly known: ReadonlyMap<string, Known>;
}

export interface Known {
  readonly stamp: string;
  /** Owner, group and hard links are told anew each time. */
  readonly entry: Omit<Entry, 'owner' | 'group' | 'sameAs'>;
  /** Why it is a secret, where that is something in its text. */
  readonly pasted?: PastedSecret;
}

const memos = new Map<string, Memo>();

export async function recallSnapshot(gitDir: string, rules: string): Promise<Memo> {
  const memo = memos.get(gitDir) ?? (await readMemo(gitDir));
  memos.set(gitDir, memo);
  return memo.rules === rules ? memo : { rules, known: new Map() };
}

export function rememberSnapshot(gitDir: string, memo: Memo): void {
  memos.set(gitDir, memo);
}

/** For the next process. That it could not be kept costs time, nothing else. */
export async function keepSnapshot(gitDir: string): Promise<void> {
  const memo = memos.get(gitDir);
  if (memo === undefined) return;
  const text = JSON.stringify([
    memo.rules,
    [...memo.known].map(([path, { stamp, entry, pasted }]) => [path, stamp, entry, pasted]),
  ]);
  await writeText(pathOf(gitDir), text, 0o600);
}

async function readMemo(gitDir: string): Promise<Memo> {
  const text = await readText(pathOf(gitDir), 256 * 1024 * 1024);
  const nothing = { rules: '', known: new Map() };
  if (!text.ok) return nothing;
  try {
    // Root's alone, written by us.
    const [rules, known] = JSON.parse(text.value) as [
      string,
      [string, string, Known['entry'], PastedSecret | null][],
    ];
    return {
      rules,
      known: new Map(
        known.map(([path, stamp, entry, pasted]) => [path, { stamp, entry, ...(pasted && { pasted }) }]),
      ),
    };
  } catch {
    return nothing;
  }
}

function pathOf(gitDir: string): string {
  return `${gitDir}/portreeve-memo`;
}
