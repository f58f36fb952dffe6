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
import type { LineParts } from '../filter/line-parts.ts';
import type { Jail } from './jail.ts';
import { FailureCount } from './jail-count.ts';
import type { JournalLine } from './journal-line.ts';

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
  /** Until when who is banned already: seconds. */
  readonly banned?: ReadonlyMap<string, number>;
  /** A failure of which a name alone is known; whoever finds its addresses tells `failure` each of them. */
  readonly onName?: (name: string, failure: NamedFailure) => void;
}

/** What a failure is, but for who made it. */
export interface NamedFailure {
  /** Seconds. */
  readonly time: number | undefined;
  readonly matches: readonly LineParts[];
  readonly line: string;
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
  readonly #banned: Map<string, number>;
  #recent = new Map<string, string[]>();
  /** What is being tried on what: for whoever watches that it ends. */
  trying: { readonly rule: LineExpression; readonly text: string } | undefined;
  #filter: LineFilter | undefined;

  constructor(options: JailWatchOptions) {
    this.#options = options;
    this.#count = new FailureCount(options.jail);
    this.#banned = new Map(options.banned);
    const { ignored, ignoreSelf } = options.jail;
    this.#ignored = new NetworkSet([
      ...ignored,
      ...(ignoreSelf ? options.own.flatMap((address) => parseNetwork(address) ?? []) : []),
    ]);
  }

  /** A line of a log; `dates` makes the detector for a log that is new. */
  line(log: string, line: string, dates: () => DateDetector): JailBan[] {
    return this.#filterOf(log, dates)
      .line(line)
      .flatMap((found) => this.#found(found, line));
  }

  /** An entry of the journal. */
  entry({ parts, time }: JournalLine): JailBan[] {
    const line = parts.join('');
    return this.#filterOf('', undefined)
      .dated(parts, time)
      .flatMap((found) => this.#found(found, line));
  }

  /** Whoever has been let go starts anew. */
  release(targets: readonly Network[]): void {
    for (const { text } of targets) this.#banned.delete(text);
  }

  #filterOf(log: string, dates: (() => DateDetector) | undefined): LineFilter {
    let filter = this.#filters.get(log);
    if (filter === undefined) {
      const { jail, calendar, quarantine } = this.#options;
      filter = new LineFilter({
        rules: jail.rules,
        dates: dates?.(),
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
    return filter;
  }

  /** Takes the last line back, after it was broken off. */
  rewind(): void {
    this.#filter?.rewind();
  }

  #found({ id, isName, time, matches }: Found, line: string): JailBan[] {
    if (typeof id !== 'string') return [];
    if (!isName) return this.failure(id, { time, matches, line });
    if (this.#options.jail.looksUpNames) this.#options.onName?.(id, { time, matches, line });
    return [];
  }

  /** A failure by an address or a network, as text. */
  failure(id: string, found: NamedFailure): JailBan[] {
    const { jail, calendar, isSpared, earlier, chance } = this.#options;
    const { line } = found;
    const target = parseNetwork(id);
    // Whoever is no address cannot be kept out by a firewall.
    if (target === undefined) return [];
    const address = parseAddress(id) ?? parseAddress(id.split('/')[0] ?? '');
    if (address === undefined || this.#ignored.find(address) !== undefined || isSpared(address, line))
      return [];
    const now = calendar.now();
    if ((this.#banned.get(target.text) ?? 0) > now) return [];
    const lines = [
      ...(this.#recent.get(target.text) ?? []),
      ...found.matches.map((parts) => parts.join('')),
    ].slice(-mostEvidence);
    const time = found.time === undefined || Math.abs(found.time - now) > oddSeconds ? now : found.time;
    const before = earlier.get(target.text) ?? 0;
    const { patience } = this.#options;
    if (!this.#count.add(target.text, Math.min(time, now), patience(address), weightOf(jail, before))) {
      this.#remember(target.text, lines);
      return [];
    }
    this.#recent.delete(target.text);
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

/** Who has been banned before needs fewer failures where bans grow: each counts for 2, 3, 5, 9… (fail2ban's observer). */
function weightOf({ banTime, maxRetry }: Jail, before: number): number {
  return banTime.increments && before > 0 ? Math.min(2 ** (Math.min(before, 20) - 1) + 1, maxRetry) : 1;
}
