/**
 * The quick way through the lines of a block: literals that expressions need have been looked for in the whole
 * block at once, so that a line without any costs a look at its date; and since nothing but numbers is asked
 * for, expressions are searched for no more groups than decide about them.
 *
 * The counts are those of the whole way (check-run.ts), or there is no quick one.
 */
import type { DateDetector } from '../dates/date-detector.ts';
import type { Narrow } from '../expression/expression.ts';
import type { FilterRules } from '../filter/filter-rules.ts';
import type { LineExpression } from '../filter/line-expression.ts';
import type { LineTaker } from './check-blocks.ts';
import type { CheckCounts } from './check-counts.ts';
import { ConnectionVerdicts, type SeenFailure } from './connection-verdicts.ts';
import { type FastRule, fastRule } from './fast-rule.ts';
import { mostOwners } from './literal-scanner.ts';

const carriageReturn = 0x0d;

export interface FastCheckOptions {
  readonly counts: CheckCounts;
  readonly rules: FilterRules;
  readonly dates: DateDetector;
  readonly quarantine: ReadonlySet<LineExpression>;
}

/** A prefregex of which the connection and the place of `<F-CONTENT>` are known. */
interface FastPrefix {
  readonly rule: LineExpression;
  readonly narrow: Narrow;
  readonly hasContent: boolean;
  /** V8's groups that may be the connection. */
  readonly connection: readonly number[] | undefined;
}

export class FastCheck implements LineTaker {
  readonly #options: FastCheckOptions;
  readonly #rules: readonly FastRule[];
  readonly #prefix: FastPrefix | undefined;
  readonly #connections = new ConnectionVerdicts();
  /** Of each owner of literals: those of failregex, then prefregex. */
  readonly literals: readonly (readonly string[])[];
  /** Rules that have no literals, as two words of a mask. */
  readonly #always: readonly [number, number];
  /** The bits of failregex, and that of prefregex. */
  readonly #failing: readonly [number, number];
  readonly #gate: readonly [number, number];
  /** A prefregex without literals has to be tried on every line. */
  readonly #isGateless: boolean;
  /** So has one without of the failregex, where there is no prefregex. */
  readonly #isUngated: boolean;

  /** Undefined where lines depend on one another in other ways than by their connection, or a rule is no simple one. */
  static over(options: FastCheckOptions): FastCheck | undefined {
    const { prefix, fail, ignore, maxlines } = options.rules;
    if (maxlines > 1 || ignore.length > 0 || fail.length >= mostOwners) return undefined;
    const fastPrefix = prefix === undefined ? undefined : readPrefix(prefix);
    if (prefix !== undefined && fastPrefix === undefined) return undefined;
    const rules = fail.map((rule) => fastRule(rule, fastPrefix?.connection !== undefined));
    if (!rules.every((rule) => rule !== undefined)) return undefined;
    return new FastCheck(options, rules, fastPrefix);
  }

  private constructor(options: FastCheckOptions, rules: readonly FastRule[], prefix: FastPrefix | undefined) {
    this.#options = options;
    this.#rules = rules;
    this.#prefix = prefix;
    const gate = prefix?.rule.expression.literals;
    this.literals = [...rules.map(({ literals }) => literals ?? []), ...(gate === undefined ? [] : [gate])];
    const places = [...rules.keys()];
    this.#failing = maskOf(places);
    this.#always = maskOf(places.filter((place) => rules[place]?.literals === undefined));
    this.#gate = maskOf([rules.length]);
    this.#isGateless = gate === undefined;
    this.#isUngated = prefix === undefined ? this.#always.some((word) => word !== 0) : this.#isGateless;
  }

  line(
    text: string,
    start: number,
    end: number,
    low: number,
    high: number,
    ascii: boolean,
    now: number,
  ): void {
    const { dates } = this.#options;
    let line = text.slice(start, end);
    const isWhole = end > start && text.charCodeAt(end - 1) !== carriageReturn;
    const dateEnd = isWhole ? dates.skim(line, ascii, now) : -1;
    if (dateEnd !== -1) {
      // Most lines hold nothing that any expression needs: all is said of them then.
      if (!this.#mayMatch(low, high)) {
        this.#options.counts.line(line, 'missed', false);
        return;
      }
      // The newline that ends the line belongs to what is searched.
      this.#search(line, text.slice(start + dateEnd, end + 1), low, high, ascii, now);
      return;
    }
    line = line.replace(/\r+$/, '');
    if (line === '' || line.startsWith('#')) return;
    const [from, to] = dates.find(line, ascii, now)?.match.span(1) ?? [0, 0];
    const rest = `${line.slice(0, from)}${line.slice(to)}\n`;
    // Where a date was cut out of the middle, a literal may have come together.
    const [lows, highs] = from === 0 ? [low, high] : this.#ownersIn(rest);
    this.#search(line, rest, lows, highs, ascii, now);
  }

  #mayMatch(low: number, high: number): boolean {
    const [first, second] = this.#prefix === undefined ? this.#failing : this.#gate;
    return (low & first) !== 0 || (high & second) !== 0 || this.#isUngated;
  }

  #ownersIn(text: string): readonly [number, number] {
    const found: number[] = [];
    for (const [owner, literals] of this.literals.entries()) {
      if (literals.some((literal) => text.includes(literal))) found.push(owner);
    }
    return maskOf(found);
  }

  #search(line: string, rest: string, low: number, high: number, ascii: boolean, now: number): void {
    const { counts, quarantine } = this.#options;
    const prefix = this.#prefix;
    let content: string | undefined = rest;
    let connection: string | undefined;
    if (prefix !== undefined) {
      content = undefined;
      const isPossible = this.#isGateless || (low & this.#gate[0]) !== 0 || (high & this.#gate[1]) !== 0;
      if (isPossible && !quarantine.has(prefix.rule)) {
        counts.tries(prefix.rule, rest);
        const found = prefix.narrow.exec(rest, ascii);
        if (found !== null) {
          content = prefix.hasContent ? rest.slice(prefix.narrow.end(ascii)) : rest;
          for (const number of prefix.connection ?? []) connection ??= found[number];
        }
      }
    }
    let matched: { readonly place: number; readonly seen: SeenFailure }[] | undefined;
    if (content !== undefined) {
      const [alwaysLow, alwaysHigh] = this.#always;
      for (let bits = (low & this.#failing[0]) | alwaysLow; bits !== 0; bits &= bits - 1) {
        const place = 31 - Math.clz32(bits & -bits);
        const seen = this.#match(place, content, ascii);
        if (seen !== undefined) (matched ??= []).push({ place, seen });
      }
      for (let bits = (high & this.#failing[1]) | alwaysHigh; bits !== 0; bits &= bits - 1) {
        const place = 63 - Math.clz32(bits & -bits);
        const seen = this.#match(place, content, ascii);
        if (seen !== undefined) (matched ??= []).push({ place, seen });
      }
    }
    let isFailure = false;
    let isSpared = false;
    if (matched !== undefined) {
      for (const { place, seen } of matched) {
        // A match that gives nobody is none.
        if (connection === undefined && !seen.hasIdentity) continue;
        counts.hit(place);
        const spared =
          connection === undefined ? seen.nofail : this.#connections.isSpared(connection, seen, now);
        if (spared) isSpared = true;
        else isFailure = true;
      }
    }
    const verdict = isSpared ? 'ignored' : isFailure ? 'matched' : 'missed';
    counts.line(line, verdict, prefix !== undefined && content !== undefined);
  }

  #match(place: number, content: string, ascii: boolean): SeenFailure | undefined {
    const { counts, quarantine } = this.#options;
    const each = this.#rules[place];
    if (each === undefined || quarantine.has(each.rule)) return undefined;
    counts.tries(each.rule, content);
    return each.match(content, ascii);
  }
}

/** Undefined where it has other groups that count, or takes `<F-CONTENT>` from the middle of a line. */
function readPrefix(rule: LineExpression): FastPrefix | undefined {
  const { expression } = rule;
  if ([...expression.names.keys()].some((name) => name !== 'mlfid' && name !== 'content')) return undefined;
  const hasContent = expression.names.has('content');
  const narrow = expression.narrow(['mlfid'], hasContent ? 'content' : undefined);
  if (narrow === undefined) return undefined;
  const connection = expression.names.has('mlfid') ? narrow.numbers.get('mlfid') : undefined;
  return { rule, narrow, hasContent, connection };
}

function maskOf(owners: readonly number[]): readonly [number, number] {
  const words: [number, number] = [0, 0];
  for (const owner of owners) words[owner < 32 ? 0 : 1] |= 1 << (owner & 31);
  return words;
}
