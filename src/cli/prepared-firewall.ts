/** The firewall that the agent was asked for, ready for bans. */
import { agentFolder } from '../agent/control-place.ts';
import type { Settings } from '../base/settings.ts';
import type { Network } from '../base/network.ts';
import { CommandFirewall } from '../guard/firewall/command.ts';
import { EximFirewall } from '../guard/firewall/exim.ts';
import type { Firewall } from '../guard/firewall/firewall.ts';
import { NftFirewall } from '../guard/firewall/nft.ts';
import { NullFirewall } from '../guard/firewall/null.ts';
import { systemClock } from '../host/clock.ts';
import { endByKeeper } from './end-by-keeper.ts';
import { firewallRules } from './firewall-rules.ts';
import type { Speaker } from './speak.ts';

export const backends = ['null', 'nft', 'exim', 'command'] as const;
export type Backend = (typeof backends)[number];

/** Where the one asked for cannot be had, nobody is banned, and that is said: a guard that stops sees nothing. */
export async function preparedFirewall(
  backend: Backend,
  settings: Settings,
  spared: readonly Network[],
  speak: Speaker,
): Promise<Firewall> {
  const firewall = firewallOf(backend, settings, spared);
  const prepared = await firewall.prepare();
  if (prepared.ok) return firewall;
  speak.problem(prepared.problem);
  speak.note('NOBODY IS BANNED: the guard only observes until it is started with a firewall that works');
  return new NullFirewall(systemClock);
}

function firewallOf(backend: Backend, settings: Settings, spared: readonly Network[]): Firewall {
  if (backend === 'nft')
    return new NftFirewall({ ...firewallRules(settings, spared), endServers: endByKeeper() });
  if (backend === 'exim') return new EximFirewall(`${agentFolder()}/banned`, systemClock);
  if (backend === 'command') return new CommandFirewall(settings.list('guard.firewall.command'), systemClock);
  return new NullFirewall(systemClock);
}
