/** One file as it shall be after a change. Deciders (TLS, undo) return edits; `change/` carries them out. */
export interface Edit {
  /** Absolute path, inside a tracked folder. */
  readonly path: string;
  /** The whole new content; null removes the file. */
  readonly content: Uint8Array | null;
  /** By name. Without them an existing file keeps its own; a new one gets root:root 0644, a new secret less. */
  readonly owner?: string;
  readonly group?: string;
  readonly mode?: number;
}
