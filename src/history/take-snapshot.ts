/** The folder as it is now: what the history would record of it, and the bytes for that. */
import { ok, type Result } from '../base/result.ts';
import { readAccounts } from '../host/accounts.ts';
import { hmac } from '../host/hmac.ts';
import { type Found, scanFolder } from '../host/scan-folder.ts';
import { sha1 } from '../host/sha1.ts';
import { isTemporaryName } from '../host/temporary-name.ts';
import type { Entry, Snapshot } from './entry.ts';
import { metadataPath } from './metadata.ts';
import type { Repository } from './repository.ts';
import { isSecret } from './secret.ts';

export interface Taken {
  readonly snapshot: Snapshot;
  /** Path → content, for each entry that has a blob. */
  readonly contents: ReadonlyMap<string, Buffer>;
  readonly leftOut: readonly { readonly path: string; readonly why: string }[];
}

const largestFile = 16 * 1024 * 1024;

export async function takeSnapshot(repository: Pick<Repository, 'folder' | 'key'>): Promise<Result<Taken>> {
  const scanned = await scanFolder(repository.folder, { skip, largestFile });
  if (!scanned.ok) return scanned;
  const accounts = await readAccounts();
  const snapshot = new Map<string, Entry>();
  const contents = new Map<string, Buffer>();
  for (const found of scanned.value.found) {
    const { path, kind, mode, content } = found;
    const common = { kind, mode, owner: accounts.userName(found.uid), group: accounts.groupName(found.gid) };
    if (!hasContent(found)) {
      snapshot.set(path, common);
    } else if (kind === 'file' && isSecret(path, content)) {
      snapshot.set(path, { ...common, fingerprint: fingerprint(repository.key, content) });
    } else {
      snapshot.set(path, { ...common, blob: sha1(`blob ${content.length}\0`, content) });
      contents.set(path, content);
    }
  }
  return ok({ snapshot, contents, leftOut: scanned.value.leftOut });
}

function hasContent({ kind }: Found): boolean {
  return kind === 'file' || kind === 'link';
}

/** Keyed, because a password's plain hash is found by trying words; half of it is plenty to compare. */
function fingerprint(key: string, content: Uint8Array): string {
  return hmac(`portreeve secret fingerprint 1 ${key}`, content).slice(0, 32);
}

/** A reason is told to the person; an empty one is for what is ours. */
function skip(path: string): string | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (path === '.git' || isTemporaryName(name)) return '';
  if (path === metadataPath) return 'its name is taken by the history itself';
  if (name.toLowerCase() === '.git') return 'it is the inside of another repository';
  return undefined;
}
