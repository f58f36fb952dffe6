/**
 * Takes a history to another place: a bare repository, over ssh or on a disk. Where it lies and how the last
 * push went is kept beside the history, so that `history status` can tell. A record never waits for it and
 * never fails by it.
 */
import { fail, ok, type Result } from '../base/result.ts';
import { readText, writeText } from '../host/files.ts';
import { notesRef, sealedRef } from './conventions.ts';
import { headCommit } from './head-commit.ts';
import type { Repository } from './repository.ts';

export interface PushState {
  readonly remote: string;
  /** The last record that arrived there. */
  readonly pushed?: string;
  /** Why the last push failed. */
  readonly problem?: string;
}

/** ssh://[user@]host[:port]/path, [user@]host:path, or a path. Nothing that git would run a program for. */
const remoteShape =
  /^(?:ssh:\/\/(?!-)[\w.@:[\]-]+\/\S*|(?!-)[\w.-]+(?:@[\w.-]+)?:(?!:|\/\/)[^\s-]\S*|\/\S*)$/;

export async function setRemote(repository: Repository, remote: string): Promise<Result<void>> {
  if (remoteShape.test(remote)) return await save(repository, { remote });
  return fail('usage', `cannot push there: it must be ssh://host/path, host:path or /path: ${remote}`, {
    hint: 'for example: backup@example.org:mail/etc-exim4.git, made with git init --bare',
  });
}

export async function pushState({ gitDir }: Repository): Promise<Result<PushState | undefined>> {
  const text = await readText(placeOf(gitDir));
  if (!text.ok) return text.problem.kind === 'missing' ? ok(undefined) : text;
  const [remote = '', pushed = '', ...problem] = text.value.trimEnd().split('\n');
  return ok({
    remote,
    ...(pushed === '' ? {} : { pushed }),
    ...(problem.length === 0 ? {} : { problem: problem.join(' ') }),
  });
}

/** Where it went to; undefined where no place was ever named. */
export async function pushHistory(repository: Repository): Promise<Result<string | undefined>> {
  const state = await pushState(repository);
  if (!state.ok) return state;
  if (state.value === undefined) return ok(undefined);
  const { remote, pushed } = state.value;
  const head = await headCommit(repository);
  if (!head.ok) return head;
  const sent = await repository.git.push(remote, [
    'refs/heads/*:refs/heads/*',
    `+${notesRef}*:${notesRef}*`,
    `+${sealedRef}*:${sealedRef}*`,
  ]);
  if (sent.ok) {
    const saved = await save(repository, {
      remote,
      ...(head.value === undefined ? {} : { pushed: head.value }),
    });
    return saved.ok ? ok(remote) : saved;
  }
  const problem = sent.problem.message.replaceAll('\n', ' ');
  const saved = await save(repository, { remote, ...(pushed === undefined ? {} : { pushed }), problem });
  return saved.ok ? sent : saved;
}

/** Whether there is a place for it that has not got the last record yet; that record. */
export async function unpushed(repository: Repository): Promise<Result<string | undefined>> {
  const state = await pushState(repository);
  if (!state.ok || state.value === undefined) return state.ok ? ok(undefined) : state;
  const head = await headCommit(repository);
  return head.ok ? ok(head.value === state.value.pushed ? undefined : head.value) : head;
}

async function save(
  { gitDir }: Repository,
  { remote, pushed = '', problem }: PushState,
): Promise<Result<void>> {
  const text = `${[remote, pushed, ...(problem === undefined ? [] : [problem])].join('\n')}\n`;
  return await writeText(placeOf(gitDir), text, 0o600);
}

function placeOf(gitDir: string): string {
  return `${gitDir}/portreeve-push`;
}
