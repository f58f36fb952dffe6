/** The HTTP status (RFC 9110, section 15) of a problem's kind. */
import type { ProblemKind } from '../base/problem.ts';

const statuses: Readonly<Record<ProblemKind, number>> = {
  no: 404,
  usage: 400,
  configuration: 422,
  permission: 403,
  missing: 503,
  unavailable: 503,
  timeout: 504,
  undone: 409,
};

export function httpStatus(kind: ProblemKind): number {
  return statuses[kind];
}
