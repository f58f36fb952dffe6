/**
 * The judge: events, sightings and socket tables go in, verdicts come out. No clock and no file; the
 * time is an argument.
 *
 * An attack is on while Exim turns clients away: from the first such line until none has come for
 * `calmMs`. Only then is the socket table judged, so that a quiet server never bans a slow peer.
 *
 * Nobody is judged twice while a ban is in force, and nobody on the allowlist at all. Trust makes the
 * guard more patient and a ban shorter; a further ban is longer. In a network of which several have been
 * banned, the first sighting of another address is enough, unless it is trusted.
 */
import type { Address } from '../base/address.ts';
import type { Duration } from '../base/duration.ts';
import { parseNetwork } from '../base/network.ts';
import { NetworkSet } from '../base/network-set.ts';
import type { LogEvent } from '../exim/event.ts';
import type { Allowlist } from './allowlist.ts';
import { Escalation } from './escalation.ts';
import { type LoginAlert, LoginWatch } from './login-watch.ts';
import { defaultMeasures, type Measures } from './measures.ts';
import type { Sighting } from './sighting.ts';
import { SlotWatch } from './slot-watch.ts';
import type { MailSocket } from './socket-table.ts';
import type { Tally } from './tally.ts';
import { Trust } from './trust.ts';
import type { Verdict } from './verdict.ts';
import { Widening } from './widening.ts';

const calmMs = 5000;

/** A ban shorter than this would be over before it is worth its cost. */
const shortestMs = 1000;

export class Guard {
  readonly trust: Trust;
  readonly #tally: Tally;
  readonly #allowlist: Allowlist;
  readonly #slots = new SlotWatch();
  readonly #escalation: Escalation;
  readonly #widening: Widening;
  readonly #logins: LoginWatch;
  /** Networks that have been widened to; `#escalation` knows until when. */
  readonly #networks = new NetworkSet();
  #turnedAwayAt = Number.NEGATIVE_INFINITY;

  constructor(tally: Tally, allowlist: Allowlist, measures: Measures = defaultMeasures) {
    this.#tally = tally;
    this.#allowlist = allowlist;
    this.trust = new Trust(measures.trust);
    this.#escalation = new Escalation(measures.escalation);
    this.#widening = new Widening(measures.widening, allowlist);
    this.#logins = new LoginWatch(measures.login);
  }

  /** Any event: mail and logins earn trust. Returns who has earned some. */
  hear(event: LogEvent, now: number): Address | undefined {
    return this.trust.see(event, now);
  }

  see(sighting: Sighting, now: number): Verdict | undefined {
    const { kind, address, line } = sighting;
    if (kind === 'turned-away') this.#turnedAwayAt = now;
    if (this.#isSpared(address, now)) return undefined;
    const patience = this.trust.patience(address, now);
    const network = kind === 'turned-away' || patience > 1 ? undefined : this.#networks.find(address);
    if (network !== undefined) {
      const until = this.#escalation.until(network.text, now);
      if (until === undefined) this.#networks.delete(network);
      else
        return this.#inForce(
          { address, rule: 'neighbour', bantime: (until - now) as Duration, evidence: [line] },
          now,
        );
    }
    const verdict = this.#tally.see(sighting, now, patience);
    return verdict === undefined ? undefined : this.#inForce(verdict, now);
  }

  /** A distributed attack on one login; whoever tries is judged by `see`. */
  alert(sighting: Sighting, now: number): LoginAlert | undefined {
    return this.#allowlist.has(sighting.address) ? undefined : this.#logins.see(sighting, now);
  }

  isUnderAttack(now: number): boolean {
    return now - this.#turnedAwayAt < calmMs;
  }

  /** Judges who holds the slots; nobody while no attack is on. */
  judge(sockets: readonly MailSocket[], now: number): Verdict[] {
    if (!this.isUnderAttack(now)) {
      this.#slots.forget();
      return [];
    }
    return this.#slots
      .observe(sockets, now)
      .filter(({ address }) => !this.#isSpared(address, now))
      .map((verdict) => this.#inForce(verdict, now));
  }

  /** A ban of an address or network from before a restart: in force again, and remembered. */
  restore(target: string, until: number, offences: number): void {
    this.#escalation.restore(target, { count: offences, until });
    const network = parseNetwork(target);
    if (network !== undefined && network.bits < 128) this.#networks.add(network);
  }

  isAllowed(address: Address): boolean {
    return this.#allowlist.has(address);
  }

  /** How many bans of a target are not forgotten. */
  offences(target: string, now: number): number {
    return this.#escalation.offences(target, now);
  }

  #isSpared(address: Address, now: number): boolean {
    return this.#allowlist.has(address) || this.#escalation.until(address, now) !== undefined;
  }

  #inForce(verdict: Verdict, now: number): Verdict {
    const { address } = verdict;
    const shorter = verdict.bantime / this.trust.patience(address, now);
    const first = Math.max(shortestMs, Math.round(shorter)) as Duration;
    const bantime = this.#escalation.ban(address, first, now);
    const trust = this.trust.explain(address, now);
    const network = verdict.rule === 'neighbour' ? undefined : this.#widening.offend(address, now);
    if (network !== undefined) {
      this.#networks.add(network);
      this.#escalation.ban(network.text, first, now);
    }
    return {
      ...verdict,
      bantime,
      ...(network === undefined ? {} : { network: network.text }),
      ...(trust === undefined ? {} : { trust }),
    };
  }
}
