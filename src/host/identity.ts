/** Who runs us. */
export function isRoot(): boolean {
  return process.geteuid?.() === 0;
}

/** By number; -1 where the system has none. */
export function userId(): number {
  return process.geteuid?.() ?? -1;
}

export function groupId(): number {
  return process.getegid?.() ?? -1;
}
