// Lines near to given ones: the same for the same seed. What they change is what expressions look at: ends,
// digits, blanks of all kinds, letters with a case of their own, characters that take two units.

export type Random = (below: number) => number;

/** xorshift32. */
export function random(seed: number): Random {
  let state = seed | 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

const strange = Array.from(
  ' \t\r\u000b\u001c\u0085\u00a0\u2028\u3000\ufeff.:;,-_[]()<>"\'/\\@=%0a9fÉéſK\u212aıİß٣０😀\u0000Z+',
);

export function mutateLine(lines: readonly string[], next: Random): string {
  let characters = Array.from(pick(lines, next));
  for (let count = next(3) + 1; count > 0; count -= 1) {
    const at = next(characters.length + 1);
    const length = next(6) + 1;
    const choice = next(9);
    if (choice === 0) characters.splice(at, length);
    else if (choice === 1) characters.splice(at, 0, pick(strange, next));
    else if (choice === 2) characters.splice(at, 1, pick(strange, next));
    else if (choice === 3) characters.splice(at, 0, ...characters.slice(at, at + length * 4));
    else if (choice === 4) characters = characters.slice(0, at);
    else if (choice === 5)
      characters = [...characters.slice(0, at), ...Array.from(pick(lines, next)).slice(at)];
    else if (choice === 6) characters[at] = (characters[at] ?? 'a').toUpperCase();
    else if (choice === 7) characters[at] = String(next(10));
    else characters.push(pick(strange, next));
  }
  // A line of a log has no newline.
  return characters.join('').replaceAll('\n', ' ');
}

function pick<T>(from: readonly T[], next: Random): T {
  const found = from[next(from.length)];
  if (found === undefined) throw new Error('nothing to pick from');
  return found;
}
