/** Addresses and networks as a person gives them: all of them, or a problem that says which is none. */
import { type Network, parseNetwork } from '../base/network.ts';
import { fail, ok, type Result } from '../base/result.ts';

export const mostTargets = 100_000;

/** Each once, whatever its spelling. */
export function readTargets(act: string, texts: readonly string[]): Result<readonly Network[]> {
  if (texts.length === 0) return fail('usage', `cannot ${act}: needs addresses or networks: there are none`);
  if (texts.length > mostTargets)
    return fail('usage', `cannot ${act}: needs at most ${mostTargets} at a time: there are ${texts.length}`);
  const targets = new Map<string, Network>();
  for (const [place, text] of texts.entries()) {
    const target = parseNetwork(text);
    if (target === undefined) {
      const which = texts.length === 1 ? '' : ` (number ${place + 1}), and nothing is done`;
      return fail(
        'usage',
        `cannot ${act}: needs an address or a network: it is neither: ${JSON.stringify(text.slice(0, 60))}${which}`,
        { hint: 'write it like 192.0.2.1, 192.0.2.0/24 or 2001:db8::/32' },
      );
    }
    targets.set(target.text, target);
  }
  return ok([...targets.values()]);
}
