/**
 * All output rules, in one place.
 *
 * Answers go to standard output: aligned text for people, or with `--json` one JSON document (a
 * stream: one a line). What happens meanwhile, and problems, go to standard error. Colour only on a
 * terminal without NO_COLOR. Every line is made printable on its way out,
 * so text from a log or a peer can go into one as it is.
 */
import type { Problem } from '../base/problem.ts';
import { printable } from '../base/printable.ts';
import { printableJson } from '../base/printable-json.ts';

export interface Speaker {
  readonly json: boolean;
  /** A line of the answer, for people; silent with `--json`. */
  line(text?: string): void;
  /** The answer, or with a stream one element of it, for programs; silent without `--json`. */
  document(value: unknown): void;
  /** What is going on, on standard error. */
  note(text: string): void;
  problem(problem: Problem): void;
  readonly style: Style;
  /** For a screen that is drawn as a whole: printable, and in colour where there is colour. */
  painted(text: string, look: keyof typeof codes): string;
}

export type Style = Readonly<Record<'bold' | 'dim' | 'good' | 'bad' | 'warn', (text: string) => string>>;

export function createSpeaker(json: boolean): Speaker {
  const isColoured = !json && process.stdout.isTTY && process.env['NO_COLOR'] === undefined;
  const style = styleFor(isColoured);
  return {
    json,
    style,
    painted: (text, look) =>
      isColoured ? `\u001b[${codes[look]}m${printable(text)}\u001b[0m` : printable(text),
    line: (text = '') => {
      if (!json) process.stdout.write(`${render(text)}\n`);
    },
    document: (value) => {
      if (json) process.stdout.write(`${printableJson(value)}\n`);
    },
    note: (text) => {
      process.stderr.write(`${render(text)}\n`);
    },
    problem: (problem) => {
      process.stderr.write(`portreeve: ${printable(problem.message)}\n`);
      if (problem.hint !== undefined) process.stderr.write(`  hint: ${printable(problem.hint)}\n`);
    },
  };
}

const codes = { bold: 1, dim: 2, good: 32, bad: 31, warn: 33, reverse: 7 } as const;

/** Stands before our own colour codes until a line is written. Unguessable, so no outside text can hold it. */
let mark: string | undefined;

/** Made when it is needed: most output has no colour, and the machine's random numbers take a while to load. */
function theMark(): string {
  mark ??= crypto.randomUUID();
  return mark;
}

function styleFor(coloured: boolean): Style {
  const paint = (code: number) => (text: string) =>
    coloured ? `${theMark()}${code};${text}${theMark()}0;` : text;
  return {
    bold: paint(codes.bold),
    dim: paint(codes.dim),
    good: paint(codes.good),
    bad: paint(codes.bad),
    warn: paint(codes.warn),
  };
}

/** Everything but our own colour codes is made printable. */
function render(text: string): string {
  if (mark === undefined) return printable(text);
  return text
    .split(new RegExp(`${mark}(\\d+);`))
    .map((part, index) => (index % 2 === 1 ? `\u001b[${part}m` : printable(part)))
    .join('');
}
