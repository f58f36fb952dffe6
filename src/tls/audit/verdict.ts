/** The answer to whether a server has a flaw, and what it rests on: words, or the bytes that came. */
export interface Verdict {
  readonly answer: 'yes' | 'no' | 'unknown';
  readonly evidence: string;
  /** Follows from what is offered; the flaw itself was not tried. */
  readonly derived?: true;
}

export function derived(answer: Verdict['answer'], evidence: string): Verdict {
  return { answer, evidence, derived: true };
}

/** Bytes for a report: the first of them, in hexadecimal. */
export function shownBytes(bytes: Uint8Array): string {
  const shown = bytes.subarray(0, 32).toHex();
  return bytes.length > 32 ? `${shown}… (${bytes.length} bytes)` : shown || '(none)';
}
