/** The name that a mistyped one was most likely meant to be; undefined where none is near. */
export function nearest(written: string, names: Iterable<string>): string | undefined {
  let best: string | undefined;
  // More than a third of it mistyped is another word.
  let least = Math.max(2, Math.floor(written.length / 3)) + 1;
  for (const name of names) {
    if (Math.abs(name.length - written.length) >= least || name.length > 200) continue;
    const far = distance(written, name);
    if (far < least) {
      least = far;
      best = name;
    }
  }
  return best;
}

/** Levenshtein's: letters put in, left out or exchanged. */
function distance(one: string, other: string): number {
  let before = Array.from({ length: other.length + 1 }, (_, place) => place);
  for (let row = 1; row <= one.length; row += 1) {
    const now = [row];
    for (let place = 1; place <= other.length; place += 1) {
      const same = one[row - 1] === other[place - 1] ? 0 : 1;
      now.push(
        Math.min((before[place] ?? 0) + 1, (now[place - 1] ?? 0) + 1, (before[place - 1] ?? 0) + same),
      );
    }
    before = now;
  }
  return before[other.length] ?? 0;
}
