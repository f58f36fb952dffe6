/**
 * An attack as one story, from its first sign to its last: it begins when Exim turns clients away or
 * somebody is banned, and is over when neither has happened for a quiet time. A ban or a dozen refusals by
 * themselves are no incident.
 *
 * Bounded: distinct addresses are counted up to `mostAddresses`, and as that many from there on.
 */
import type { Address } from '../base/address.ts';
import type { Duration } from '../base/duration.ts';

export interface Incident {
  readonly began: number;
  /** Of the last sign. */
  readonly ended: number;
  /** Clients that were turned away because the server was full: how often, and how many addresses. */
  readonly turnedAway: number;
  readonly turnedAwayAddresses: number;
  /** The most connections at one time that brought no progress. */
  readonly slotsHeld: number;
  /** Bans by their rule. */
  readonly bans: Readonly<Record<string, number>>;
  readonly networks: readonly string[];
  /** Connections of trusted addresses that were ended without a ban. */
  readonly connectionsEnded: number;
  /** Messages that were accepted meanwhile. */
  readonly mail: number;
  /** From the begin to the last refusal of a client that was not banned by then. */
  readonly fullFor: Duration;
}

const mostAddresses = 100_000;
const mostNetworks = 100;
const fewestBans = 2;
const fewestRefusals = 20;

interface Story {
  began: number;
  ended: number;
  turnedAway: number;
  readonly addresses: Set<Address>;
  lastRefusal: number;
  slotsHeld: number;
  readonly bans: Map<string, number>;
  readonly networks: Set<string>;
  connectionsEnded: number;
  mail: number;
}

export class IncidentWatch {
  readonly #quiet: Duration;
  #story: Story | undefined;

  constructor(quiet: Duration) {
    this.#quiet = quiet;
  }

  turnedAway(address: Address, now: number): void {
    const story = this.#sign(now);
    story.turnedAway += 1;
    story.lastRefusal = now;
    if (story.addresses.size < mostAddresses) story.addresses.add(address);
  }

  banned(rule: string, network: string | undefined, now: number): void {
    const story = this.#sign(now);
    story.bans.set(rule, (story.bans.get(rule) ?? 0) + 1);
    if (network !== undefined && story.networks.size < mostNetworks) story.networks.add(network);
  }

  /** What a look at the socket table showed. */
  held(slots: number, ended: number, now: number): void {
    const story = this.#story;
    if (story === undefined) return;
    story.slotsHeld = Math.max(story.slotsHeld, slots);
    story.connectionsEnded += ended;
    if (ended > 0) story.ended = Math.max(story.ended, now);
  }

  mail(): void {
    if (this.#story !== undefined) this.#story.mail += 1;
  }

  /** The one that goes on, so far. */
  current(): Incident | undefined {
    return this.#story === undefined ? undefined : summary(this.#story);
  }

  /** The incident that is over, once; with `all` the one that goes on as well. */
  take(now: number, all = false): Incident | undefined {
    const story = this.#story;
    if (story === undefined || (!all && now - story.ended < this.#quiet)) return undefined;
    this.#story = undefined;
    const bans = story.bans.values().reduce((sum, count) => sum + count, 0);
    return bans >= fewestBans || story.turnedAway >= fewestRefusals ? summary(story) : undefined;
  }

  #sign(now: number): Story {
    this.#story ??= {
      began: now,
      ended: now,
      turnedAway: 0,
      addresses: new Set(),
      lastRefusal: now,
      slotsHeld: 0,
      bans: new Map(),
      networks: new Set(),
      connectionsEnded: 0,
      mail: 0,
    };
    this.#story.ended = Math.max(this.#story.ended, now);
    return this.#story;
  }
}

function summary(story: Story): Incident {
  const { began, ended, turnedAway, addresses, slotsHeld, bans, networks, connectionsEnded, mail } = story;
  return {
    began,
    ended,
    turnedAway,
    turnedAwayAddresses: addresses.size,
    slotsHeld,
    bans: Object.fromEntries(bans),
    networks: [...networks],
    connectionsEnded,
    mail,
    fullFor: (turnedAway === 0 ? 0 : Math.max(0, story.lastRefusal - began)) as Duration,
  };
}
