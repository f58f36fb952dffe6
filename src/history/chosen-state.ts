/** A state between two: as `before`, but the paths that were chosen, with all below them, as `now`. */
import type { Entry, Snapshot } from './entry.ts';

export function chosenState(before: Snapshot, now: Snapshot, chosen: readonly string[]): Snapshot {
  const isChosen = (path: string): boolean =>
    chosen.some((each) => each === '.' || path === each || path.startsWith(`${each}/`));
  const state = new Map<string, Entry>();
  for (const [path, entry] of before) {
    if (!isChosen(path)) state.set(path, entry);
  }
  for (const [path, entry] of now) {
    if (isChosen(path)) state.set(path, entry);
  }
  // The folders that a chosen path lies in are there, or it would not be.
  for (const path of [...state.keys()].filter(isChosen)) {
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
      const folder = path.slice(0, at);
      const entry = now.get(folder);
      if (!state.has(folder) && entry !== undefined) state.set(folder, entry);
    }
  }
  return state;
}
