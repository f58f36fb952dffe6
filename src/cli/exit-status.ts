/** The exit statuses that every command shares; man page, section EXIT STATUS. */
import type { ProblemKind } from '../base/problem.ts';

export type ExitStatus = 0 | 1 | 2 | 3 | 4;

const statuses: Readonly<Record<ProblemKind, ExitStatus>> = {
  no: 1,
  usage: 2,
  configuration: 2,
  permission: 3,
  missing: 3,
  unavailable: 3,
  timeout: 3,
  undone: 4,
};

export function exitStatus(kind: ProblemKind): ExitStatus {
  return statuses[kind];
}
