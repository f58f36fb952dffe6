/**
 * A piece of what the guard has in mind, as it is kept over a restart: together with how far the log was read,
 * so that after a crash nothing counts twice and nothing is lost.
 */
export interface Remembered {
  readonly kind: 'tally' | 'widening' | 'login';
  readonly key: string;
  /** When it was last touched, in milliseconds since 1970; what is old need not be kept. */
  readonly at: number;
  /** JSON of its own kind; undefined where there is nothing left to remember. */
  readonly state: string | undefined;
}
