/** Whether a line may be an arrival or a delivery, by its bytes: all others need not be decoded. */
export function wantsMail(bytes: Uint8Array, from: number, end: number): boolean {
  // ` <= `, ` => `, ` (= `, ` -> `, ` >> `, ` *> `: an arrow, with a message id before it.
  const last = Math.min(end - 3, from + 220);
  for (let at = from + 17; at <= last; at += 1) {
    const second = bytes[at + 1];
    if (second !== 0x3d && second !== 0x3e) continue;
    if (bytes[at + 2] === 0x20 && bytes[at - 1] === 0x20) return true;
  }
  return false;
}
