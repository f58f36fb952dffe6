/** A number with what it counts, in words that fit it: `1 ban`, `2 bans`. */
export function counted(count: number, one: string, several = `${one}s`): string {
  return `${count} ${count === 1 ? one : several}`;
}
