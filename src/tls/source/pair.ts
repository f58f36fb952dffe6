/** A certificate and its key as a source gives them, before anything is checked. */
export interface Pair {
  /** PEM: the chain, leaf first; and the key. */
  readonly certificate: string;
  readonly key: string;
  /** Roots that lead to it, in PEM, where the source knows them. */
  readonly roots?: readonly string[];
  /** What this source alone knows about its next renewal (RFC 9773), milliseconds since 1970. */
  readonly renewAt?: number;
}
