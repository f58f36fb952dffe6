/** The whole guard from its settings: the same for the live agent and for replay. */
import type { Settings } from '../base/settings.ts';
import type { Allowlist } from './allowlist.ts';
import { Guard } from './guard.ts';
import { measuresOf } from './measures.ts';
import { rulesOf, scoreRuleOf } from './rule.ts';
import { Tally } from './tally.ts';

/** `tracked`: the most addresses that are remembered at a time. */
export function assembleGuard(settings: Settings, allowlist: Allowlist, tracked = 1_000_000): Guard {
  const tally = new Tally(rulesOf(settings), tracked, { score: scoreRuleOf(settings) });
  return new Guard(tally, allowlist, measuresOf(settings));
}
