/**
 * The arithmetic of Python that `bantime.formula` is written in, and no more of Python: numbers, + - * / // % **
 * << >>, comparisons, `a if c else b`, and, or, not, names that are given, math.exp and kin. Nothing is run.
 */
import { fail, ok, type Result } from '../../base/result.ts';

export type Names = Readonly<Record<string, number>>;

/** An expression that has been read; throws nothing, answers NaN where Python would break off. */
export type Formula = (names: Names) => number;

const functions: Readonly<Record<string, (...values: number[]) => number>> = {
  float: (value = 0) => value,
  int: (value = 0) => Math.trunc(value),
  round: (value = 0) => roundHalfEven(value),
  abs: (value = 0) => Math.abs(value),
  min: Math.min,
  max: Math.max,
  'math.exp': (value = 0) => Math.exp(value),
  'math.log': (value = 0, base) => (base === undefined ? Math.log(value) : Math.log(value) / Math.log(base)),
  'math.sqrt': (value = 0) => Math.sqrt(value),
  'math.pow': (value = 0, power = 1) => value ** power,
  'math.floor': (value = 0) => Math.floor(value),
  'math.ceil': (value = 0) => Math.ceil(value),
};

const longest = 1000;
const deepest = 50;

/** `known`: the names that may stand in it. */
export function readFormula(text: string, known: readonly string[]): Result<Formula> {
  const refused = (what: string): Result<Formula> =>
    fail(
      'configuration',
      `cannot use the formula: needs Python's arithmetic: ${what}: ${text.slice(0, 100)}`,
      {
        hint: `names that may stand in it: ${[...known, ...Object.keys(functions)].join(', ')}`,
      },
    );
  if (text.length > longest) return refused(`it has more than ${longest} characters`);
  const tokens =
    text.match(/\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+|[A-Za-z_][\w.]*|\*\*|\/\/|<<|>>|<=|>=|==|!=|\S/g) ?? [];
  try {
    const reader = new Reader(tokens, known);
    return ok(reader.whole());
  } catch (error) {
    if (!(error instanceof FormulaError)) throw error;
    return refused(error.message);
  }
}

class FormulaError extends Error {}

class Reader {
  readonly #tokens: readonly string[];
  readonly #known: readonly string[];
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly string[], known: readonly string[]) {
    this.#tokens = tokens;
    this.#known = known;
  }

  whole(): Formula {
    const formula = this.#conditional();
    if (this.#peek() !== '') throw new FormulaError(`unexpected ${this.#peek()}`);
    return formula;
  }

  #peek(): string {
    return this.#tokens[this.#at] ?? '';
  }

  #take(...wanted: readonly string[]): string | undefined {
    const token = this.#peek();
    if (!wanted.includes(token)) return undefined;
    this.#at += 1;
    return token;
  }

  #expect(wanted: string): void {
    if (this.#take(wanted) === undefined)
      throw new FormulaError(`expected ${wanted}, found ${this.#peek() || 'the end'}`);
  }

  #conditional(): Formula {
    this.#depth += 1;
    if (this.#depth > deepest) throw new FormulaError('it goes too deep');
    const yes = this.#binary(0);
    this.#depth -= 1;
    if (this.#take('if') === undefined) return yes;
    const condition = this.#binary(0);
    this.#expect('else');
    const no = this.#conditional();
    return (names) => (condition(names) === 0 ? no(names) : yes(names));
  }

  #binary(level: number): Formula {
    if (level === levels.length) return this.#unary();
    let left = this.#binary(level + 1);
    for (;;) {
      const operator = this.#take(...Object.keys(levels[level] ?? {}));
      if (operator === undefined) return left;
      const [one, other] = [left, this.#binary(level + 1)];
      const apply = levels[level]?.[operator] ?? ((): number => Number.NaN);
      left = (names) => apply(one(names), other(names));
    }
  }

  #unary(): Formula {
    if (this.#take('-') !== undefined) {
      const value = this.#unary();
      return (names) => -value(names);
    }
    if (this.#take('+') !== undefined) return this.#unary();
    if (this.#take('not') !== undefined) {
      const value = this.#unary();
      return (names) => (value(names) === 0 ? 1 : 0);
    }
    const base = this.#atom();
    if (this.#take('**') === undefined) return base;
    const power = this.#unary();
    return (names) => base(names) ** power(names);
  }

  #atom(): Formula {
    if (this.#take('(') !== undefined) {
      const inner = this.#conditional();
      this.#expect(')');
      return inner;
    }
    const token = this.#peek();
    this.#at += 1;
    if (/^[\d.]/.test(token)) return () => Number(token);
    if (this.#known.includes(token)) return (names) => names[token] ?? Number.NaN;
    const apply = Object.hasOwn(functions, token) ? functions[token] : undefined;
    if (apply === undefined) throw new FormulaError(`unknown ${token || 'end'}`);
    this.#expect('(');
    const values: Formula[] = [];
    while (this.#peek() !== ')') {
      values.push(this.#conditional());
      if (this.#take(',') === undefined) break;
    }
    this.#expect(')');
    return (names) => apply(...values.map((value) => value(names)));
  }
}

type Operator = (one: number, other: number) => number;

const truth = (value: boolean): number => (value ? 1 : 0);

/** The weakest first. */
const levels: readonly Readonly<Record<string, Operator>>[] = [
  { or: (one, other) => (one === 0 ? other : one) },
  { and: (one, other) => (one === 0 ? one : other) },
  {
    '<': (one, other) => truth(one < other),
    '>': (one, other) => truth(one > other),
    '<=': (one, other) => truth(one <= other),
    '>=': (one, other) => truth(one >= other),
    '==': (one, other) => truth(one === other),
    '!=': (one, other) => truth(one !== other),
  },
  { '<<': (one, other) => one * 2 ** other, '>>': (one, other) => Math.floor(one / 2 ** other) },
  { '+': (one, other) => one + other, '-': (one, other) => one - other },
  {
    '*': (one, other) => one * other,
    '/': (one, other) => (other === 0 ? Number.NaN : one / other),
    '//': (one, other) => (other === 0 ? Number.NaN : Math.floor(one / other)),
    // The sign is the divisor's.
    '%': (one, other) => (other === 0 ? Number.NaN : one - Math.floor(one / other) * other),
  },
];

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
