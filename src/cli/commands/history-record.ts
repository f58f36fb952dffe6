/** `portreeve history record -m TEXT [PATH…]`: record what has changed, and why. */
import { Command } from 'commander';
import { z } from 'zod';
import { type Failed, fail, ok, type Ok, type Result } from '../../base/result.ts';
import { recordChange } from '../../change/record-change.ts';
import { systemClock } from '../../host/clock.ts';
import { currentPerson } from '../../host/person.ts';
import { realPath } from '../../host/real-path.ts';
import { addClearPaths } from '../../history/clear-paths.ts';
import { describe } from '../../history/describe.ts';
import { diffStates } from '../../history/diff.ts';
import { explain } from '../../history/explain.ts';
import { findDrift } from '../../history/drift.ts';
import { packHistory } from '../../history/pack.ts';
import type { LogEntry } from '../../history/read-log.ts';
import { recentDrift } from '../../history/recent-drift.ts';
import { headCommit } from '../../history/head-commit.ts';
import { parseReason, type Reason } from '../../history/reason.ts';
import { openRepository, type Repository, trackedFolders } from '../../history/repository.ts';
import { act } from '../act.ts';
import { askedReason } from '../asked-reason.ts';
import { chosenFolder } from '../chosen-folder.ts';
import type { ExitStatus } from '../exit-status.ts';
import { inside } from '../inside.ts';
import { pushAfter } from '../push-after.ts';
import type { Speaker } from '../speak.ts';

const schema = z.object({
  reason: z.string().optional(),
  folder: z.string().optional(),
  asSecret: z.boolean().optional(),
  inClear: z.array(z.string()),
});
type Options = z.infer<typeof schema>;

export function historyRecord(): Command {
  return new Command('record')
    .description('record what has changed, owners and modes included, and why')
    .argument('[path...]', 'a tracked folder, or files and folders in one (default: all that has changed)')
    .option('-m, --reason <text>', 'why; without it your editor asks, with the diff')
    .option('--as-secret', 'files with a password in their text: record their fingerprint alone')
    .option('--in-clear <path>', 'this file holds no secret: record it in clear, now and later', collect, [])
    .option('--folder <dir>', 'the tracked folder (default: of the paths, where you are, or the only one)')
    .action(act(schema, async ({ speak, args, options }) => await recordNow(speak, args, options)));
}

function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}

async function recordNow(
  speak: Speaker,
  args: readonly string[],
  options: Options,
): Promise<Ok<ExitStatus> | Failed> {
  const given = options.reason === undefined ? undefined : parseReason(options.reason);
  if (given?.ok === false) return given;
  const folder = await folderOf(args[0], options.folder);
  if (!folder.ok) return folder;
  const repository = await openRepository(folder.value);
  if (!repository.ok) return repository;
  const paths = await allInside(folder.value, args);
  if (!paths.ok) return paths;
  const settled = await settleSecrets(repository.value, options);
  if (!settled.ok) return settled;
  const head = await headCommit(repository.value);
  const drift =
    head.ok && head.value === undefined
      ? ok([])
      : await recentDrift(repository.value, paths.value, systemClock.now());
  if (!drift.ok) return drift;
  const reason = await askedReason(
    options.reason,
    async () => await shownDiff(repository.value, drift.value.at(-1)?.commit),
  );
  if (!reason.ok) return reason;
  const tell = ({ phase, evidence }: { phase: string; evidence: string }): void => {
    speak.note(`${phase.padEnd(8)} ${evidence}`);
  };
  const recorded = await recordChange(
    folder.value,
    reason.value,
    tell,
    paths.value.length === 0 ? {} : { paths: paths.value },
  );
  if (!recorded.ok) return recorded;
  const { commit, differences, leftOut } = recorded.value;
  const changes = differences.map(describe);
  speak.line(
    changes.length === 0
      ? `nothing to record: ${folder.value} is as record ${commit.slice(0, 12)} has it`
      : `recorded ${commit.slice(0, 12)}`,
  );
  for (const change of changes) speak.line(`  ${change}`);
  const told = await explainAll(speak, repository.value, drift.value, reason.value);
  if (!told.ok) return told;
  for (const { path, why } of leftOut) speak.line(`  left out: ${path}: ${why}`);
  const pushed = await pushAfter(speak, repository.value);
  const packed = await packHistory(repository.value);
  if (!packed.ok) speak.problem(packed.problem);
  speak.document({
    folder: folder.value,
    commit,
    changes,
    explained: drift.value.map((entry) => entry.commit),
    leftOut,
    pushed,
  });
  return ok(0);
}

async function folderOf(path: string | undefined, named: string | undefined): Promise<Result<string>> {
  if (named !== undefined || path === undefined) return await chosenFolder(named);
  const tracked = await trackedFolders();
  if (!tracked.ok) return tracked;
  const parent = await realPath(path);
  // One that is gone was named from where we are.
  if (!parent.ok) return await chosenFolder(undefined);
  const around = tracked.value.filter((folder) => `${parent.value}/`.startsWith(`${folder}/`));
  const nearest = around.toSorted((a, b) => b.length - a.length)[0];
  // None: a folder that is not tracked is told as that.
  return nearest === undefined ? parent : ok(nearest);
}

async function allInside(folder: string, args: readonly string[]): Promise<Result<string[]>> {
  const paths: string[] = [];
  for (const given of args) {
    const path = await inside(folder, given);
    if (!path.ok) return path;
    if (path.value !== '.') paths.push(path.value);
  }
  return ok(paths);
}

/** A secret that was pasted into an ordinary file is caught before it is recorded, and the person decides. */
async function settleSecrets(repository: Repository, options: Options): Promise<Result<void>> {
  const clear = await allInside(repository.folder, options.inClear);
  if (!clear.ok) return clear;
  const added = await addClearPaths(repository.gitDir, clear.value);
  if (!added.ok || options.asSecret === true) return added;
  const drift = await findDrift(repository);
  if (!drift.ok) return drift;
  const { differences, taken } = drift.value;
  for (const { path, before } of differences) {
    const secret = taken.pasted.get(path);
    if (secret === undefined || before?.fingerprint !== undefined) continue;
    return fail(
      'no',
      `cannot record ${path}: a file of ordinary text must hold no secret: line ${secret.line} looks like ${secret.what}`,
      {
        path: `${repository.folder}/${path}`,
        hint: `move it into a file of its own; or record ${path} by its fingerprint: --as-secret; or, if it is none: --in-clear ${path}`,
      },
    );
  }
  return ok();
}

/** What the keeper has recorded as drift a moment before gets the reason as well. */
async function explainAll(
  speak: Speaker,
  repository: Repository,
  drift: readonly LogEntry[],
  reason: Reason,
): Promise<Result<void>> {
  const person = await currentPerson();
  for (const { commit, differences, reason: text } of drift) {
    const told = await explain(repository, { commit, reason, person });
    if (!told.ok) return told;
    speak.line(
      `explained ${commit.slice(0, 12)}, which the keeper had recorded: ${text.split('\n')[0] ?? ''}`,
    );
    for (const difference of differences) speak.line(`  ${describe(difference)}`);
  }
  return ok();
}

/** `since`: the first record of drift that belongs to it. */
async function shownDiff(repository: Repository, since: string | undefined): Promise<Result<string>> {
  const diff = await diffStates(repository, since === undefined ? 'HEAD' : `${since}^`);
  if (!diff.ok) return diff;
  return ok([...diff.value.differences.map(describe), '', diff.value.text].join('\n'));
}
