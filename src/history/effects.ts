/**
 * What a change has brought about, as it was seen: the service reloaded, what was proved of it. It is part of the
 * record, in lines after the reason, as git's own trailers: `Effect: port 25 still serves`.
 */
const key = 'Effect: ';
const most = 30;
const longest = 300;

export function withEffects(reason: string, effects: readonly string[]): string {
  const lines = effects
    .slice(0, most)
    .map((effect) => `${key}${effect.replace(/\s+/g, ' ').trim().slice(0, longest)}`);
  return lines.length === 0 ? reason : `${reason}\n\n${lines.join('\n')}`;
}

/** The other way. A reason that ends in such lines of its own is what somebody wants to be read so. */
export function splitEffects(message: string): {
  readonly reason: string;
  readonly effects: readonly string[];
} {
  const lines = message.trim().split('\n');
  const first = lines.findLastIndex((line) => !line.startsWith(key)) + 1;
  return {
    reason: lines.slice(0, first).join('\n').trim(),
    effects: lines.slice(first).map((line) => line.slice(key.length)),
  };
}
