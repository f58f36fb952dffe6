/**
 * The key of the tally's hashes, the same over a restart: hashes of logins are kept. A store that keeps none
 * costs only the memory of repeated logins.
 */
import { type HashKey, randomKey } from '../guard/keyed-hash.ts';
import type { Store } from '../store/store.ts';

/** Keys do not age. */
const always = Number.MAX_SAFE_INTEGER;

export function keptKey(store: Store): HashKey {
  let kept: HashKey | undefined;
  store.eachMemory('key', 0, ({ key, state }) => {
    if (key === 'tally') kept = JSON.parse(state) as HashKey;
  });
  if (kept !== undefined) return kept;
  const fresh = randomKey();
  store.save({ memory: [{ kind: 'key', key: 'tally', at: always, state: JSON.stringify(fresh) }] });
  return fresh;
}
