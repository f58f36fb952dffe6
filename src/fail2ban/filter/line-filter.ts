/**
 * A filter at work: takes lines, gives failures. Everything that fail2ban's engine decides about a line is
 * decided here: its date, prefregex, ignoreregex, failregex, several lines at once, connections.
 *
 * It remembers lines and connections, so each log needs one of its own.
 */
import type { Calendar } from '../dates/calendar.ts';
import type { DateDetector, FoundDate } from '../dates/date-detector.ts';
import { isAscii, type Match } from '../expression/expression.ts';
import { ConnectionMemory } from './connection-memory.ts';
import { type Failure, has, textOf } from './failure.ts';
import { failureId, type FailureId } from './failure-id.ts';
import type { FilterRules } from './filter-rules.ts';
import type { Groups, LineExpression } from './line-expression.ts';
import { type LineParts, searched } from './line-parts.ts';
import { matchedLines } from './matched-lines.ts';
import { mergeFailure } from './merge-failure.ts';

export interface Found extends FailureId {
  /** Which failregex: 0 is the first. */
  readonly regex: number;
  /** Seconds since 1970; undefined where neither this line nor one before it has a date. */
  readonly time: number | undefined;
  /** Until the next line: those of a connection go on changing. */
  readonly groups: Groups;
  readonly users: ReadonlySet<string> | undefined;
  readonly attempts: number;
  readonly matches: readonly LineParts[];
  /** `<F-NOFAIL>`: seen, and no failure. */
  readonly spared: boolean;
}

export interface LineFilterOptions {
  readonly rules: FilterRules;
  /** None for lines whose time is known, as the journal's. */
  readonly dates: DateDetector | undefined;
  readonly calendar: Calendar;
  /** Minutes ahead of UTC where lines do not say. */
  readonly zone?: number;
  /** Goes on after the first expression that matches: to try a filter out. */
  readonly checkAll: boolean;
  /** Leaves out failures without an address, until one is known. */
  readonly ignorePending?: boolean;
  /** Told before an expression is tried: who looks from outside knows what was at work. */
  readonly trying?: (rule: LineExpression, text: string) => void;
  /** Expressions that have taken too long, and are left out. */
  readonly quarantine?: ReadonlySet<LineExpression>;
}

/** So many seconds the date of a line still holds for a line without one. */
const dateHolds = 60;

export class LineFilter {
  readonly #options: LineFilterOptions;
  readonly #memory = new ConnectionMemory<Failure>();
  #lines: readonly LineParts[] = [];
  #before: readonly LineParts[] = [];
  #lastText = '';
  #lastTime: number | undefined;
  #ignored: number[] = [];

  /** Whether prefregex let the last line through. */
  passed = false;

  constructor(options: LineFilterOptions) {
    this.#options = options;
  }

  /** Which ignoreregex the last line met. */
  get ignored(): readonly number[] {
    return this.#ignored;
  }

  /** Takes the last line back, after it was broken off: it may be tried again. */
  rewind(): void {
    this.#lines = this.#before;
  }

  /** A line of a log. */
  line(line: string, asciiText: boolean = isAscii(line)): Found[] {
    const now = this.#options.calendar.now();
    const date = this.#options.dates?.find(line, asciiText, now);
    return this.judge(line, asciiText, date);
  }

  /** A line whose date has been looked for. */
  judge(line: string, asciiText: boolean, date: FoundDate | undefined): Found[] {
    const { calendar, zone } = this.#options;
    const now = calendar.now();
    let time: number | undefined;
    let parts: LineParts = ['', '', line];
    if (date !== undefined) {
      const [start, end] = date.match.span(1) ?? [0, 0];
      const text = line.slice(start, end);
      parts = [line.slice(0, start), text, line.slice(end)];
      if (text !== '') {
        time = date.template.read(date.match, calendar, zone);
        if (time !== undefined) {
          this.#lastText = text;
          this.#lastTime = time;
        }
      } else if (this.#lastHolds(now)) {
        parts = ['', this.#lastText, line];
        time = this.#lastTime;
      } else time = now;
    }
    if (time === undefined && this.#lastHolds(now)) {
      parts = ['', this.#lastText, line];
      time = this.#lastTime;
    }
    return this.parts(parts, asciiText, time);
  }

  /** A line that is known apart from its date: of the journal. */
  dated(parts: LineParts, time: number): Found[] {
    this.#lastText = parts[1];
    this.#lastTime = time;
    return this.parts(parts, parts.every(isAscii), time);
  }

  #lastHolds(now: number): boolean {
    return this.#lastTime !== undefined && this.#lastTime !== 0 && this.#lastTime > now - dateHolds;
  }

  parts(parts: LineParts, ascii: boolean, time: number | undefined): Found[] {
    const { rules, checkAll, calendar } = this.#options;
    this.#ignored = [];
    this.passed = false;
    this.#before = this.#lines;
    let asciiText = ascii;
    if (rules.maxlines > 1) {
      this.#lines = [...this.#lines, parts].slice(-rules.maxlines);
      asciiText = this.#lines.every((line) => line.every(isAscii));
    } else this.#lines = [parts];
    const original = this.#lines;
    let text: string | undefined = searched(original);

    if (rules.ignore.length > 0 && rules.ignore.length < rules.fail.length - 2) {
      if (this.#isIgnored(text, asciiText)) return [];
    }
    let before: Groups | undefined;
    if (rules.prefix !== undefined) {
      if (!this.#mayMatch(rules.prefix, text)) return [];
      const match = rules.prefix.expression.search(text, asciiText);
      if (match === undefined) return [];
      before = rules.prefix.groupsOf(match);
      const content = textOf(before, 'content');
      before.delete('content');
      if (content !== undefined && content !== '') {
        this.#lines = [['', '', content]];
        text = undefined;
      }
    }
    this.passed = true;

    const all: Found[] = [];
    const now = calendar.now();
    for (const [regex, rule] of rules.fail.entries()) {
      text ??= searched(this.#lines);
      if (!this.#mayMatch(rule, text)) continue;
      const match = rule.expression.search(text, asciiText);
      if (match === undefined) continue;
      const share = matchedLines(match, text, original, rule.expression);
      if (rules.ignore.length > 0) {
        const buffer = rules.maxlines > 1 ? searched(share.matched) : text;
        if (this.#isIgnored(buffer, asciiText)) {
          if (!checkAll || rules.maxlines > 1) this.#lines = share.left;
          text = undefined;
          if (!checkAll) break;
          continue;
        }
      }
      if (!checkAll || rules.maxlines > 1) {
        this.#lines = share.left;
        text = undefined;
      }
      // A further match may change what is known of its connection.
      const last = all.at(-1);
      if (last !== undefined) all[all.length - 1] = { ...last, groups: new Map(last.groups) };
      const found = this.#failure(match, rule, regex, before, share.matched, time, now);
      if (found === 'stop') return all;
      if (found !== undefined) all.push(found);
      if (!checkAll) break;
    }
    return all;
  }

  #failure(
    match: Match,
    rule: LineExpression,
    regex: number,
    before: Groups | undefined,
    matched: readonly LineParts[],
    time: number | undefined,
    now: number,
  ): Found | 'stop' | undefined {
    const { checkAll, ignorePending = true } = this.#options;
    const groups = rule.groupsOf(match);
    let failure: Failure = {
      groups: before === undefined ? groups : joined(before, groups),
      matches: undefined,
      spared: undefined,
      users: undefined,
      pending: false,
    };
    const connection = textOf(failure.groups, 'mlfid');
    if (connection === undefined) failure.matches = matched;
    else {
      failure = mergeFailure(connection, failure, matched, this.#memory, now);
      if (has(failure.groups, 'nofail') && !checkAll) return 'stop';
    }
    const identity = failureId(failure.groups);
    if (identity.id === undefined) {
      // A match that gives nobody: another expression may.
      if (connection === undefined) return undefined;
      failure.pending = true;
      if (!checkAll && ignorePending) return 'stop';
    }
    return {
      ...identity,
      regex,
      time,
      groups: failure.groups,
      users: failure.users,
      attempts: failure.matches?.length ?? 0,
      matches: failure.matches ?? [],
      spared: has(failure.groups, 'nofail'),
    };
  }

  #isIgnored(text: string, asciiText: boolean): boolean {
    for (const [place, rule] of this.#options.rules.ignore.entries()) {
      if (!this.#mayMatch(rule, text)) continue;
      if (!rule.expression.test(text, asciiText)) continue;
      this.#ignored.push(place);
      if (!this.#options.checkAll) break;
    }
    return this.#ignored.length > 0;
  }

  /** Whether the expression is to be tried: it is not quarantined, and the text holds a literal that a match needs. */
  #mayMatch(rule: LineExpression, text: string): boolean {
    const { quarantine, trying } = this.#options;
    const { literals } = rule.expression;
    if (quarantine?.has(rule) === true) return false;
    if (literals !== undefined && !literals.some((literal) => text.includes(literal))) return false;
    trying?.(rule, text);
    return true;
  }
}

function joined(before: Groups, groups: Groups): Groups {
  const all: Groups = new Map(before);
  for (const [name, value] of groups) all.set(name, value);
  return all;
}
