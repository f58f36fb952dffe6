/** Who runs us. */
export function isRoot(): boolean {
  return process.geteuid?.() === 0;
}
