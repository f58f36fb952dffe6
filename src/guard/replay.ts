/**
 * What the guard would have done over a log, in the log's own time: the bans, what of the attack they
 * would have kept out, and their harm. What a banned address did during its ban would not have happened:
 * its sightings are prevented, not judged, and its mail is harm, not trust.
 *
 * Slot holders are in no log, so nobody is banned for that here; and a log tells whole seconds, where
 * the live guard can tell sightings of one second apart.
 */
import type { Address } from '../base/address.ts';
import type { LogEvent } from '../exim/event.ts';
import type { Guard } from './guard.ts';
import type { LoginAlert } from './login-watch.ts';
import { sightingOf } from './sighting.ts';
import type { Verdict } from './verdict.ts';

export interface ReplayedBan extends Verdict {
  readonly at: number;
  /** Messages that were accepted from it before, as far as is remembered. */
  readonly mailBefore: number;
  /** Sightings during the ban. */
  readonly prevented: number;
  /** Messages that were accepted from it during the ban, and would not have been. */
  readonly mailLost: number;
}

export interface ReplayReport {
  /** Times of the first and the last event. */
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly sightings: number;
  readonly prevented: number;
  readonly mail: number;
  readonly mailLost: number;
  readonly bans: readonly ReplayedBan[];
  readonly alerts: readonly (LoginAlert & { readonly at: number })[];
}

interface InForce {
  readonly ban: Verdict & { readonly at: number; readonly mailBefore: number };
  prevented: number;
  mailLost: number;
}

export class Replay {
  readonly #guard: Guard;
  readonly #bans: InForce[] = [];
  /** The newest ban of each address. */
  readonly #newest = new Map<Address, InForce>();
  readonly #alerts: (LoginAlert & { at: number })[] = [];
  #from: number | undefined;
  #to: number | undefined;
  #sightings = 0;
  #mail = 0;

  constructor(guard: Guard) {
    this.#guard = guard;
  }

  see(event: LogEvent, line: string): void {
    const now = event.at ?? this.#to;
    if (now === undefined) return;
    this.#from ??= now;
    this.#to = now;
    const sighting = sightingOf(event, line);
    const isMail = event.kind === 'arrival' && event.peer !== undefined;
    if (sighting !== undefined) this.#sightings += 1;
    if (isMail) this.#mail += 1;
    const banned = event.peer === undefined ? undefined : this.#inForce(event.peer, now);
    if (banned !== undefined) {
      if (sighting !== undefined) banned.prevented += 1;
      if (isMail) banned.mailLost += 1;
      return;
    }
    this.#guard.hear(event, now);
    if (sighting === undefined) return;
    const alert = this.#guard.alert(sighting, now);
    if (alert !== undefined) this.#alerts.push({ at: now, ...alert });
    const verdict = this.#guard.see(sighting, now);
    if (verdict === undefined) return;
    const mailBefore = this.#guard.trust.earned(verdict.address)?.messages ?? 0;
    const ban = { ban: { at: now, ...verdict, mailBefore }, prevented: 0, mailLost: 0 };
    this.#bans.push(ban);
    this.#newest.set(verdict.address, ban);
  }

  report(): ReplayReport {
    const sum = (of: (ban: InForce) => number): number =>
      this.#bans.reduce((total, ban) => total + of(ban), 0);
    return {
      from: this.#from,
      to: this.#to,
      sightings: this.#sightings,
      prevented: sum(({ prevented }) => prevented),
      mail: this.#mail,
      mailLost: sum(({ mailLost }) => mailLost),
      bans: this.#bans.map(({ ban, prevented, mailLost }) => ({ ...ban, prevented, mailLost })),
      alerts: this.#alerts,
    };
  }

  #inForce(address: Address, now: number): InForce | undefined {
    const newest = this.#newest.get(address);
    if (newest === undefined) return undefined;
    return now < newest.ban.at + newest.ban.bantime ? newest : undefined;
  }
}
