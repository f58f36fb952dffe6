/** Who is never banned: what the settings and options name, and whoever this machine needs. */
import { type Network, parseNetwork } from '../base/network.ts';
import type { Settings } from '../base/settings.ts';
import { Allowlist } from '../guard/allowlist.ts';
import { neighboursOfHost } from '../host/neighbours-of-host.ts';
import { ownAddresses } from '../host/own-addresses.ts';
import type { ResolvedNames } from '../host/resolved-names.ts';

export async function allowlistOf(
  settings: Settings,
  options: readonly Network[],
  resolved: ResolvedNames,
): Promise<Allowlist> {
  const named = settings.list('guard.allow');
  const networks = named.flatMap((text) => parseNetwork(text) ?? []);
  const names = named.filter((text) => parseNetwork(text) === undefined);
  const own = [...ownAddresses(), ...(await neighboursOfHost()), ...(await resolved.addresses(names))];
  return new Allowlist(own, [...networks, ...options]);
}
