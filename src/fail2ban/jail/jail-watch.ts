/**
 * A jail at work: lines of its logs go in, bans come out. No clock and no file; whether an address is spared
 * for another reason (a trusted one, a victim) is asked of whoever runs it.
 */
import { type Address, parseAddress } from '../../base/address.ts';
import { type Network, parseNetwork } from '../../base/network.ts';
import { NetworkSet } from '../../base/network-set.ts';
import type { Calendar } from '../dates/calendar.ts';
import type { DateDetector } from '../dates/date-detector.ts';
import type { LineExpression } from '../filter/line-expression.ts';
import { type Found, LineFilter } from '../filter/line-filter.ts';
import type { Jail } from './jail.ts';
import { FailureCount } from './jail-count.ts';

export interface JailBan {
  readonly jail: string;
  readonly target: Network;
  /** How often it has been banned before. */
  readonly earlier: number;
  /** Seconds; Infinity is for ever. */
  readonly seconds: number;
  readonly evidence: readonly string[];
}

export interface JailWatchOptions {
  readonly jail: Jail;
  readonly calendar: Calendar;
  readonly own: readonly Address[];
  /** Bans before now, of each target: this jail's, or all jails'. */
  readonly earlier: Map<string, number>;
  /** From 0 to 1, for bantime.rndtime. */
  readonly chance: () => number;
  readonly isSpared: (address: Address, line: string) => boolean;
  /** How many times as many failures an address may make: 1 for a stranger. */
  readonly patience: (address: Address) => number;
  readonly quarantine: ReadonlySet<LineExpression>;
}

/** A line farther from now than this is taken for one of now: its zone or its clock is wrong. */
const oddSeconds = 60;

const mostEvidence = 5;

export class JailWatch {
  readonly #options: JailWatchOptions;
  readonly #count: FailureCount;
  readonly #ignored: NetworkSet;
  /** Of each log one: they learn, and remember lines. */
  readonly #filters = new Map<string, LineFilter>();
  readonly #banned = new Map<string, number>();
  #recent = new Map<string, string[]>();
  /** What is being tried on what: for whoever watches that it ends. */
  trying: { readonly rule: LineExpression; readonly text: string } | undefined;
  #filter: LineFilter | undefined;

  constructor(options: JailWatchOptions) {
    this.#options = options;
    this.#count = new FailureCount(options.jail);
    const { ignored, ignoreSelf } = options.jail;
    this.#ignored = new NetworkSet([
      ...ignored,
      ...(ignoreSelf ? options.own.flatMap((address) => parseNetwork(address) ?? []) : []),
    ]);
  }

  /** A line of a log; `dates` makes the detector for a log that is new. */
  line(log: string, line: string, dates: () => DateDetector): JailBan[] {
    let filter = this.#filters.get(log);
    if (filter === undefined) {
      const { jail, calendar, quarantine } = this.#options;
      filter = new LineFilter({
        rules: jail.rules,
        dates: dates(),
        calendar,
        ...(jail.zone === undefined ? {} : { zone: jail.zone }),
        checkAll: false,
        trying: (rule, text) => {
          this.trying = { rule, text };
        },
        quarantine,
      });
      this.#filters.set(log, filter);
    }
    this.#filter = filter;
    return filter.line(line).flatMap((found) => this.#failure(found, line));
  }

  /** Takes the last line back, after it was broken off. */
  rewind(): void {
    this.#filter?.rewind();
  }

  #failure(found: Found, line: string): JailBan[] {
    const { jail, calendar, isSpared, earlier, chance } = this.#options;
    const target = typeof found.id === 'string' ? parseNetwork(found.id) : undefined;
    // Whoever is no address cannot be kept out by a firewall.
    if (target === undefined || typeof found.id !== 'string') return [];
    const address = parseAddress(found.id) ?? parseAddress(found.id.split('/')[0] ?? '');
    if (address === undefined || this.#ignored.find(address) !== undefined || isSpared(address, line))
      return [];
    const now = calendar.now();
    if ((this.#banned.get(target.text) ?? 0) > now) return [];
    const lines = [
      ...(this.#recent.get(target.text) ?? []),
      ...found.matches.map((parts) => parts.join('')),
    ].slice(-mostEvidence);
    const time = found.time === undefined || Math.abs(found.time - now) > oddSeconds ? now : found.time;
    if (!this.#count.add(target.text, Math.min(time, now), this.#options.patience(address))) {
      this.#remember(target.text, lines);
      return [];
    }
    this.#recent.delete(target.text);
    const before = earlier.get(target.text) ?? 0;
    const seconds = jail.banTime.seconds(before, chance());
    earlier.set(target.text, before + 1);
    this.#banned.set(target.text, now + seconds);
    return [{ jail: jail.name, target, earlier: before, seconds, evidence: lines }];
  }

  #remember(id: string, lines: string[]): void {
    this.#recent.set(id, lines);
    // Evidence is a comfort, and bounded: the counts stay.
    if (this.#recent.size > 10_000) this.#recent = new Map([...this.#recent].slice(-5000));
  }
}
