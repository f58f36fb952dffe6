/**
 * Commits by plain git in the folder (`git commit`, `git revert`) are welcome: their message is the reason.
 * What git does not know of, owners and modes of the paths that they changed, is added by a commit on top,
 * by the same person; `history log` shows both as one. Nothing that somebody wrote is rewritten.
 *
 * A commit is known to be by hand because it is not the last one of ours.
 */
import { ok, type Result } from '../base/result.ts';
import { readText, writeText } from '../host/files.ts';
import { personNamed } from '../host/person.ts';
import { completes } from './conventions.ts';
import { differences } from './difference.ts';
import type { Entry, Snapshot } from './entry.ts';
import { currentBranch, headCommit } from './head-commit.ts';
import { importStream } from './import-stream.ts';
import { formatMetadata, metadataPath } from './metadata.ts';
import { recordedSnapshot } from './recorded-snapshot.ts';
import { refreshIndex } from './refresh-index.ts';
import type { Repository } from './repository.ts';
import { sha1 } from '../host/sha1.ts';
import { takeSnapshot } from './take-snapshot.ts';

/** Remembers the last commit of ours. */
export async function rememberOurs({ gitDir }: Repository, commit: string): Promise<Result<void>> {
  return await writeText(`${gitDir}/portreeve-last`, `${commit}\n`, 0o600);
}

/** Whether somebody has committed by plain git since the last record of ours. */
export async function isByHand(repository: Repository): Promise<boolean> {
  const head = await headCommit(repository);
  const last = await readText(`${repository.gitDir}/portreeve-last`);
  return head.ok && head.value !== undefined && last.ok && last.value.trim() !== head.value;
}

/** The commit that completes one by hand; undefined where there was nothing to add. */
export async function completeByHand(repository: Repository): Promise<Result<string | undefined>> {
  const head = await headCommit(repository);
  if (!head.ok) return head;
  const last = await readText(`${repository.gitDir}/portreeve-last`);
  if (!last.ok && last.problem.kind !== 'missing') return last;
  const ours = last.ok ? last.value.trim() : undefined;
  if (head.value === undefined || head.value === ours) return ok(undefined);
  const recorded = await recordedSnapshot(repository, head.value);
  if (!recorded.ok) return recorded;
  const before = ours === undefined ? ok(new Map<string, Entry>()) : await known(repository, ours);
  if (!before.ok) return before;
  const taken = await takeSnapshot(repository, recorded.value);
  if (!taken.ok) return taken;
  const wanted = completed(before.value, recorded.value, taken.value.snapshot);
  const added = differences(recorded.value, wanted);
  if (added.length === 0) {
    const remembered = await rememberOurs(repository, head.value);
    return remembered.ok ? ok(undefined) : remembered;
  }
  return await writeCompletion(repository, head.value, wanted);
}

/** A record that is gone (a reset by hand) is as good as none. */
async function known(repository: Repository, commit: string): Promise<Result<Snapshot>> {
  const read = await recordedSnapshot(repository, commit);
  return read.ok ? read : ok(new Map());
}

/** As the commit has it; but what it changed, and is so now, looks as it does now. */
export function completed(before: Snapshot, recorded: Snapshot, now: Snapshot): Snapshot {
  const wanted = new Map<string, Entry>();
  for (const [path, entry] of recorded) {
    const old = before.get(path);
    const current = now.get(path);
    const changed = old === undefined || old.blob !== entry.blob || old.kind !== entry.kind;
    const asNow = changed && current !== undefined && current.blob === entry.blob && entry.blob !== undefined;
    wanted.set(path, asNow ? current : entry);
  }
  for (const path of wanted.keys().toArray()) {
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
      const folder = path.slice(0, at);
      const current = now.get(folder);
      if (!wanted.has(folder) && current?.kind === 'folder') wanted.set(folder, current);
    }
  }
  const root = now.get('.');
  if (!wanted.has('.') && root !== undefined) wanted.set('.', root);
  return wanted;
}

async function writeCompletion(
  repository: Repository,
  head: string,
  wanted: Snapshot,
): Promise<Result<string | undefined>> {
  const branch = await currentBranch(repository);
  if (!branch.ok) return branch;
  const act = 'complete a commit by hand';
  const shown = await repository.git.run(act, ['log', '-1', '--format=%an%n%ae%n%ct%n%s', head]);
  if (!shown.ok) return shown;
  const [name = '', email = '', seconds = '0', subject = ''] = shown.value.split('\n');
  const metadata = Buffer.from(formatMetadata(wanted));
  const stream = importStream({
    branch: branch.value,
    parent: head,
    author: { name, email },
    committer: personNamed('portreeve'),
    at: Number(seconds) * 1000,
    message: `owners and modes of: ${subject}\n\n${completes}${head}\n`,
    removed: [],
    written: [
      {
        path: metadataPath,
        entry: { kind: 'file', owner: 'root', group: 'root', mode: 0o644 },
        content: metadata,
      },
    ],
  });
  const args = ['fast-import', '--quiet', '--date-format=raw', '--done'];
  const imported = await repository.git.run(act, args, { input: stream });
  if (!imported.ok) return imported;
  const commit = imported.value.trim();
  const remembered = await rememberOurs(repository, commit);
  if (!remembered.ok) return remembered;
  const metadataBlob = sha1(`blob ${metadata.length}\0`, metadata);
  const index = await refreshIndex(repository, {
    snapshot: wanted,
    changed: { differences: [], metadataBlob },
  });
  return index.ok ? ok(commit) : index;
}
