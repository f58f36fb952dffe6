/**
 * Replays of the agent's log for the page: each by a process of its own at the lowest priority, one at a time,
 * so that the guard is not held up, whatever the log holds.
 */
import { parentFolder } from '../base/parent-folder.ts';
import type { Problem } from '../base/problem.ts';
import { fail, ok, type Result } from '../base/result.ts';
import type { Settings } from '../base/settings.ts';
import { isOnFrontier } from '../guard/sweep.ts';
import { sightingKinds } from '../guard/sighting-kind.ts';
import { listFolder } from '../host/files.ts';
import { ownProgram } from '../host/own-program.ts';
import { run } from '../host/run.ts';
import { totalSize } from '../host/total-size.ts';
import type { ReplayChoices, Replayed, ReplayOrder } from '../server/api/replay.ts';
import type { ReplayHands } from '../server/sources.ts';

export interface ReplayOptions {
  /** The log that is followed, or `journal`. */
  readonly log: string;
  readonly settings: () => Settings;
  /** What the agent was started with: a replay is judged by the same, but for what it tries. */
  readonly given: GivenSettings;
}

export interface GivenSettings {
  /** The settings file. */
  readonly config?: string | undefined;
  /** Assignments over it. */
  readonly set: readonly string[];
}

/** Below what a browser and the server wait for an answer. */
const timeoutMs = 50_000;

export function replayHands({ log, settings, given }: ReplayOptions): ReplayHands {
  const folder = parentFolder(log);
  let isBusy = false;
  const logs = async (): Promise<ReplayChoices['logs']> => {
    const listed = await listFolder(folder);
    const own = log.slice(folder.length).replace(/^\//, '');
    const names = (listed.ok ? listed.value : []).filter((name) => isRotated(name, own));
    return names
      .toSorted((one, other) => one.localeCompare(other, 'en', { numeric: true }))
      .map((name) => ({ name, bytes: totalSize([`${folder}/${name}`]) }));
  };
  return {
    choices: async () => ({ logs: await logs(), measures: measuresOf(settings()) }),
    run: async (order) => {
      const known = await logs();
      if (!known.some(({ name }) => name === order.log))
        return fail('missing', `cannot replay ${order.log}: it must be a log of this agent: it is none`);
      if (isBusy)
        return fail('unavailable', 'cannot replay: one at a time: another replay runs', {
          hint: 'it ends within a minute',
        });
      isBusy = true;
      const argv = ['nice', '-n', '19', ...ownProgram, ...argumentsOf(given, folder, order)];
      const ran = await run(argv, { timeoutMs });
      isBusy = false;
      if (!ran.ok) return tooLong(ran.problem, order.log);
      return readAnswer(ran.value.stdout);
    },
  };
}

/** `mainlog`, `mainlog.1`, `mainlog.2.gz`, `mainlog-20260101`. */
function isRotated(name: string, log: string): boolean {
  return name.startsWith(log) && /^(?:[.-]\d{1,8})?(?:\.gz)?$/.test(name.slice(log.length));
}

function measuresOf(settings: Settings): ReplayChoices['measures'] {
  return sightingKinds.map((kind) => ({
    kind,
    maxretry: settings.number(`guard.${kind}.maxretry`),
    findtime: settings.duration(`guard.${kind}.findtime`) / 1000,
    bantime: settings.duration(`guard.${kind}.bantime`) / 1000,
  }));
}

function argumentsOf(
  { config, set }: GivenSettings,
  folder: string,
  { log, kind, maxretry, findtime, bantime }: ReplayOrder,
): string[] {
  const sweep = (name: string, values: readonly (number | string)[]): string[] => [
    '--sweep',
    `guard.${kind}.${name}=${values.join(',')}`,
  ];
  const seconds = (values: readonly number[]): string[] => values.map((value) => `${value}s`);
  return [
    '--json',
    ...(config === undefined ? [] : ['--config', config]),
    'guard',
    'replay',
    ...set.flatMap((assignment) => ['--set', assignment]),
    ...sweep('maxretry', maxretry),
    ...sweep('findtime', seconds(findtime)),
    ...sweep('bantime', seconds(bantime)),
    '--',
    `${folder}/${log}`,
  ];
}

function tooLong(problem: Problem, log: string): Result<never> {
  if (problem.kind !== 'timeout') return { ok: false, problem };
  return fail(
    'timeout',
    `cannot replay ${log} here: it must take less than ${timeoutMs / 1000} s: it does not`,
    {
      hint: `on the server: portreeve guard replay --sweep … ${log}`,
    },
  );
}

interface Answer {
  readonly problem?: Problem;
  readonly problems?: readonly Problem[];
  readonly lines: number;
  readonly tries: readonly {
    readonly assignments: readonly string[];
    readonly bans: number;
    readonly sightings: number;
    readonly prevented: number;
    readonly mail: number;
    readonly mailLost: number;
  }[];
}

/** What our own program has printed: its form is known. */
function readAnswer(text: string): Result<Replayed> {
  if (text === '') return fail('unavailable', 'cannot replay: the replay must say something: it was ended');
  const { problem, problems = [], lines, tries } = JSON.parse(text) as Answer;
  if (problem !== undefined) return { ok: false, problem };
  return ok({
    lines,
    tries: tries.map(({ assignments, ...figures }) => {
      const [maxretry = 0, findtime = 0, bantime = 0] = assignments.map((each) =>
        Number.parseInt(each.split('=')[1] ?? '', 10),
      );
      return { maxretry, findtime, bantime, ...figures, isBest: isOnFrontier(figures, tries) };
    }),
    problems: problems.map(({ message }) => message),
  });
}
