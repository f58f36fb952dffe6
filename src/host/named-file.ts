/** A regular file with owner and group by name, as an edit would set them. */
export interface NamedFile {
  readonly content: Uint8Array;
  readonly owner: string;
  readonly group: string;
  readonly mode: number;
}
