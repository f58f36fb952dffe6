/** The folder as a commit has recorded it. */
import { type Result, ok } from '../base/result.ts';
import type { Entry, Snapshot } from './entry.ts';
import { metadataPath, parseMetadata } from './metadata.ts';
import type { Repository } from './repository.ts';

export async function recordedSnapshot(repository: Repository, commit: string): Promise<Result<Snapshot>> {
  const act = 'read the history';
  const listed = await repository.git.run(act, ['ls-tree', '-r', '-z', '--full-tree', commit]);
  if (!listed.ok) return listed;
  const blobs = new Map<string, string>();
  for (const line of listed.value.split('\0')) {
    const tab = line.indexOf('\t');
    if (tab > 0) blobs.set(line.slice(tab + 1), line.slice(0, tab).split(' ')[2] ?? '');
  }
  const metadataBlob = blobs.get(metadataPath);
  if (metadataBlob === undefined) return ok(new Map());
  const text = await repository.git.run(act, ['cat-file', 'blob', metadataBlob]);
  if (!text.ok) return text;
  const read = parseMetadata(text.value);
  if (!read.ok) return read;
  const snapshot = new Map<string, Entry>();
  for (const [path, metadata] of read.value) {
    const blob = blobs.get(path);
    snapshot.set(path, blob === undefined ? metadata : { ...metadata, blob });
  }
  return ok(snapshot);
}
