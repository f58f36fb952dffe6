/** The folder as it is now: what the history would record of it, and the bytes for that. */
import { ok, type Result } from '../base/result.ts';
import { readAccounts } from '../host/accounts.ts';
import { type Found, scanFolder } from '../host/scan-folder.ts';
import { sha1 } from '../host/sha1.ts';
import { isTemporaryName } from '../host/temporary-name.ts';
import { attributesText } from './attributes-text.ts';
import type { Entry, Snapshot } from './entry.ts';
import { fingerprint } from './fingerprint.ts';
import { type FolderProfile, folderProfile } from './folder-profile.ts';
import { metadataPath } from './metadata.ts';
import { type PastedSecret, pastedSecret } from './pasted-secret.ts';
import { readClearPaths } from './clear-paths.ts';
import type { Repository } from './repository.ts';
import { isSecret } from './secret.ts';
import { type Known, recallSnapshot, rememberSnapshot } from './snapshot-memo.ts';

export interface Taken {
  readonly snapshot: Snapshot;
  /** Path → content, for each entry that has a blob other than the recorded one. */
  readonly contents: ReadonlyMap<string, Buffer>;
  /** Files that are secrets for something in their text: only their fingerprint is recorded. */
  readonly pasted: ReadonlyMap<string, PastedSecret>;
  readonly leftOut: readonly { readonly path: string; readonly why: string }[];
}

const largestFile = 16 * 1024 * 1024;
/** The kernel's clock for files ticks each 4 to 10 ms; whoever sets the machine's may be a little off. */
const tickMs = 100;
/** To be raised whenever an entry of the same file would be another one. */
const ourRules = 2;

/** `recorded`: what the history holds already, whose contents nobody needs again. */
export async function takeSnapshot(
  repository: Pick<Repository, 'folder' | 'key' | 'gitDir'>,
  recorded: Snapshot = new Map(),
): Promise<Result<Taken>> {
  const accounts = await readAccounts();
  const clear = await readClearPaths(repository.gitDir);
  const rules = `${ourRules} ${accounts.stamp} ${sha1(JSON.stringify([...clear]))}`;
  const memo = await recallSnapshot(repository.gitDir, rules);
  const isKnown = (path: string, stamp: string): boolean => {
    const known = memo.known.get(path);
    return known?.stamp === stamp && known.entry.blob === recorded.get(path)?.blob;
  };
  const profile = folderProfile(repository.folder);
  const skip = (path: string): string | undefined => leftOutFor(path, profile);
  const scanned = await scanFolder(repository.folder, { skip, largestFile, isKnown });
  if (!scanned.ok) return scanned;
  const { found, leftOut, startedAt } = scanned.value;
  const snapshot = new Map<string, Entry>();
  const contents = new Map<string, Buffer>();
  const known = new Map<string, Known>();
  const pasted = new Map<string, PastedSecret>();
  const firstNames = new Map<string, string>();
  for (const each of found) {
    const { path, stamp } = each;
    const before = memo.known.get(path);
    const secret =
      each.read === undefined ? before?.pasted : pastedIn(each, each.read.content, clear, profile);
    if (secret !== undefined) pasted.set(path, secret);
    const fresh =
      each.read === undefined
        ? undefined
        : freshEntry(
            each,
            each.read.content,
            secret !== undefined || isSecret(path, each.read.content, profile),
            repository.key,
          );
    const attributes = each.read === undefined ? '' : attributesText(each.read.attributes, accounts);
    const entry =
      fresh === undefined ? before?.entry : { ...fresh, ...(attributes === '' ? {} : { attributes }) };
    // What was not read was known.
    if (entry === undefined) continue;
    if (fresh === undefined || each.changedAt < startedAt - tickMs) {
      known.set(path, { stamp, entry, ...(secret && { pasted: secret }) });
    }
    if (entry.blob !== undefined && each.read !== undefined) contents.set(path, each.read.content);
    const first = each.names > 1 && each.kind !== 'folder' ? firstName(firstNames, each) : undefined;
    snapshot.set(path, {
      ...entry,
      owner: accounts.userName(each.uid),
      group: accounts.groupName(each.gid),
      ...(first === undefined ? {} : { sameAs: first }),
    });
  }
  rememberSnapshot(repository.gitDir, { rules, known });
  return ok({ snapshot, contents, pasted, leftOut });
}

/** What has a name of a secret is one anyway. */
function pastedIn(
  { path, kind }: Found,
  content: Buffer,
  clear: ReadonlySet<string>,
  profile: FolderProfile | undefined,
): PastedSecret | undefined {
  return kind !== 'file' || clear.has(path) || isSecret(path, content, profile)
    ? undefined
    : pastedSecret(content);
}

function freshEntry(
  { kind, mode, device }: Found,
  content: Buffer,
  secret: boolean,
  key: string,
): Known['entry'] {
  const common = { kind, mode, ...(device === undefined ? {} : { device }) };
  if (kind !== 'file' && kind !== 'link') return common;
  if (kind === 'file' && secret) {
    return { ...common, fingerprint: fingerprint(key, content) };
  }
  return { ...common, blob: sha1(`blob ${content.length}\0`, content) };
}

/** Paths come sorted, so that the first name is the same one each time. */
function firstName(names: Map<string, string>, { path, inode }: Found): string | undefined {
  const first = names.get(inode);
  if (first === undefined) names.set(inode, path);
  return first;
}

/** A reason is told to the person; an empty one is for what is ours. */
function leftOutFor(path: string, profile: FolderProfile | undefined): string | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (path === '.git' || isTemporaryName(name)) return '';
  if (path === metadataPath) return 'its name is taken by the history itself';
  const made = profile?.made.find((each) => each.path.test(path));
  if (made !== undefined) return `it is made by ${made.by} from the file beside it`;
  if (name.toLowerCase() === '.git') return 'it is the inside of another repository';
  return undefined;
}
