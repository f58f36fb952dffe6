/**
 * A problem: an expected failure, as data.
 *
 * Nothing in Portreeve throws for what a person, a file, a peer or the machine may do; it returns a
 * problem. `message` has the form "cannot ACT: REQUIREMENT: CURRENT VALUE"; `hint` says what to do.
 * Only bugs throw.
 */
export interface Problem {
  readonly kind: ProblemKind;
  readonly message: string;
  readonly hint?: string;
  /** The file, address or setting that the problem is about. */
  readonly path?: string;
}

/**
 * - `no`: the question was answered, and the answer is no (a check failed, nothing matched)
 * - `usage`: wrong arguments; `configuration`: a file or setting that cannot be accepted
 * - `permission`, `missing`, `unavailable`: the machine does not let us (rights, a program or file
 *   that is not there, a resource that is taken or full)
 * - `timeout`: something did not answer in its time
 * - `undone`: the change was applied, did not hold, and has been taken back
 */
export type ProblemKind =
  | 'no'
  | 'usage'
  | 'configuration'
  | 'permission'
  | 'missing'
  | 'unavailable'
  | 'timeout'
  | 'undone';
