/** An option that may be given several times, for commander. */
export function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}
