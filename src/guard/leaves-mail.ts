/**
 * Whether bans of a rule leave port 25 open (docs/decisions/0058). It is told by the rule alone, so that whatever
 * is kept or shown of a ban says where it holds.
 */
import type { RuleName } from './verdict.ts';

/** That of a known sender that guesses passwords. */
const rule: RuleName = 'logins';

/** The rule of a kept ban may be another's than the guard's: that of a jail. */
export function leavesMail(name: string): boolean {
  return name === rule;
}
