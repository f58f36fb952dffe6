/**
 * An experiment: a branch of the history that the folder is on for a while. What is recorded meanwhile is
 * recorded there. It is kept (the main line goes on from it) or dropped (the folder goes back, as a change
 * recorded on the branch; the main line never saw it). One at a time; which one, and until when, is a file
 * beside the history, so that whoever comes next (the keeper, after a reboot too) can end it.
 */
import { fail, ok, type Result } from '../base/result.ts';
import type { Boot } from '../host/boot.ts';
import { readText, removeAll, writeText } from '../host/files.ts';
import { rememberOurs } from './by-hand.ts';
import { currentBranch, headCommit, readRef } from './head-commit.ts';
import { recordedSnapshot } from './recorded-snapshot.ts';
import { refreshIndex } from './refresh-index.ts';
import type { Repository } from './repository.ts';

export interface Experiment {
  readonly name: string;
  /** The record that it started from. */
  readonly from: string;
  /** The branch to come back to, in full. */
  readonly home: string;
  /** When it ends by itself; none: when somebody ends it. */
  readonly end?: ExperimentEnd;
}

/** By the machine's uptime, which nobody can set; after a reboot by the time of day. */
export interface ExperimentEnd {
  /** Milliseconds since 1970. */
  readonly until: number;
  readonly bootId: string;
  readonly uptimeMs: number;
}

const act = 'try something';

/** Whether one of that name can be started; its branch. */
export async function canStart(repository: Repository, name: string): Promise<Result<string>> {
  const running = await currentExperiment(repository);
  if (!running.ok) return running;
  if (running.value !== undefined) {
    return fail('no', `cannot try ${name}: one experiment at a time: ${running.value.name} is at work`, {
      hint: 'end it first: portreeve history keep, or portreeve history drop',
    });
  }
  const branch = branchOf(name);
  const fit = await repository.git.run(act, ['check-ref-format', branch]);
  if (!fit.ok || !/^[\w][\w./+-]{0,99}$/.test(name)) {
    return fail('usage', `cannot try ${name}: its name must be one that a branch can have: it is not`, {
      hint: 'letters, digits, dots and dashes, such as tls-1.3-only',
    });
  }
  const taken = await readRef(repository, branch);
  if (!taken.ok) return taken;
  if (taken.value !== undefined) {
    return fail('no', `cannot try ${name}: its name must be new: there was an experiment ${name} before`, {
      hint: `choose another; what came of it: git -C ${repository.folder} log ${branch.slice('refs/heads/'.length)}`,
    });
  }
  return ok(branch);
}

export async function startExperiment(
  repository: Repository,
  { name, end }: Pick<Experiment, 'name' | 'end'>,
): Promise<Result<Experiment>> {
  const free = await canStart(repository, name);
  if (!free.ok) return free;
  const branch = free.value;
  const [home, from] = [await currentBranch(repository), await headCommit(repository)];
  if (!home.ok) return home;
  if (!from.ok) return from;
  if (from.value === undefined) {
    return fail('no', `cannot try ${name}: there must be a record to come back to: there is none yet`);
  }
  const experiment = { name, from: from.value, home: home.value, ...(end === undefined ? {} : { end }) };
  // The file first: a crash between the two leaves an experiment on the main line, which keep and drop end.
  const written = await writeText(placeOf(repository), `${JSON.stringify(experiment)}\n`, 0o600);
  if (!written.ok) return written;
  const made = await repository.git.run(act, ['update-ref', branch, from.value, '']);
  if (!made.ok) return made;
  const moved = await repository.git.run(act, ['symbolic-ref', 'HEAD', branch]);
  return moved.ok ? ok(experiment) : moved;
}

export async function currentExperiment(repository: Repository): Promise<Result<Experiment | undefined>> {
  const text = await readText(placeOf(repository));
  if (!text.ok) return text.problem.kind === 'missing' ? ok(undefined) : text;
  try {
    // Root's alone, written by us.
    return ok(JSON.parse(text.value) as Experiment);
  } catch {
    return fail('configuration', `cannot read the experiment: it must be whole: ${placeOf(repository)}`, {
      path: placeOf(repository),
      hint: `look at it, then remove it; the branches: git -C ${repository.folder} branch`,
    });
  }
}

/** The end of one. To drop it, the folder has to be as it was at `from` already: by a change of its own. */
export async function finishExperiment(
  repository: Repository,
  experiment: Experiment,
  outcome: 'keep' | 'drop',
): Promise<Result<void>> {
  const { home, from } = experiment;
  const head = await headCommit(repository);
  if (!head.ok) return head;
  const end = outcome === 'keep' ? (head.value ?? from) : from;
  const homeNow = await readRef(repository, home);
  if (!homeNow.ok) return homeNow;
  if (outcome === 'keep' && homeNow.value !== end) {
    // Only onwards: what somebody has put there meanwhile is not lost.
    const moved = await repository.git.run('keep the experiment', ['update-ref', home, end, from]);
    if (!moved.ok) return moved;
  }
  const back = await repository.git.run('end the experiment', ['symbolic-ref', 'HEAD', home]);
  if (!back.ok) return back;
  const remembered = await rememberOurs(repository, end);
  if (!remembered.ok) return remembered;
  const removed = await removeAll(placeOf(repository));
  if (!removed.ok) return removed;
  const snapshot = await recordedSnapshot(repository, end);
  if (!snapshot.ok) return snapshot;
  return await refreshIndex(repository, { snapshot: snapshot.value });
}

export function isOver({ end }: Experiment, now: number, boot: Boot): boolean {
  if (end === undefined) return false;
  return boot.id === end.bootId ? boot.uptimeMs >= end.uptimeMs : now >= end.until;
}

function branchOf(name: string): string {
  return `refs/heads/try/${name}`;
}

function placeOf({ gitDir }: Repository): string {
  return `${gitDir}/portreeve-experiment`;
}
