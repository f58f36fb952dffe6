/**
 * The contents of secrets, sealed to a recovery key, where somebody has asked for that: a ref of its own beside
 * the records, a file for each fingerprint. It is no part of the records, so that it can be forgotten as a whole
 * (`git log` never shows it, a clone has to ask for it), and a record is the same with and without.
 */
import { fail, ok, type Result } from '../base/result.ts';
import { readText, removeAll, writeText } from '../host/files.ts';
import { readPathState } from '../host/path-state.ts';
import { personNamed } from '../host/person.ts';
import { sealedRef } from './conventions.ts';
import type { Snapshot } from './entry.ts';
import { fingerprint } from './fingerprint.ts';
import { readRef } from './head-commit.ts';
import { importStream } from './import-stream.ts';
import { readBlobs } from './read-blobs.ts';
import { open, seal } from './recovery-key.ts';
import type { Repository } from './repository.ts';

const act = 'seal the secrets';

/** Whom secrets are sealed to; undefined: only fingerprints are kept. */
export async function recipientOf({ gitDir }: Repository): Promise<Result<string | undefined>> {
  const text = await readText(placeOf(gitDir));
  if (!text.ok) return text.problem.kind === 'missing' ? ok(undefined) : text;
  return ok(text.value.trim());
}

export async function sealTo({ gitDir }: Repository, recipient: string): Promise<Result<void>> {
  return await writeText(placeOf(gitDir), `${recipient}\n`, 0o600);
}

/** Seals what is not sealed yet of the secrets in a snapshot, as they are now. How many that were. */
export async function sealSecrets(
  repository: Repository,
  snapshot: Snapshot,
  at: number,
): Promise<Result<number>> {
  const recipient = await recipientOf(repository);
  if (!recipient.ok || recipient.value === undefined) return recipient.ok ? ok(0) : recipient;
  const known = await sealedBlobs(repository);
  if (!known.ok) return known;
  const written = new Map<string, Uint8Array>();
  for (const [path, { fingerprint: print }] of snapshot) {
    if (print === undefined || known.value.has(print) || written.has(print)) continue;
    const state = await readPathState(`${repository.folder}/${path}`);
    if (!state.ok) return state;
    // Changed since it was looked at: the next record has it.
    if (state.value === undefined || fingerprint(repository.key, state.value.content) !== print) continue;
    written.set(print, await seal(state.value.content, recipient.value));
  }
  if (written.size === 0) return ok(0);
  const parent = await readRef(repository, sealedRef);
  if (!parent.ok) return parent;
  const stream = importStream({
    branch: sealedRef,
    ...(parent.value === undefined ? {} : { parent: parent.value }),
    author: personNamed('portreeve'),
    committer: personNamed('portreeve'),
    at,
    message: `sealed to ${recipient.value}\n`,
    removed: [],
    written: [...written].map(([path, content]) => ({
      path,
      entry: { kind: 'file', owner: 'root', group: 'root', mode: 0o600 },
      content,
    })),
  });
  const args = ['fast-import', '--quiet', '--date-format=raw', '--done'];
  const imported = await repository.git.run(act, args, { input: stream });
  return imported.ok ? ok(written.size) : imported;
}

/** Fingerprint → content, of those that this key opens. */
export async function openSecrets(
  repository: Repository,
  prints: Iterable<string>,
  identity: string,
): Promise<Result<ReadonlyMap<string, Buffer>>> {
  const known = await sealedBlobs(repository);
  if (!known.ok) return known;
  const wanted = [...new Set(prints)].flatMap((print): [string, string][] => {
    const blob = known.value.get(print);
    return blob === undefined ? [] : [[print, blob]];
  });
  const blobs = await readBlobs(
    repository,
    wanted.map(([, blob]) => blob),
  );
  if (!blobs.ok) return blobs;
  const opened = new Map<string, Buffer>();
  for (const [print, blob] of wanted) {
    const content = await open(blobs.value.get(blob) ?? Buffer.alloc(0), identity);
    if (content === undefined) {
      return fail(
        'no',
        'cannot open the secrets: it must be the key that they were sealed to: it is another one',
        {
          hint: 'the recipient stands in: git log -1 refs/portreeve/sealed',
        },
      );
    }
    // What somebody has put in its place is not what was recorded.
    if (fingerprint(repository.key, content) === print) opened.set(print, Buffer.from(content));
  }
  return ok(opened);
}

/** Stops sealing, and destroys what was sealed here; copies elsewhere are beyond us. */
export async function forgetSecrets(repository: Repository): Promise<Result<void>> {
  const { git, gitDir } = repository;
  const removed = await removeAll(placeOf(gitDir));
  if (!removed.ok) return removed;
  for (const args of [
    ['update-ref', '-d', sealedRef],
    ['repack', '-a', '-d', '-q'],
    ['prune', '--expire=now'],
  ]) {
    const done = await git.run('forget the sealed secrets', args);
    if (!done.ok) return done;
  }
  return await removeAll(`${gitDir}/logs/${sealedRef}`);
}

/** Fingerprint → git's name of the sealed file. */
export async function sealedBlobs(repository: Repository): Promise<Result<ReadonlyMap<string, string>>> {
  const head = await readRef(repository, sealedRef);
  if (!head.ok || head.value === undefined) return head.ok ? ok(new Map()) : head;
  const listed = await repository.git.run(act, ['ls-tree', '-z', head.value]);
  if (!listed.ok) return listed;
  const lines = listed.value.split('\0').filter((line) => line !== '');
  return ok(
    new Map(
      lines.map((line) => {
        const [, , blob = ''] = line.slice(0, line.indexOf('\t')).split(' ');
        return [line.slice(line.indexOf('\t') + 1), blob];
      }),
    ),
  );
}

function placeOf(gitDir: string): string {
  return `${gitDir}/portreeve-recipient`;
}
