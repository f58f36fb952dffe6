/** What an offence costs a known sender, whose address others may share (docs/decisions/0058 and 0061). */
import type { RuleName } from './verdict.ts';

/**
 * What takes room on the server and nothing else: nothing adds up from one time to the next, as guesses do, so
 * that bans for it do not grow.
 */
const takesRoom: ReadonlySet<RuleName> = new Set<RuleName>(['slot-holder', 'hammering', 'flood']);

export interface KnownOffence {
  readonly rule: RuleName;
  /** Whether its next ban is longer for this one. */
  readonly grows: boolean;
}

/** Guesses take its logins, where its mail is to come in; those that come in all the same come where its mail does. */
export function knownOffence(rule: RuleName, leavesMail: boolean): KnownOffence {
  return {
    rule: rule === 'credential' && leavesMail ? 'logins' : rule,
    grows: !takesRoom.has(rule),
  };
}
