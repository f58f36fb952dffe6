/** The outcome of what may fail in an expected way: a value, or a problem. */
import type { Problem, ProblemKind } from './problem.ts';

export type Result<T> = Ok<T> | Failed;

export interface Ok<T> {
  readonly ok: true;
  readonly value: T;
}

export interface Failed {
  readonly ok: false;
  readonly problem: Problem;
}

export function ok(): Ok<undefined>;
export function ok<T>(value: T): Ok<T>;
export function ok<T>(value?: T): Ok<T | undefined> {
  return { ok: true, value };
}

export function fail(
  kind: ProblemKind,
  message: string,
  more: { hint?: string; path?: string } = {},
): Failed {
  return { ok: false, problem: { kind, message, ...more } };
}
