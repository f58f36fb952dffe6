/** Banning and unbanning by hand, as the page asks for it: in the guard, in the firewall and in the store alike. */
import type { Duration } from '../base/duration.ts';
import { type Network, parseNetwork } from '../base/network.ts';
import { fail, ok, type Result } from '../base/result.ts';
import type { Guard } from '../guard/guard.ts';
import type { Clock } from '../host/clock.ts';
import type { GuardHands } from '../server/sources.ts';
import type { Store } from '../store/store.ts';
import type { Enforcer } from './enforcer.ts';

export interface GuardHandsOptions {
  readonly guard: Guard;
  readonly enforcer: Enforcer;
  /** Its name. */
  readonly firewall: string;
  readonly store: Store;
  readonly clock: Clock;
}

export function guardHands({ guard, enforcer, firewall, store, clock }: GuardHandsOptions): GuardHands {
  return {
    firewall,
    isUnderAttack: () => guard.isUnderAttack(clock.now()),
    ban: async ({ target: text, seconds, reason }) => {
      const target = wanted(text, 'ban');
      if (!target.ok) return target;
      if (guard.isAllowed(target.value))
        return fail('no', `cannot ban ${text}: it must not be on the allowlist: it is`);
      const { began, until } = guard.ban(text, (seconds * 1000) as Duration, clock.now());
      enforcer.add([{ target: target.value, until }]);
      const offences = guard.offences(text, began);
      const ban = { target: text, began, until, rule: 'by-hand', reason, offences, evidence: [] };
      const saved = store.save({ bans: [ban] });
      await enforcer.settled();
      return saved.ok ? ok(`${text} is banned`) : saved;
    },
    unban: async (text) => {
      const target = wanted(text, 'unban');
      if (!target.ok) return target;
      guard.pardon(text, clock.now());
      enforcer.lift([target.value]);
      const ended = store.endBans(text, clock.now());
      await enforcer.settled();
      return ended.ok ? ok(`${text} is free`) : ended;
    },
    explain: () => [],
  };
}

function wanted(text: string, act: string): Result<Network> {
  const target = parseNetwork(text);
  return target === undefined
    ? fail('usage', `cannot ${act} ${text}: it must be an address or a network: it is neither`)
    : ok(target);
}
