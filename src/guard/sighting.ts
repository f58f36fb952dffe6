/**
 * A sighting: an event that is evidence against an address.
 *
 * Kinds differ in what they prove. `turned-away` proves nothing but that the server was full: it is
 * kept because hammering shows in it, and because it tells that an attack is going on.
 */
import type { Address } from '../base/address.ts';
import type { LogEvent, Refused, Rejected } from '../exim/event.ts';

export const sightingKinds = ['credential', 'relay', 'harvest', 'protocol', 'flood', 'turned-away'] as const;
export type SightingKind = (typeof sightingKinds)[number];

export interface Sighting {
  readonly kind: SightingKind;
  readonly address: Address;
  /** The log line, as evidence. */
  readonly line: string;
  /** What tells one try from a repetition of the same: the login of a `credential`. */
  readonly subject?: string;
}

/** Undefined where the event is no evidence, or does not say for certain against whom. */
export function sightingOf(event: LogEvent, line: string): Sighting | undefined {
  if (event.peer === undefined || event.ambiguous === true) return undefined;
  const kind = kindOf(event);
  if (kind === undefined) return undefined;
  const subject = event.kind === 'auth-failed' ? event.login : undefined;
  return { kind, address: event.peer, line, ...(subject === undefined ? {} : { subject }) };
}

function kindOf(event: LogEvent): SightingKind | undefined {
  switch (event.kind) {
    case 'refused':
      return refusals[event.reason];
    case 'auth-failed':
      // 435 is our own trouble (a lookup failed), 501 a client's clumsiness: neither is a wrong password.
      return event.code === '535' ? 'credential' : undefined;
    case 'rejected':
      return rejection(event);
    case 'sync-error':
    case 'dropped':
      return 'protocol';
    default:
      return undefined;
  }
}

const refusals: Readonly<Record<Refused['reason'], SightingKind | undefined>> = {
  connections: 'turned-away',
  reserve: 'turned-away',
  load: 'turned-away',
  'from-address': 'flood',
  configured: undefined,
  'ip-options': undefined,
};

/** By the ACL's message: Exim's and Debian's own words; a reworded ACL is no evidence until told so. */
function rejection(event: Rejected): SightingKind | undefined {
  if (event.phase !== 'RCPT' || event.temporary === true) return undefined;
  const text = event.text ?? '';
  if (/\brelay(?:ing)? (?:not permitted|denied)\b/i.test(text)) return 'relay';
  if (/^(?:Unrouteable address|Unknown user|unknown user|No such user)/.test(text)) return 'harvest';
  return undefined;
}
