/**
 * The folder as a commit has recorded it. A commit by plain git says nothing of owners and modes where it
 * added a path: that is then a plain file of root's. The last few are kept in memory: commits do not change.
 */
import { type Result, ok } from '../base/result.ts';
import type { Entry, Snapshot } from './entry.ts';
import { type Metadata, metadataPath, parseMetadata } from './metadata.ts';
import type { Repository } from './repository.ts';

const kept = new Map<string, Snapshot>();
const most = 4;

export async function recordedSnapshot(repository: Repository, commit: string): Promise<Result<Snapshot>> {
  const key = `${repository.gitDir} ${commit}`;
  const known = kept.get(key);
  if (known !== undefined) return ok(known);
  const read = await readSnapshot(repository, commit);
  if (read.ok && /^[0-9a-f]{40}$/.test(commit)) rememberRecorded(repository, commit, read.value);
  return read;
}

export function rememberRecorded({ gitDir }: Repository, commit: string, snapshot: Snapshot): void {
  for (const key of [...kept.keys()].slice(0, Math.max(kept.size - most + 1, 0))) kept.delete(key);
  kept.set(`${gitDir} ${commit}`, snapshot);
}

async function readSnapshot({ git }: Repository, commit: string): Promise<Result<Snapshot>> {
  const act = 'read the history';
  const listed = await git.run(act, ['ls-tree', '-r', '-z', '--full-tree', commit]);
  if (!listed.ok) return listed;
  const tree = new Map<string, { readonly mode: string; readonly blob: string }>();
  for (const line of listed.value.split('\0')) {
    const tab = line.indexOf('\t');
    const [mode = '', , blob = ''] = line.slice(0, Math.max(tab, 0)).split(' ');
    // A gitlink names a commit of another repository; there is no content of it here.
    if (tab > 0 && mode !== '160000') tree.set(line.slice(tab + 1), { mode, blob });
  }
  const metadataBlob = tree.get(metadataPath)?.blob;
  tree.delete(metadataPath);
  const text = metadataBlob === undefined ? ok('') : await git.run(act, ['cat-file', 'blob', metadataBlob]);
  if (!text.ok) return text;
  const read = parseMetadata(text.value);
  if (!read.ok) return read;
  const snapshot = new Map<string, Entry>();
  for (const [path, metadata] of read.value) {
    const entry = joined(metadata, tree.get(path)?.blob);
    if (entry !== undefined) snapshot.set(path, entry);
  }
  for (const [path, { mode, blob }] of tree) {
    if (!snapshot.has(path)) snapshot.set(path, { ...plainEntry(mode), blob });
  }
  return ok(snapshot);
}

/** Undefined where plain git has removed the content. */
function joined(metadata: Metadata, blob: string | undefined): Entry | undefined {
  const { fingerprint, ...rest } = metadata;
  // Plain git has committed a secret: it is in the history in clear.
  if (blob !== undefined) return { ...rest, blob };
  const hasContent = metadata.kind === 'file' || metadata.kind === 'link';
  return hasContent && fingerprint === undefined ? undefined : metadata;
}

/** What plain git knows of a path. */
export function plainEntry(mode: string): Metadata {
  const root = { owner: 'root', group: 'root' };
  if (mode === '120000') return { kind: 'link', ...root, mode: 0o777 };
  return { kind: 'file', ...root, mode: mode === '100755' ? 0o755 : 0o644 };
}
