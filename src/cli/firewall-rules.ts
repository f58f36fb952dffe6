/** What the settings say of the firewall. */
import type { Network } from '../base/network.ts';
import type { Settings } from '../base/settings.ts';
import type { Ruleset } from '../guard/firewall/nft-ruleset.ts';

/** `spared` are never held back by the shield. */
export function firewallRules(settings: Settings, spared: readonly Network[]): Ruleset {
  const ports = settings.list('guard.firewall.ports');
  const connections = settings.number('guard.firewall.shield');
  return {
    ports: ports.includes('all') ? 'all' : ports.map(Number),
    counters: settings.isOn('guard.firewall.counters'),
    most: settings.number('guard.firewall.most'),
    backoff: settings.duration('guard.backoff.first') > 0,
    ...(connections === 0 ? {} : { shield: { connections, spared } }),
  };
}
