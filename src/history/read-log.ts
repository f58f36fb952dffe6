/** The records of a folder, newest first: who, when, why, and what differed, metadata included. */
import { ok, type Result } from '../base/result.ts';
import { completes, notesRef } from './conventions.ts';
import { type Difference, differences } from './difference.ts';
import { splitEffects } from './effects.ts';
import type { Entry, Snapshot } from './entry.ts';
import { type Metadata, metadataPath, parseMetadata } from './metadata.ts';
import { readBlobs } from './read-blobs.ts';
import { plainEntry } from './recorded-snapshot.ts';
import type { Repository } from './repository.ts';

export interface LogEntry {
  readonly commit: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly person: string;
  readonly reason: string;
  /** Told later, by `history explain`. */
  readonly explained?: string;
  /** What it brought about, as it was seen then. */
  readonly effects: readonly string[];
  readonly differences: readonly Difference[];
}

/** What the keeper found changed, and nobody has told the reason of yet. */
export function isUnexplained({ reason, explained }: Pick<LogEntry, 'reason' | 'explained'>): boolean {
  return explained === undefined && /^drift\b/.test(reason);
}

const act = 'read the history';

export async function readLog(
  repository: Repository,
  limit: number,
  from = 'HEAD',
): Promise<Result<LogEntry[]>> {
  return await readEntries(repository, [`--max-count=${limit}`, from, '--']);
}

/** These records alone, in this order. */
export async function readRecords(
  repository: Repository,
  commits: readonly string[],
): Promise<Result<LogEntry[]>> {
  if (commits.length === 0) return ok([]);
  const input = Buffer.from(commits.map((commit) => `${commit}\n`).join(''));
  return await readEntries(repository, ['--no-walk=unsorted', '--stdin'], input);
}

async function readEntries(
  repository: Repository,
  which: readonly string[],
  input?: Buffer,
): Promise<Result<LogEntry[]>> {
  const format = '--format=%H%n%at%n%an%n%B%x00%N';
  const args = ['log', '-z', format, `--notes=${notesRef}`, ...which];
  const read = await repository.git.run(act, args, input === undefined ? {} : { input });
  if (!read.ok) return read;
  const parts = read.value.split('\0');
  const commits: Omit<LogEntry, 'differences'>[] = [];
  for (let index = 0; index + 1 < parts.length; index += 2) {
    commits.push(parseCommit(parts[index] ?? '', parts[index + 1] ?? ''));
  }
  const changed = await changesOf(
    repository,
    commits.map(({ commit }) => commit),
  );
  if (!changed.ok) return changed;
  return ok(
    folded(commits.map((commit) => ({ ...commit, differences: changed.value.get(commit.commit) ?? [] }))),
  );
}

function parseCommit(text: string, note: string): Omit<LogEntry, 'differences'> {
  const [commit = '', at = '', person = '', ...message] = text.split('\n');
  const explained = note.trim();
  return {
    commit,
    at: Number(at) * 1000,
    person,
    ...splitEffects(message.join('\n')),
    ...(explained === '' ? {} : { explained }),
  };
}

/** A commit by hand and the one that completes it are one record, by the name of the latter. */
function folded(entries: readonly LogEntry[]): LogEntry[] {
  const found: LogEntry[] = [];
  for (let index = 0; index < entries.length; index += 1) {
    const [entry, next] = [entries[index], entries[index + 1]];
    if (entry === undefined) break;
    if (next === undefined || !entry.reason.endsWith(`${completes}${next.commit}`)) {
      found.push(entry);
      continue;
    }
    index += 1;
    const byPath = new Map(next.differences.map((difference) => [difference.path, difference]));
    for (const difference of entry.differences) {
      const { before } = byPath.get(difference.path) ?? difference;
      const { path, after } = difference;
      byPath.set(path, { path, ...(before && { before }), ...(after && { after }) });
    }
    const { reason, explained = entry.explained } = next;
    const all = byPath.values().toArray();
    found.push({ ...entry, reason, ...(explained && { explained }), differences: all });
  }
  return found;
}

interface Raw {
  readonly path: string;
  readonly old: string;
  readonly now: string;
  readonly oldMode: string;
  readonly nowMode: string;
}

/** What each commit changed against its parent. */
async function changesOf(
  repository: Repository,
  commits: readonly string[],
): Promise<Result<ReadonlyMap<string, Difference[]>>> {
  const args = ['diff-tree', '--stdin', '-z', '-r', '--root', '--no-renames', '--raw', '--no-abbrev'];
  const input = Buffer.from(commits.map((commit) => `${commit}\n`).join(''));
  const read = await repository.git.run(act, args, { input });
  if (!read.ok) return read;
  const raws = parseRaw(read.value);
  const texts = await readBlobs(
    repository,
    [...raws.values()]
      .flat()
      .flatMap(({ path, old, now }) => (path === metadataPath ? present(old, now) : [])),
  );
  if (!texts.ok) return texts;
  const tables = new Map<string, ReadonlyMap<string, Metadata>>();
  for (const [name, text] of texts.value) {
    const table = parseMetadata(text.toString('utf8'));
    if (!table.ok) return table;
    tables.set(name, table.value);
  }
  const found = new Map<string, Difference[]>();
  for (const [commit, raw] of raws) {
    const metadata = raw.find(({ path }) => path === metadataPath);
    const contents = raw.filter(({ path }) => path !== metadataPath);
    found.set(
      commit,
      differences(
        side(tables.get(metadata?.old ?? ''), contents, 'old'),
        side(tables.get(metadata?.now ?? ''), contents, 'now'),
      ),
    );
  }
  return ok(found);
}

const none = '0'.repeat(40);

function present(...names: readonly string[]): string[] {
  return names.filter((name) => name !== none);
}

/** Records of `:MODE MODE OLD NOW STATUS NUL PATH NUL`, after the commit that they belong to. */
function parseRaw(text: string): Map<string, Raw[]> {
  const commits = new Map<string, Raw[]>();
  const parts = text.split('\0');
  let current: Raw[] = [];
  for (let index = 0; index < parts.length; index += 1) {
    const part = parts[index]?.trim() ?? '';
    if (part.startsWith(':')) {
      const [oldMode = '', nowMode = '', old = none, now = none] = part.slice(1).split(' ');
      index += 1;
      current.push({ path: parts[index] ?? '', old, now, oldMode, nowMode });
    } else if (part !== '') {
      current = [];
      commits.set(part, current);
    }
  }
  return commits;
}

/**
 * One side of a commit, as far as it matters: contents that did not change have no name here, and so
 * are equal. What the metadata text does not know (a plain `git commit` by hand) is a plain file.
 */
function side(
  table: ReadonlyMap<string, Metadata> | undefined,
  contents: readonly Raw[],
  which: 'old' | 'now',
): Snapshot {
  const snapshot = new Map<string, Entry>(table ?? []);
  for (const raw of contents) {
    if (raw[which] === none) continue;
    const known = snapshot.get(raw.path) ?? plainEntry(which === 'old' ? raw.oldMode : raw.nowMode);
    snapshot.set(raw.path, { ...known, blob: raw[which] });
  }
  return snapshot;
}
