/** One path of a tracked folder as the history knows it, and all of them together. */
export interface Entry {
  readonly kind: 'file' | 'folder' | 'link' | 'fifo' | 'socket' | 'device';
  /** By name; a number where the machine has no name for it. */
  readonly owner: string;
  readonly group: string;
  readonly mode: number;
  /** git's name of the content (a link's target); nothing for what has none, and for secrets. */
  readonly blob?: string;
  /** For a secret: tells whether it is the same one, and nothing more. */
  readonly fingerprint?: string;
  /** For a hard link: the first path of the same file. */
  readonly sameAs?: string;
  /** `c 1:3`: which device. */
  readonly device?: string;
  /** ACLs and other extended attributes, in the words of attributes-text.ts. */
  readonly attributes?: string;
}

/** Path relative to the folder (`.` is the folder itself) → entry. */
export type Snapshot = ReadonlyMap<string, Entry>;
