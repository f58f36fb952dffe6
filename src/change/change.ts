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
  /** Taken back unless it is confirmed within so many milliseconds. */
  readonly confirmWithinMs?: number;
}

export interface Proof {
  /** What is proved, as a sentence: "STARTTLS on port 25 serves the new certificate". */
  readonly claim: string;
  /** The evidence, in one line; or why it does not hold. */
  readonly prove: () => Promise<Result<string>>;
  /** The port that it is about. */
  readonly port?: number;
  /** The port is meant to serve no more: what was proved of it before need not hold. */
  readonly closes?: boolean;
}

/** One step of a transaction, told as it happens. */
export interface Step {
  readonly phase: 'rehearse' | 'apply' | 'reload' | 'prove' | 'record' | 'confirm' | 'undo';
  readonly evidence: string;
}

export interface Outcome {
  /** The commit that records it. */
  readonly commit: string;
  /** It is in force, and is taken back at `until` (milliseconds since 1970) unless it is confirmed. */
  readonly waiting?: { readonly id: string; readonly until: number };
  readonly steps: readonly Step[];
}
