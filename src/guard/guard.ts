/**
 * The judge: events and socket tables go in, verdicts come out. No clock and no file; the time is an
 * argument, so that the live agent and a replay of its log judge alike.
 *
 * An attack is on while Exim turns clients away: from the first such line until none has come for
 * `calmMs`. Only then is the socket table judged, so that a quiet server never bans a slow peer.
 *
 * Nobody is judged while a ban is in force, and nobody on the allowlist at all. Trust makes the guard more
 * patient and a ban shorter; a further ban is longer. Behind an address that has just delivered mail there
 * may be others (NAT): its connections without progress are ended one by one before it is banned, and for wrong
 * passwords it loses its logins before it loses its mail.
 */
import type { Address } from '../base/address.ts';
import type { Duration } from '../base/duration.ts';
import { type Network, parseNetwork } from '../base/network.ts';
import type { LogEvent } from '../exim/event.ts';
import type { Allowlist } from './allowlist.ts';
import { type BackedOff, Backoff } from './backoff.ts';
import { type BanInForce, BanLedger } from './ban-ledger.ts';
import { Crowd } from './crowd.ts';
import { customerOf } from './customer.ts';
import { Endings } from './endings.ts';
import { Escalation } from './escalation.ts';
import { IncidentWatch } from './incident.ts';
import { leavesMail } from './leaves-mail.ts';
import { type LoginAlert, LoginWatch } from './login-watch.ts';
import { defaultMeasures, type Measures } from './measures.ts';
import { knownHosts } from './known-hosts.ts';
import { knownOffence } from './known-offence.ts';
import type { Remembered } from './remembered.ts';
import { defaultRules, defaultScore, type Rules, type ScoreRule } from './rule.ts';
import { type Sighting, sightingOf, type SightingOf } from './sighting.ts';
import { slotAllowance } from './slot-allowance.ts';
import { connectionsOf, type SlotHolder, SlotWatch } from './slot-watch.ts';
import type { MailSocket } from './mail-socket.ts';
import type { Explained } from './explained.ts';
import { weighAll } from './weigh-all.ts';
import type { Taken } from './taken.ts';
import type { Tally } from './tally.ts';
import { Trust } from './trust.ts';
import type { RuleName, Verdict } from './verdict.ts';
import { Widening } from './widening.ts';

const calmMs = 5000;

/** A ban shorter than this would be over before it is worth its cost. */
const shortestMs = 1000;

/** What the guard goes by; a running one can be given others. */
export interface GuardRules {
  readonly rules: Rules;
  readonly score: ScoreRule;
  readonly measures: Measures;
  readonly allowlist: Allowlist;
  readonly sightingOf: SightingOf;
}

/** What is known of a ban from before. */
export type KnownBan = Pick<BanInForce, 'began' | 'mailBefore' | 'attempts' | 'mailLost'> & {
  readonly rule: string;
};

/** What came of a look at the socket table. */
export interface Judgement {
  readonly verdicts: readonly Verdict[];
  /** Trusted addresses, of which only these connections are to be ended. */
  readonly endings: readonly SlotHolder[];
}

export class Guard {
  readonly trust: Trust;
  readonly ledger: BanLedger = new BanLedger();
  readonly tally: Tally;
  readonly incidents: IncidentWatch;
  #allowlist: Allowlist;
  #measures: Measures;
  #rules: Pick<GuardRules, 'rules' | 'score'> = { rules: defaultRules, score: defaultScore };
  #sightingOf: SightingOf = sightingOf;
  readonly #slots = new SlotWatch();
  readonly #endings = new Endings();
  readonly #crowd = new Crowd();
  readonly #backoff: Backoff;
  readonly #escalation: Escalation;
  readonly #widening: Widening;
  readonly #logins: LoginWatch;
  #turnedAwayAt = Number.NEGATIVE_INFINITY;
  /** When a crowd was being turned away. */
  #crowdedAt = Number.NEGATIVE_INFINITY;

  constructor(tally: Tally, allowlist: Allowlist, measures: Measures = defaultMeasures) {
    this.tally = tally;
    this.#allowlist = allowlist;
    this.#measures = measures;
    this.trust = new Trust(measures.trust);
    this.incidents = new IncidentWatch(measures.incident.quiet);
    this.#backoff = new Backoff(measures.backoff);
    this.#escalation = new Escalation(measures.escalation);
    this.#widening = new Widening(measures.widening, allowlist);
    this.#logins = new LoginWatch(measures.login);
  }

  /** From now on it goes by other rules; what it has seen stays. */
  adopt({ rules, score, measures, allowlist, sightingOf: judge }: GuardRules): void {
    this.#allowlist = allowlist.withByHand(this.#allowlist.byHand);
    this.#measures = measures;
    this.#rules = { rules, score };
    this.#sightingOf = judge;
    this.tally.adopt(rules, score);
    this.trust.adopt(measures.trust);
    this.#backoff.adopt(measures.backoff);
    this.#escalation.adopt(measures.escalation);
    this.#widening.adopt(measures.widening, this.#allowlist);
    this.#logins.adopt(measures.login);
  }

  /** Whom a person lets be besides those of the rules, from now on: all of them. */
  allowByHand(networks: readonly Network[]): void {
    this.#allowlist = this.#allowlist.withByHand(networks);
    this.#widening.adopt(this.#measures.widening, this.#allowlist);
  }

  /** One event of the log, with its line and its time: all that the guard learns from it. */
  take(event: LogEvent, line: string, now: number): Taken {
    const found = this.#sightingOf(event, line);
    // Exim shows a name only where it is forward-confirmed.
    if (event.peer !== undefined && event.host?.name !== undefined)
      this.named(event.peer, event.host.name, now);
    const isMail = event.kind === 'arrival' && event.peer !== undefined;
    const ban = event.peer === undefined ? undefined : this.ledger.find(event.peer, now);
    if (ban?.leavesMail === false) {
      this.ledger.count(ban, { attempt: found !== undefined, mail: isMail });
      return found === undefined ? {} : { sighting: found };
    }
    if (isMail) this.incidents.mail();
    this.hear(event, now);
    if (found === undefined) return {};
    const taken = this.weigh(found, now);
    const backoff = taken.verdict === undefined ? this.#keepAway(found, now) : undefined;
    return backoff === undefined ? taken : { ...taken, backoff };
  }

  /** A sighting from wherever, such as another log than Exim's. */
  weigh(found: Sighting, now: number): Taken {
    const ban = this.ledger.find(found.address, now);
    if (ban !== undefined) {
      this.ledger.count(ban, { attempt: true, mail: false });
      // Where its mail comes in, so may whoever attacks there.
      if (!ban.leavesMail) return { sighting: found };
    }
    const alert = this.alert(found, now);
    const verdict = this.see(found, now);
    const opened = verdict === undefined ? undefined : this.ledger.find(verdict.address, now);
    return {
      sighting: found,
      ...(alert === undefined ? {} : { alert }),
      ...(verdict === undefined ? {} : { verdict }),
      ...(opened === undefined ? {} : { ban: opened }),
    };
  }

  /** Strangers alone: whoever has earned anything, or lives beside one who has, may try as often as it likes. */
  #keepAway({ kind, address }: Sighting, now: number): BackedOff | undefined {
    if (kind !== 'turned-away' || !this.#crowd.isLarge(now) || this.#isSpared(address, now)) return undefined;
    const target = customerOf(address);
    if (this.trust.knowsNeighbour(address) || this.#allowlist.overlaps(target)) return undefined;
    return this.#backoff.next(target, now);
  }

  /** A forward-confirmed reverse name of an address: one of the known senders' earns trust. */
  named(address: Address, name: string, now: number): void {
    const { known, credit } = this.#measures.names;
    if (!known.isEmpty && known.has(name)) this.trust.vouch(address, credit, now);
  }

  /** Whether names are worth a look. */
  get asksNames(): boolean {
    return !this.#measures.names.known.isEmpty;
  }

  /** Any event: mail and logins earn trust. Returns who has earned some. */
  hear(event: LogEvent, now: number): Address | undefined {
    return this.trust.see(event, now);
  }

  see(sighting: Sighting, now: number): Verdict | undefined {
    const { kind, address, times = 1 } = sighting;
    if (kind === 'turned-away') {
      this.#turnedAwayAt = Math.max(this.#turnedAwayAt, now);
      this.incidents.turnedAway(address, now);
      this.#crowd.add(address, now);
      if (this.#crowd.isLarge(now)) this.#crowdedAt = Math.max(this.#crowdedAt, now);
    }
    if (this.#isSpared(address, now)) return undefined;
    const patience = this.trust.patience(address, now);
    for (let time = 0; time < times; time += 1) {
      const verdict = this.tally.see(sighting, now, patience);
      if (verdict !== undefined) return this.#inForce(verdict, now);
    }
    return undefined;
  }

  /** A distributed attack on one login; whoever tries is judged by `see`. */
  alert(sighting: Sighting, now: number): LoginAlert | undefined {
    return this.#allowlist.has(sighting.address) ? undefined : this.#logins.see(sighting, now);
  }

  isUnderAttack(now: number): boolean {
    return now - this.#turnedAwayAt < calmMs;
  }

  /**
   * Whether the socket table is worth a look: while an attack is on, and for a while after one of a crowd. Those
   * that have a slot still hold it then, fewer than there are, so that nobody is turned away until more come.
   */
  watchesSlots(now: number): boolean {
    return this.isUnderAttack(now) || now - this.#crowdedAt < this.#measures.slotHolder.after;
  }

  /** Judges who holds the slots; nobody while they are not to be watched. */
  judge(sockets: readonly MailSocket[], now: number): Judgement {
    if (!this.watchesSlots(now)) {
      this.#slots.forget();
      return { verdicts: [], endings: [] };
    }
    const waiting = !this.isUnderAttack(now)
      ? 'nobody any more'
      : this.#crowd.isLarge(now)
        ? 'a crowd'
        : 'some';
    const holders = this.#slots.observe(sockets, now, (address) =>
      slotAllowance(this.trust.patience(address, now), waiting),
    );
    const verdicts: Verdict[] = [];
    const endings: SlotHolder[] = [];
    for (const holder of holders) {
      const { address, network, evidence } = holder;
      if (this.#isSpared(address, now)) continue;
      const { bantime, endings: most, window } = this.#measures.slotHolder;
      if (this.#isKnown(address, now) && this.#endings.add(address, now, window) <= most) {
        endings.push(holder);
        continue;
      }
      const wide = network !== undefined && this.#mayBan(network, now) ? { network } : {};
      verdicts.push(this.#inForce({ address, rule: 'slot-holder', bantime, evidence, ...wide }, now));
    }
    this.incidents.held(connectionsOf(holders), connectionsOf(endings), now);
    return { verdicts, endings };
  }

  /** All that it has in mind of an address. */
  explain(address: Address, now: number): Explained {
    const { rules, score } = this.#rules;
    const patience = this.trust.patience(address, now);
    const peeked = this.tally.peek(address, now);
    const weighed = weighAll(peeked?.sightings ?? [], rules, score, patience, now);
    const ended = this.#endings.of(address);
    const { credit } = this.#measures.reserve;
    const isKnown = this.#isKnown(address, now);
    const trust = this.trust.explain(address, now);
    return {
      address,
      allowed: this.#allowlist.has(address),
      known: isKnown,
      reserved:
        this.trust.credit(address, now) >= credit &&
        !this.#endings.isRecent(address, now, this.#measures.reserve.suspend),
      patience: Number(patience.toFixed(2)),
      ...(trust === undefined ? {} : { trust }),
      score: {
        now: Number((peeked?.score ?? 0).toFixed(1)),
        needed: Number((score.threshold * patience).toFixed(1)),
      },
      ...weighed,
      ...(ended === undefined || ended.count === 0
        ? {}
        : { endings: { count: ended.count, last: ended.at } }),
    };
  }

  /** Who need never wait for a slot, the most trusted first: addresses, and the allowlist's networks. */
  known(now: number): readonly string[] {
    return knownHosts(this.trust, this.#allowlist, this.#measures.reserve, now, (address) =>
      this.#endings.isRecent(address, now, this.#measures.reserve.suspend),
    );
  }

  /** A ban by hand, in force whatever the guard thinks of the target. */
  ban(target: string, bantime: Duration, now: number): BanInForce {
    this.#escalation.restore(target, {
      count: this.#escalation.offences(target, now) + 1,
      until: now + bantime,
    });
    return this.#open(target, now, bantime, 'manual');
  }

  /** Takes a ban back, and what the target did before with it. Returns whether there was one. */
  pardon(target: string, now: number): boolean {
    const until = this.#escalation.until(target, now);
    this.#escalation.forgive(target);
    this.ledger.close(target);
    return until !== undefined;
  }

  /** A ban of an address or network from before a restart: in force again, and remembered. */
  restore(target: string, until: number, offences: number, known?: KnownBan): void {
    this.#escalation.restore(target, { count: offences, until });
    const { began = until, mailBefore = 0, attempts = 0, mailLost = 0, rule = '' } = known ?? {};
    const ban = this.ledger.open({ target, began, until, mailBefore, leavesMail: leavesMail(rule) });
    ban.attempts = attempts;
    ban.mailLost = mailLost;
  }

  /** What of its mind has changed since `settle`; trust and bans are asked for on their own. */
  *changed(): Generator<Remembered> {
    yield* this.tally.changed();
    yield* this.#widening.changed();
    yield* this.#logins.changed();
  }

  /** What has changed so far is kept. */
  settle(): void {
    for (const part of [this.tally, this.#widening, this.#logins]) part.settle();
  }

  /** What was in mind before a restart, the oldest first. */
  remember(remembered: Remembered): void {
    const parts = { tally: this.tally, widening: this.#widening, login: this.#logins };
    parts[remembered.kind].restore(remembered);
  }

  /** Whether a ban of it would hit anyone on the allowlist. */
  isAllowed(target: Network): boolean {
    return this.#allowlist.overlaps(target);
  }

  /** How many bans of a target are not forgotten. */
  offences(target: string, now: number): number {
    return this.#escalation.offences(target, now);
  }

  #isSpared(address: Address, now: number): boolean {
    return this.#allowlist.has(address) || this.ledger.find(address, now)?.leavesMail === false;
  }

  #isKnown(address: Address, now: number): boolean {
    const { credit, recent } = this.#measures.known;
    const earned = this.trust.earned(address);
    return earned !== undefined && now - earned.at < recent && this.trust.credit(address, now) >= credit;
  }

  /** Whether a ban of all of a network hits nobody who is trusted or allowed. */
  #mayBan(network: string, now: number): boolean {
    const whole = parseNetwork(network);
    return whole !== undefined && !this.#allowlist.overlaps(whole) && !this.trust.knowsAnyOf(whole, now);
  }

  #inForce(verdict: Verdict, now: number): Verdict {
    const { address } = verdict;
    const { known } = this.#measures;
    const isKnown = this.#isKnown(address, now);
    const shorter = Math.round(verdict.bantime / this.trust.patience(address, now));
    const first = Math.max(shortestMs, isKnown ? Math.min(shorter, known.bantime) : shorter) as Duration;
    const trust = this.trust.explain(address, now);
    const leaves = known.mail && this.ledger.find(address, now) === undefined;
    const { rule, grows } = isKnown
      ? knownOffence(verdict.rule, leaves)
      : { rule: verdict.rule, grows: true };
    const network = leavesMail(rule) ? undefined : this.#widened(verdict, now);
    const targets = [address, ...(network === undefined ? [] : [network])];
    const lengths = targets.map((target) => this.#escalation[grows ? 'ban' : 'hold'](target, first, now));
    // What is told, kept and enforced of a verdict is one time for both.
    const bantime = Math.max(...lengths) as Duration;
    for (const target of targets) {
      this.#escalation.extend(target, now + bantime);
      this.#open(target, now, bantime, rule);
    }
    // Whoever cannot log in holds no slot of those who can.
    if (!leavesMail(rule)) this.#endings.note(address, now);
    this.incidents.banned(rule, network, now);
    const { network: _, ...rest } = verdict;
    return {
      ...rest,
      rule,
      bantime,
      ...(network === undefined ? {} : { network }),
      ...(trust === undefined ? {} : { trust }),
    };
  }

  #widened({ address, network }: Verdict, now: number): string | undefined {
    const offended = this.#widening.offend(address, now)?.text;
    return network ?? (offended !== undefined && this.#mayBan(offended, now) ? offended : undefined);
  }

  #open(target: string, now: number, bantime: Duration, rule: RuleName): BanInForce {
    const mailBefore = this.trust.earned(target as Address)?.messages ?? 0;
    const until = now + bantime;
    return this.ledger.open({ target, began: now, until, mailBefore, leavesMail: leavesMail(rule) });
  }
}
