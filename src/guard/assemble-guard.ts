/** The whole guard from its settings: the same for the live agent and for replay. */
import type { Settings } from '../base/settings.ts';
import type { Allowlist } from './allowlist.ts';
import { eximRules } from './exim-rules.ts';
import { Guard, type GuardRules } from './guard.ts';
import { type HashKey, randomKey } from './keyed-hash.ts';
import { measuresOf } from './measures.ts';
import { rulesOf, scoreRuleOf } from './rule.ts';
import { sightingsBy } from './sighting.ts';
import { Tally } from './tally.ts';
import { userRules, type UserRules } from './user-rules.ts';

/** `tracked`: the most addresses that are remembered at a time; `key`: of their hashes, from before. */
export function assembleGuard(
  settings: Settings,
  allowlist: Allowlist,
  tracked = 1_000_000,
  key: HashKey = randomKey(),
): Guard {
  const rules = guardRules(settings, allowlist);
  const tally = new Tally(rules.rules, tracked, { score: rules.score, key });
  const guard = new Guard(tally, allowlist, rules.measures);
  guard.adopt(rules);
  return guard;
}

/** What a guard goes by, for a new one or one that runs. */
export function guardRules(settings: Settings, allowlist: Allowlist): GuardRules {
  return {
    rules: rulesOf(settings),
    score: scoreRuleOf(settings),
    measures: measuresOf(settings),
    allowlist,
    sightingOf: sightingsBy([...eventRules(settings), ...eximRules]),
  };
}

/** Whoever loads the settings has asked whether their rules are sound. */
function eventRules(settings: Settings): UserRules['events'] {
  const rules = userRules(settings);
  if (!rules.ok) throw new Error(rules.problem.message);
  return rules.value.events;
}
