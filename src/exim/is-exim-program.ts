/** Whether a process that executes this file is Exim; it may have been replaced by an upgrade since. */
export function isEximProgram(program: string): boolean {
  return /\/exim4?(?: \(deleted\))?$/.test(program);
}
