/**
 * Tells a drill while it goes on: the first bans of each rule with their evidence, what happens to
 * the senders, and a count now and then. A thousand bots do not make a thousand lines.
 */
import type { DrillEvent } from '../lab/drill.ts';
import type { Speaker } from './speak.ts';

const shownBans = 2;

export class AttackReporter {
  readonly #speak: Speaker;
  #begun = 0;
  readonly #bansByRule = new Map<string, number>();
  #bans = 0;
  #accepted = 0;
  #refused = 0;
  #wasRefused = false;

  constructor(speak: Speaker) {
    this.#speak = speak;
  }

  report(event: DrillEvent): void {
    switch (event.type) {
      case 'begun':
        this.#begun = event.at;
        break;
      case 'ban':
        this.#ban(event);
        break;
      case 'attack':
        this.#line(
          event.at,
          event.state === 'begun'
            ? 'Exim turns clients away: looking for who holds its slots'
            : 'Exim turns nobody away any more',
        );
        break;
      case 'refused':
        this.#refused += 1;
        if (!this.#wasRefused) this.#line(event.at, `sender ${event.sender} is refused: ${event.why}`);
        this.#wasRefused = true;
        break;
      case 'accepted':
        this.#accepted += 1;
        if (this.#wasRefused) {
          this.#line(
            event.at,
            `mail gets through: ${event.sender} delivers, ${(event.delayMs / 1000).toFixed(1)} s after its first try`,
          );
        }
        this.#wasRefused = false;
        break;
      case 'alert':
        this.#line(event.at, `${event.addresses.length} addresses try the login ${event.login}`);
        break;
      case 'incident':
      case 'unban':
      case 'attempted':
      case 'jail-ban':
        break;
      case 'problem':
        this.#speak.problem(event.problem);
        break;
    }
  }

  summary(at: number): void {
    this.#line(
      at,
      `so far ${this.#bans} bans, ${this.#accepted} messages accepted, ${this.#refused} refusals`,
    );
  }

  /** A set as `nft list set` prints it. */
  kernel(listing: string): void {
    const elements = [...listing.matchAll(/\d+\.\d+\.\d+\.\d+ timeout \S+ expires [\dhms]+/g)].map(String);
    this.#speak.line(
      `          the kernel's set inet portreeve banned4 holds ${elements.length} addresses, such as ${elements[0] ?? 'none'}`,
    );
  }

  #ban(ban: Extract<DrillEvent, { type: 'ban' }>): void {
    this.#bans += 1;
    const { bad, dim } = this.#speak.style;
    const count = (this.#bansByRule.get(ban.rule) ?? 0) + 1;
    this.#bansByRule.set(ban.rule, count);
    if (count > shownBans) return;
    this.#line(ban.at, `${bad('ban')} ${ban.address} for ${ban.seconds / 60} min: ${ban.rule}`);
    const last = ban.evidence.at(-1);
    const before = ban.evidence.length - 1;
    if (last !== undefined)
      this.#speak.line(dim(`          ${last}${before > 0 ? `   (and ${before} more like it)` : ''}`));
    if (count === shownBans)
      this.#speak.line(dim(`          further bans by ${ban.rule} are only counted here`));
  }

  #line(at: number, text: string): void {
    this.#speak.line(`${((at - this.#begun) / 1000).toFixed(1).padStart(6)} s  ${text}`);
  }
}
