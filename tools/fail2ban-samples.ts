// Runs the annotated sample logs of Debian's fail2ban through our engine: which files pass.
//
// The annotations (failJSON, filterOptions, fileOptions, addFILE) mean what fail2ban's own test gives them:
// the clock stands at 2005-08-14 12:00 in Central Europe, a line without one must not match, one that
// matches does so by exactly one expression, and every expression has a sample.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAddress } from '../src/base/address.ts';
import { filterDefinition, resolveFilter } from '../src/fail2ban/config/filter-definition.ts';
import { type ConfigurationCache, readConfiguration } from '../src/fail2ban/config/read-configuration.ts';
import { datesOf } from '../src/fail2ban/dates/dates-of.ts';
import { compileRules } from '../src/fail2ban/filter/filter-rules.ts';
import { type Found, LineFilter } from '../src/fail2ban/filter/line-filter.ts';
import { localCalendar } from '../src/host/local-calendar.ts';

export interface SampleFile {
  readonly name: string;
  /** Lines that carry an annotation and were tried. */
  readonly samples: number;
  readonly failures: readonly string[];
}

export interface SampleLine {
  readonly options: Readonly<Record<string, string>>;
  readonly line: string;
}

const testNow = Date.UTC(2005, 7, 14, 10) / 1000;
const testNowText = '2005-08-14T10:00:00';

interface Test {
  readonly filter: LineFilter;
  readonly expressions: readonly string[];
  readonly used: Set<number>;
  readonly options: Readonly<Record<string, string>>;
  readonly maxlines: number;
}

/** `tree`: the unpacked package. */
export async function runSamples(
  tree: string,
  onLine?: (filter: string, line: SampleLine) => void,
): Promise<SampleFile[]> {
  // fail2ban's own zone for its tests, by the name that Node knows.
  process.env['TZ'] = 'Europe/Berlin';
  const package_ = join(tree, 'usr/lib/python3/dist-packages/fail2ban');
  const results: SampleFile[] = [];
  const places = [
    [join(tree, 'etc/fail2ban'), (name: string) => name.endsWith('.conf') && !name.endsWith('common.conf')],
    [join(package_, 'tests/config'), (name: string) => /^zzz-.*\.conf$/.test(name)],
  ] as const;
  for (const [base, isTested] of places) {
    for (const file of readdirSync(join(base, 'filter.d')).filter(isTested).toSorted()) {
      const name = file.slice(0, -'.conf'.length);
      results.push(await new Samples(base, name, join(package_, 'tests/files/logs'), onLine).run());
    }
  }
  return results;
}

class Samples {
  readonly #base: string;
  readonly #name: string;
  readonly #logs: string;
  readonly #onLine: ((filter: string, line: SampleLine) => void) | undefined;
  readonly #cache: ConfigurationCache = new Map();
  readonly #known = new Map<string, Test>();
  readonly #usedSources = new Set<string>();
  readonly #failures: string[] = [];
  #tests: readonly Test[] = [];
  #samples = 0;

  constructor(base: string, name: string, logs: string, onLine?: (filter: string, line: SampleLine) => void) {
    this.#base = base;
    this.#name = name;
    this.#logs = logs;
    this.#onLine = onLine;
  }

  async run(): Promise<SampleFile> {
    const files = [this.#name];
    if (!existsSync(join(this.#logs, this.#name))) this.#failures.push('there is no sample log');
    else {
      try {
        for (let place = 0; place < files.length; place += 1) await this.#file(files[place] ?? '', files);
        this.#checkAllUsed();
      } catch (error) {
        this.#failures.push(error instanceof Error ? error.message : String(error));
      }
    }
    return { name: this.#name, samples: this.#samples, failures: this.#failures };
  }

  async #file(file: string, files: string[]): Promise<void> {
    let common: Record<string, unknown> = {};
    let skipped = false;
    const lines = readFileSync(join(this.#logs, file), 'utf8').split('\n');
    for (let place = 0; place < lines.length; place += 1) {
      let line = lines[place] ?? '';
      let expected: Record<string, unknown> = {};
      const [, kind, json = ''] =
        /^#+ ?(failJSON|(?:file|filter)Options|addFILE):(.+)$/.exec(line.replace(/\r$/, '')) ?? [];
      if (kind === 'fileOptions') common = JSON.parse(json) as Record<string, unknown>;
      else if (kind === 'addFILE') files.push(JSON.parse(json) as string);
      else if (kind === 'filterOptions') skipped = await this.#setTests(JSON.parse(json), common);
      if (kind !== undefined && kind !== 'failJSON') continue;
      if (kind === 'failJSON') {
        expected = JSON.parse(json) as Record<string, unknown>;
        place += 1;
        line = lines[place] ?? '';
      } else if (line.startsWith('#') || line.trim() === '') continue;
      if (skipped) continue;
      if (this.#tests.length === 0) await this.#setTests({}, {});
      line = line.replace(/[\r\n]+$/, '');
      if (kind === 'failJSON') this.#samples += 1;
      for (const test of this.#tests) this.#try(test, line, expected, `${file}:${place + 1}`);
    }
  }

  async #setTests(given: unknown, common: Record<string, unknown>): Promise<boolean> {
    let skipped = false;
    const tests: Test[] = [];
    for (const each of (Array.isArray(given) ? given : [given]) as Record<string, unknown>[]) {
      const options = { ...common, ...each } as Record<string, string>;
      if (options['test.condition'] !== undefined) skipped = !this.#holds(options['test.condition'], options);
      if (!skipped) tests.push(await this.#test(options));
    }
    this.#tests = tests;
    return skipped;
  }

  /** The three comparisons that the samples make. */
  #holds(condition: string, options: Readonly<Record<string, string>>): boolean {
    const [, subject, relation, value] =
      /^(name|opts\.get\(['"]mode['"]\)) *(==|!=) *['"](\w+)['"]$/.exec(condition.trim()) ?? [];
    if (subject === undefined) throw new Error(`unknown condition: ${condition}`);
    const actual = subject === 'name' ? this.#name : options['mode'];
    return (actual === value) === (relation === '==');
  }

  async #test(options: Readonly<Record<string, string>>): Promise<Test> {
    const given = new Map(Object.entries(options).filter(([name]) => !name.startsWith('test.')));
    const key = options['test.filter-name'] ?? JSON.stringify([...given]);
    const known = this.#known.get(key);
    if (known !== undefined) return { ...known, options };
    const configuration = sound(await readConfiguration(this.#base, `filter.d/${this.#name}`, this.#cache));
    if (configuration === undefined) throw new Error('there is no such filter');
    const definition = sound(filterDefinition(sound(resolveFilter({ configuration, options: given }))));
    const filter = new LineFilter({
      rules: sound(compileRules(definition, 'warn')),
      dates: sound(datesOf(definition.datepattern, new Date().getFullYear())),
      calendar: localCalendar(() => testNow),
      checkAll: true,
    });
    const { failregex: expressions, maxlines } = definition;
    const test = { filter, expressions, used: new Set<number>(), options, maxlines };
    this.#known.set(key, test);
    return test;
  }

  #try(test: Test, line: string, expected: Record<string, unknown>, where: string): void {
    const { filter, options, used, expressions } = test;
    if (typeof expected['constraint'] === 'string' && !this.#holds(expected['constraint'], options)) return;
    this.#onLine?.(this.#name, { options, line });
    const isJournal = options['logtype'] === 'journal';
    const written = `${options['test.prefix-line'] ?? ''}${line}`;
    const all = isJournal ? filter.dated(['', testNowText, written], testNow) : filter.line(line);
    for (const { regex } of all) {
      used.add(regex);
      this.#usedSources.add(expressions[regex] ?? '');
    }
    const found = all.filter(({ id, spared }) => id !== undefined && !spared);
    const wrong = found.length === 0 ? unmatched(expected) : mismatch(found, expected);
    if (wrong !== undefined) this.#failures.push(`${where}: ${wrong}: ${line.slice(0, 200)}`);
  }

  #checkAllUsed(): void {
    for (const { expressions, used } of this.#known.values()) {
      for (const [place, source] of expressions.entries()) {
        if (!used.has(place) && !this.#usedSources.has(source)) {
          this.#failures.push(`no sample for failregex ${place + 1}: ${source.slice(0, 100)}`);
        }
      }
    }
  }
}

function unmatched(expected: Record<string, unknown>): string | undefined {
  return expected['match'] === true ? 'did not match, and should have' : undefined;
}

function mismatch(found: readonly Found[], expected: Record<string, unknown>): string | undefined {
  if (expected['match'] !== true) return 'matched, and should not have';
  if (found.length > 1) return `several expressions matched: ${found.map(({ regex }) => regex).join(', ')}`;
  const [only] = found as [Found];
  for (const [key, value] of Object.entries(expected)) {
    if (key === 'match' || key === 'desc' || key === 'constraint') continue;
    const actual = valueOf(only, key);
    if (key === 'time' && value === null) continue;
    const wanted = wantedOf(key, value);
    if (JSON.stringify(actual) !== JSON.stringify(wanted)) {
      return `${key} is ${JSON.stringify(actual)}, and should be ${JSON.stringify(wanted)}`;
    }
  }
  return undefined;
}

function valueOf(found: Found, key: string): unknown {
  if (key === 'time') return found.time;
  if (key === 'attempts') return found.attempts;
  if (key === 'users') return [...(found.users ?? [])].toSorted();
  return found.groups.get(key) ?? (key === 'host' ? found.id : null);
}

function wantedOf(key: string, value: unknown): unknown {
  // Not always ISO 8601 to the letter: 2005-03-7T02:09:33.
  if (key === 'time') {
    const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = (
      String(value).match(/[\d.]+/g) ?? []
    ).map(Number);
    return new Date(year, month - 1, day, hour, minute, Math.floor(second)).getTime() / 1000 + (second % 1);
  }
  if (key === 'users') return (value as string[]).toSorted();
  return key === 'host' ? (parseAddress(String(value)) ?? value) : value;
}

function sound<T>(result: { ok: true; value: T } | { ok: false; problem: { message: string } }): T {
  if (!result.ok) throw new Error(result.problem.message);
  return result.value;
}
