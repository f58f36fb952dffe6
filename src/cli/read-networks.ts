/** Addresses and networks as a person gives them. */
import { type Network, parseNetwork } from '../base/network.ts';
import { fail, ok, type Result } from '../base/result.ts';

export function readNetworks(texts: readonly string[]): Result<Network[]> {
  const networks: Network[] = [];
  for (const text of texts) {
    const network = parseNetwork(text);
    if (network === undefined)
      return fail(
        'usage',
        `cannot use ${JSON.stringify(text.slice(0, 60))}: needs an address or a network: it is neither`,
        { hint: 'write it like 192.0.2.1, 192.0.2.0/24 or 2001:db8::/32' },
      );
    networks.push(network);
  }
  return ok(networks);
}
