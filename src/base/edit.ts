/** One path as it shall be after a change. Deciders (TLS, undo) return edits; `change/` carries them out. */
export interface Edit {
  /** Absolute path, inside a tracked folder. */
  readonly path: string;
  /** The whole new content (a link's target; empty for what has none); null removes the path. */
  readonly content: Uint8Array | null;
  /** What it shall be, whatever it is now; without it a regular file stays or becomes one, and nothing else. */
  readonly kind?: 'file' | 'folder' | 'link' | 'fifo' | 'socket' | 'device';
  /** By name. Without them an existing file keeps its own; a new one gets root:root 0644, a new secret less. */
  readonly owner?: string;
  readonly group?: string;
  readonly mode?: number;
  /** `c 1:3`: which device. */
  readonly device?: string;
  /** All its extended attributes, ACLs among them; without them an existing file keeps its own. */
  readonly attributes?: ReadonlyMap<string, Uint8Array>;
  /** Absolute path of an edit before this one, of which this is another name: a hard link. */
  readonly sameAs?: string;
}
