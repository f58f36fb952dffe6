/**
 * The judge: sightings and socket tables go in, verdicts come out. No clock and no file; the time is
 * an argument.
 *
 * An attack is on while Exim turns clients away: from the first such line until none has come for
 * `calmMs`. Only then is the socket table judged, so that a quiet server never bans a slow peer.
 */
import type { Address } from '../base/address.ts';
import type { Allowlist } from './allowlist.ts';
import type { Sighting } from './sighting.ts';
import { SlotWatch } from './slot-watch.ts';
import type { MailSocket } from './socket-table.ts';
import type { Tally } from './tally.ts';
import type { Verdict } from './verdict.ts';

const calmMs = 5000;

export class Guard {
  readonly #tally: Tally;
  readonly #allowlist: Allowlist;
  readonly #slots = new SlotWatch();
  /** When each ban ends, so that nobody is judged twice. */
  readonly #banned = new Map<Address, number>();
  #turnedAwayAt = Number.NEGATIVE_INFINITY;

  constructor(tally: Tally, allowlist: Allowlist) {
    this.#tally = tally;
    this.#allowlist = allowlist;
  }

  see(sighting: Sighting, now: number): Verdict | undefined {
    if (sighting.kind === 'turned-away') this.#turnedAwayAt = now;
    if (this.#isSpared(sighting.address, now)) return undefined;
    const verdict = this.#tally.see(sighting, now);
    return verdict === undefined ? undefined : this.#inForce(verdict, now);
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

  #isSpared(address: Address, now: number): boolean {
    const until = this.#banned.get(address);
    if (until !== undefined && until <= now) this.#banned.delete(address);
    return this.#allowlist.has(address) || (until !== undefined && until > now);
  }

  #inForce(verdict: Verdict, now: number): Verdict {
    this.#banned.set(verdict.address, now + verdict.bantime);
    return verdict;
  }
}
