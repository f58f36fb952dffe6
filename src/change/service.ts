/**
 * What a change has to know of the service whose configuration it edits. Exim is one; a folder that
 * belongs to nothing known has a service that does nothing.
 */
import type { Result } from '../base/result.ts';
import type { Proof } from './change.ts';

export interface Service {
  readonly name: string;
  /** Who may read a new key or password file, where the edit does not say; root alone without it. */
  readonly secrets?: { readonly group: string; readonly mode: number };
  /**
   * Whether the service would accept `copy` (a whole copy of the folder with the edits in it); the
   * evidence, line by line, or why not. `scratch` is a private folder for whatever it needs meanwhile. Without it
   * nothing can be rehearsed.
   */
  readonly rehearse?: (copy: string, scratch: string) => Promise<Result<string[]>>;
  /** Looks at the service before it is touched: what serves now has to serve afterwards. */
  readonly attach: () => Promise<Result<Attached>>;
  /** The same after a crash of ours, from the memo in the journal; undefined where it is none. */
  readonly reattach: (memo: unknown) => Attached | undefined;
  /**
   * The same after a reboot, before the service is started by others: what has to be done to the folder's
   * sake alone. Undefined where it runs already.
   */
  readonly beforeStart: () => Promise<Attached | undefined>;
}

/** The service as it was found before the change. */
export interface Attached {
  /** Puts the folder in force and sees to it that the service is alive; the evidence. */
  readonly reload?: () => Promise<Result<string>>;
  /** That everything that worked still works. */
  readonly proofs: readonly Proof[];
  /** What `reattach` needs; goes into the journal as JSON. */
  readonly memo: unknown;
}
