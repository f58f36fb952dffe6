/**
 * The quick way through a block of lines: the literals that expressions need are looked for in the whole block
 * at once, so that a line without any costs a look at its date; and where nothing but numbers is asked for, an
 * expression is asked whether it matches, and for no groups.
 *
 * What it cannot be sure of it hands to the run, line by line: the counts are the same either way.
 */
import type { DateDetector } from '../dates/date-detector.ts';
import { isAscii } from '../expression/expression.ts';
import type { FilterRules } from '../filter/filter-rules.ts';
import type { LineExpression } from '../filter/line-expression.ts';
import type { CheckRun } from './check-run.ts';
import { LiteralPlaces } from './literal-places.ts';

/** Groups that make more of a match than a failure. */
const connectionGroups = ['nofail', 'mlfid', 'mlfgained', 'mlfforget'];
const identities = ['fid', 'ip4', 'ip6', 'dns'];

const carriageReturn = 0x0d;

export interface FastCheckOptions {
  readonly run: CheckRun;
  readonly rules: FilterRules;
  readonly dates: DateDetector;
  /** Nobody asks for groups or times. */
  readonly countsOnly: boolean;
  readonly quarantine: ReadonlySet<LineExpression>;
}

export class FastCheck {
  readonly #options: FastCheckOptions;
  /** Of the expressions of which one must be possible for a line to be worth more than a look. */
  readonly #places: LiteralPlaces;
  /** Whether a match of any failregex is a failure, and says so without its groups. */
  readonly #isPlain: boolean;
  #text = '';

  /** Undefined where lines depend on one another, or nothing is certain about what matches. */
  static over(options: FastCheckOptions): FastCheck | undefined {
    const { prefix, fail, ignore, maxlines } = options.rules;
    if (maxlines > 1) return undefined;
    const gates = prefix === undefined ? [...fail, ...ignore] : [prefix, ...ignore];
    const literals = gates.flatMap(({ expression }) =>
      expression.literals === undefined ? [] : [expression.literals],
    );
    if (literals.length < gates.length || gates.length > LiteralPlaces.mostOwners) return undefined;
    return new FastCheck(options, literals);
  }

  private constructor(options: FastCheckOptions, literals: readonly (readonly string[])[]) {
    const { rules, countsOnly } = options;
    this.#options = options;
    this.#places = new LiteralPlaces(literals);
    this.#isPlain =
      countsOnly &&
      rules.prefix === undefined &&
      rules.ignore.length === 0 &&
      rules.fail.every(
        ({ expression }) =>
          !connectionGroups.some((name) => expression.names.has(name)) &&
          expression.alwaysSetsOne(identities),
      );
  }

  /** Takes a new block of whole lines. */
  begin(text: string): void {
    this.#text = text;
    this.#places.begin(text);
  }

  /** A line of the block; in their order. */
  line(start: number, end: number, ascii: boolean, now: number): void {
    const { run, rules, dates, quarantine } = this.#options;
    const text = this.#text;
    const possible = this.#places.within(start, end);
    const line = text.slice(start, end);
    const asciiLine = ascii || isAscii(line);
    const isWhole = end > start && text.charCodeAt(end - 1) !== carriageReturn;
    const dateEnd = isWhole && (this.#isPlain || possible === 0) ? dates.skim(line, asciiLine, now) : -1;
    if (dateEnd === -1) {
      run.line(line, asciiLine);
      return;
    }
    let isMatched = false;
    if (possible !== 0) {
      // The newline that ends the line belongs to what is searched.
      const rest = text.slice(start + dateEnd, end + 1);
      for (let place = 0; place < rules.fail.length; place += 1) {
        const rule = rules.fail[place];
        if ((possible & (1 << place)) === 0 || rule === undefined || quarantine.has(rule)) continue;
        run.trying = { rule, text: rest };
        if (!rule.expression.test(rest, asciiLine)) continue;
        run.hit(place);
        isMatched = true;
      }
    }
    run.counted(line, isMatched ? 'matched' : 'missed');
  }
}
