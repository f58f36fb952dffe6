/** Who is never banned: what the settings and options name, and whoever this machine needs. */
import { type Network, parseNetwork } from '../base/network.ts';
import type { Settings } from '../base/settings.ts';
import { Allowlist } from '../guard/allowlist.ts';
import { addressesOfNames } from '../host/addresses-of-names.ts';
import { neighboursOfHost } from '../host/neighbours-of-host.ts';
import { ownAddresses } from '../host/own-addresses.ts';

/** Names that cannot be resolved now are left out: they are asked for again with the next reading. */
export async function allowlistOf(settings: Settings, options: readonly Network[]): Promise<Allowlist> {
  const named = settings.list('guard.allow');
  const networks = named.flatMap((text) => parseNetwork(text) ?? []);
  const names = named.filter((text) => parseNetwork(text) === undefined);
  const resolved = await addressesOfNames(names);
  const own = [...ownAddresses(), ...(await neighboursOfHost()), ...resolved];
  return new Allowlist(own, [...networks, ...options]);
}
