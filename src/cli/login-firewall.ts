/** The firewall that closes logins alone, beside the one that closes everything (docs/decisions/0058). */
import type { Settings } from '../base/settings.ts';
import { ok, type Result } from '../base/result.ts';
import type { Firewall } from '../guard/firewall/firewall.ts';
import { loginPorts } from '../guard/firewall/login-ports.ts';
import { NftFirewall } from '../guard/firewall/nft.ts';
import { loginTable } from '../guard/firewall/nft-ruleset.ts';
import { NullFirewall } from '../guard/firewall/null.ts';
import { systemClock } from '../host/clock.ts';
import { endByKeeper } from './end-by-keeper.ts';
import { firewallRules } from './firewall-rules.ts';
import type { Backend } from './prepared-firewall.ts';

/** Undefined where there is none. Its table is made by whoever keeps bans in it, after all others are in force. */
export function loginFirewall(backend: string, settings: Settings): Firewall | undefined {
  if (backend === 'null') return new NullFirewall(systemClock);
  const { ports, most, counters } = firewallRules(settings, []);
  const others = loginPorts(ports);
  return backend === 'nft' && others !== undefined
    ? new NftFirewall({ table: loginTable, ports: others, most, counters, endServers: endByKeeper() })
    : undefined;
}

/** The settings, where bans by this backend close all ports alike, without what needs another. */
export function settingsFor(backend: Backend, settings: Settings): Result<Settings> {
  return loginFirewall(backend, settings) === undefined
    ? settings.with(['guard.trust.known.mail=no'])
    : ok(settings);
}
