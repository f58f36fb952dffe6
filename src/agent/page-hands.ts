/** The page's hands on the guard: those of the command line (`live-hands.ts`), in the page's words. */
import type { Duration } from '../base/duration.ts';
import { fail, ok } from '../base/result.ts';
import type { Guard } from '../guard/guard.ts';
import type { Clock } from '../host/clock.ts';
import type { GuardHands as PageHands } from '../server/sources.ts';
import type { Gates } from './gates.ts';
import type { GuardHands } from './guard-hands.ts';

export interface PageHandsOptions {
  readonly hands: GuardHands;
  readonly guard: Guard;
  readonly gates: Gates;
  /** Its name. */
  readonly firewall: string;
  readonly clock: Clock;
}

export function pageHands({ hands, guard, gates, firewall, clock }: PageHandsOptions): PageHands {
  return {
    firewall,
    isUnderAttack: () => guard.isUnderAttack(clock.now()),
    ban: async ({ target, seconds, reason }, by) => {
      const bantime = (seconds * 1000) as Duration;
      const banned = hands.ban({ targets: [target], bantime, reason, force: false, by });
      if (!banned.ok) return banned;
      if (banned.value.refused.length > 0)
        return fail('no', `cannot ban ${target}: it must not be on the allowlist: it is`);
      await gates.settled();
      return ok(`${target} is banned`);
    },
    unban: async (target, by) => {
      const unbanned = hands.unban({ targets: [target], by });
      if (!unbanned.ok) return unbanned;
      await gates.settled();
      return ok(unbanned.value.unbanned.length > 0 ? `${target} is free` : `${target} was not banned`);
    },
    allow: async ({ target, reason }, by) => {
      const allowed = hands.allow({ targets: [target], reason, by });
      if (!allowed.ok) return allowed;
      await gates.settled();
      return ok(`${target} is never banned`);
    },
    disallow: async (target, by) => {
      const removed = hands.disallow({ targets: [target], by });
      if (!removed.ok) return removed;
      const isDone = removed.value.removed.length > 0;
      return await Promise.resolve(
        ok(isDone ? `${target} may be banned` : `${target} was not allowed by hand`),
      );
    },
    allowed: () => hands.allowed(),
    explain: (address) => {
      const explained = hands.explain(address);
      // A network has no score.
      if (!explained.ok) return { said: [], sightings: [], needed: 0 };
      const { says, sightings, score } = explained.value;
      return {
        said: says,
        sightings: sightings.map(({ at, kind, score: after, line }) => ({
          at,
          kind,
          score: after,
          ...(line === undefined ? {} : { line }),
        })),
        needed: score.needed,
      };
    },
  };
}
