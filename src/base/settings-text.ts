/**
 * Reads the text of a settings file (TOML 1.0): every key has to be declared by a section. Nothing of a
 * file with a problem is taken, and all its problems are told, each with its line.
 */
import { parse, TomlError } from 'smol-toml';
import type { Problem } from './problem.ts';
import { fail } from './result.ts';
import { type Setting, type SettingValue, takeSetting } from './setting.ts';
import {
  nearestHint,
  Settings,
  type SettingsSection,
  type SettingsTable,
  type TableEntry,
} from './settings.ts';

export type ReadSettings =
  | { readonly ok: true; readonly value: Settings }
  | { readonly ok: false; readonly problems: readonly [Problem, ...Problem[]] };

/** Characters. */
export const longestSettings: number = 1024 * 1024;

const deepest = 16;
const mostEntries = 1000;

/** `path` stands in problems. */
export function readSettings(text: string, path: string, sections: readonly SettingsSection[]): ReadSettings {
  let table: Record<string, unknown>;
  try {
    table = parse(text, { unsafeKeyBehaviour: 'throw', maxDepth: deepest });
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    // Its first line is the cause, without the prefix; behind it stands an excerpt.
    const why = (error.message.split('\n')[0] ?? '').replace(/^Invalid TOML document: /, '');
    return refusal(`cannot read ${path}: line ${error.line} is no TOML: ${why}`, path);
  }
  const reader = new Reader(text, path, sections);
  reader.walk(table, []);
  const [first, ...others] = reader.problems;
  return first === undefined
    ? { ok: true, value: new Settings(sections, reader.set, reader.tables) }
    : { ok: false, problems: [first, ...others] };
}

function refusal(message: string, path: string): ReadSettings {
  return { ok: false, problems: [fail('configuration', message, { path }).problem] };
}

class Reader {
  readonly problems: Problem[] = [];
  readonly set = new Map<string, SettingValue>();
  readonly tables = new Map<string, TableEntry[]>();
  readonly #text: string;
  readonly #path: string;
  readonly #settings: ReadonlyMap<string, Setting>;
  readonly #tables: ReadonlyMap<string, SettingsTable>;
  /** Every name that a table of the file may have. */
  readonly #folders: ReadonlySet<string>;

  constructor(text: string, path: string, sections: readonly SettingsSection[]) {
    this.#text = text;
    this.#path = path;
    this.#settings = new Map(sections.flatMap(({ settings }) => settings.map((each) => [each.name, each])));
    this.#tables = new Map(sections.flatMap(({ tables = [] }) => tables.map((each) => [each.name, each])));
    this.#folders = new Set([
      ...sections.map(({ name }) => name),
      ...[...this.#settings.keys(), ...this.#tables.keys()].flatMap((name) =>
        [...name.matchAll(/\./g)].map(({ index }) => name.slice(0, index)),
      ),
    ]);
  }

  walk(table: Readonly<Record<string, unknown>>, above: readonly string[]): void {
    for (const [key, value] of Object.entries(table)) {
      const keys = [...above, key];
      const name = keys.join('.');
      const setting = this.#settings.get(name);
      const entries = this.#tables.get(name);
      if (setting !== undefined) this.#take(setting, value, keys, (taken) => this.set.set(name, taken));
      else if (entries !== undefined) this.#takeTables(entries, value, keys);
      else if (this.#folders.has(name) && isTable(value)) this.walk(value, keys);
      else this.#unknown(keys, this.#folders.has(name) ? 'a table' : undefined);
    }
  }

  #takeTables({ name, fields }: SettingsTable, value: unknown, keys: readonly string[]): void {
    if (!Array.isArray(value) || !value.every(isTable)) {
      this.#tell(keys, `cannot read ${name}: needs [[${name}]] tables: it is something else`);
      return;
    }
    if (value.length > mostEntries)
      this.#tell(keys, `cannot read ${name}: needs at most ${mostEntries} tables: there are ${value.length}`);
    const taken = value.slice(0, mostEntries).map((entry, place): TableEntry => {
      const values = new Map(fields.map((field): [string, SettingValue] => [field.name, field.default]));
      for (const [key, given] of Object.entries(entry)) {
        const path = [...keys, String(place), key];
        const field = fields.find((each) => each.name === key);
        if (field === undefined)
          this.#tell(path, `cannot read ${name}: it has no ${JSON.stringify(key.slice(0, 60))}`, {
            hint: nearestHint(
              key,
              fields.map((each) => each.name),
            ),
          });
        else this.#take(field, given, path, (read) => values.set(key, read));
      }
      return { values, line: lineOf(this.#text, [...keys, String(place)]) ?? 0 };
    });
    this.tables.set(name, taken);
  }

  #take(setting: Setting, value: unknown, keys: readonly string[], use: (value: SettingValue) => void): void {
    const taken = takeSetting(setting, value);
    if (taken.ok) use(taken.value);
    else this.#tell(keys, taken.problem.message, taken.problem);
  }

  #unknown(keys: readonly string[], needed: string | undefined): void {
    const name = keys.join('.');
    const is = needed === undefined ? 'there is no such setting' : `it needs ${needed}`;
    this.#tell(keys, `cannot set ${JSON.stringify(name.slice(0, 80))}: ${is}`, {
      hint: nearestHint(name, [...this.#settings.keys(), ...this.#tables.keys(), ...this.#folders]),
    });
  }

  #tell(keys: readonly string[], message: string, more: Pick<Problem, 'hint'> = {}): void {
    const line = lineOf(this.#text, keys);
    const where = line === undefined ? this.#path : `${this.#path} line ${line}`;
    const { hint } = more;
    this.problems.push({
      kind: 'configuration',
      message: `${where}: ${message}`,
      path: this.#path,
      ...(hint === undefined ? {} : { hint }),
    });
  }
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && isPlain(value);
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/**
 * Where a key is set, from 1: the parser does not tell, so it is asked. The first lines of the text that
 * are a document by themselves and have the key end with it; those before it end on the line above.
 */
function lineOf(text: string, keys: readonly string[]): number | undefined {
  const lines = text.split('\n');
  const last = keys.findLast((key) => !/^\d+$/.test(key)) ?? '';
  // A key may be written with escapes; then every line is a candidate.
  const isPlainKey = lines.some((line) => line.includes(last));
  let end = 0;
  for (const [place, line] of lines.entries()) {
    if (isPlainKey && !line.includes(last) && end === 0) continue;
    const has = hasKey(lines.slice(0, place + 1).join('\n'), keys);
    if (has === true) return end === 0 ? place + 1 : end;
    // A value over several lines: the key stands where it begins.
    if (has === undefined) end ||= place + 1;
    else end = 0;
  }
  return undefined;
}

/** Undefined where the text is no document. */
function hasKey(text: string, keys: readonly string[]): boolean | undefined {
  let at: unknown;
  try {
    at = parse(text, { maxDepth: deepest });
  } catch {
    return undefined;
  }
  for (const key of keys) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return false;
    at = (at as Readonly<Record<string, unknown>>)[key];
  }
  return true;
}
