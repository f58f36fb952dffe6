/**
 * A sighting: an event that is evidence against an address.
 *
 * Kinds differ in what they prove. `turned-away` proves nothing but that the server was full: it is
 * kept because hammering shows in it, and because it tells that an attack is going on. `greeting`,
 * `handshake` and `loiter` are more often clumsy than malicious, and are measured accordingly.
 */
import type { Address } from '../base/address.ts';
import type { LogEvent } from '../exim/event.ts';
import { type EventRule, ruleFinder } from './event-rule.ts';
import { eximRules } from './exim-rules.ts';
import type { SightingKind } from './sighting-kind.ts';

export interface Sighting {
  readonly kind: SightingKind;
  readonly address: Address;
  /** The log line, as evidence. */
  readonly line: string;
  /** What tells one try from a repetition of the same: the login of a `credential`. */
  readonly subject?: string;
  /** As how many it counts; 1 without it. */
  readonly times?: number;
}

/** Undefined where the event is no evidence, or does not say for certain against whom. */
export type SightingOf = (event: LogEvent, line: string) => Sighting | undefined;

/** By these rules; the first that fits an event holds. */
export function sightingsBy(rules: readonly EventRule[]): SightingOf {
  const find = ruleFinder(rules);
  return (event, line) => {
    if (event.peer === undefined || event.ambiguous === true) return undefined;
    const rule = find(event);
    if (rule === undefined) return undefined;
    const subject = event.kind === 'auth-failed' ? event.login : undefined;
    return {
      kind: rule.kind,
      address: event.peer,
      line,
      ...(subject === undefined ? {} : { subject }),
      ...(rule.times === undefined ? {} : { times: rule.times }),
    };
  };
}

/** By the built-in rules alone. */
export const sightingOf: SightingOf = sightingsBy(eximRules);
