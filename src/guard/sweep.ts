/** A grid of settings to try: every combination of the values given, and which of them are worth a choice. */
import { fail, ok, type Result } from '../base/result.ts';
import type { Settings } from '../base/settings.ts';

export interface Candidate {
  /** What of it was swept, such as `guard.relay.maxretry=2`. */
  readonly assignments: readonly string[];
  readonly settings: Settings;
}

const mostCandidates = 64;

/** From sweeps such as `guard.relay.maxretry=2,3,5`, over what is set for all of them. */
export function candidatesOf(sweeps: readonly string[], settings: Settings): Result<Candidate[]> {
  let grid: string[][] = [[]];
  for (const sweep of sweeps) {
    const equals = sweep.indexOf('=');
    const name = sweep.slice(0, equals);
    const values = sweep.slice(equals + 1).split(',');
    if (equals === -1)
      return fail(
        'usage',
        `cannot sweep ${JSON.stringify(sweep.slice(0, 60))}: needs NAME=VALUE,VALUE…: there is no =`,
        {
          hint: 'write it like guard.relay.maxretry=2,3,5',
        },
      );
    grid = grid.flatMap((before) => values.map((value) => [...before, `${name}=${value}`]));
    if (grid.length > mostCandidates)
      return fail(
        'usage',
        `cannot sweep: needs at most ${mostCandidates} combinations: there are ${grid.length}`,
        {
          hint: 'try fewer values, or one setting at a time',
        },
      );
  }
  const candidates: Candidate[] = [];
  for (const assignments of grid) {
    const tried = settings.with(assignments);
    if (!tried.ok) return tried;
    candidates.push({ assignments, settings: tried.value });
  }
  return ok(candidates);
}

export interface Outcome {
  readonly prevented: number;
  readonly mailLost: number;
}

/** Whether no other prevents more without more harm, or as much with less. */
export function isOnFrontier({ prevented, mailLost }: Outcome, all: readonly Outcome[]): boolean {
  return !all.some(
    (other) =>
      other.prevented >= prevented &&
      other.mailLost <= mailLost &&
      (other.prevented > prevented || other.mailLost < mailLost),
  );
}
