/** A change: edits and the reason for them, carried out as one transaction by `make-change.ts`. */
import type { Edit } from '../base/edit.ts';
import type { Result } from '../base/result.ts';

export interface Change {
  /** The tracked folder that all edits lie in. */
  readonly folder: string;
  readonly reason: string;
  readonly edits: readonly Edit[];
  /** What must hold on the live server once the change is in force. */
  readonly proofs: readonly Proof[];
}

export interface Proof {
  /** What is proved, as a sentence: "STARTTLS on port 25 serves the new certificate". */
  readonly claim: string;
  /** The evidence, in one line; or why it does not hold. */
  readonly prove: () => Promise<Result<string>>;
}

/** One step of a transaction, told as it happens. */
export interface Step {
  readonly phase: 'rehearse' | 'apply' | 'reload' | 'prove' | 'record' | 'undo';
  readonly evidence: string;
}

export interface Outcome {
  /** The commit that records it. */
  readonly commit: string;
  readonly steps: readonly Step[];
}
