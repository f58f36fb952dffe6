/**
 * The values of all settings, by name. What nobody has set has its default, so every declared setting has
 * a value; asking for one that is not declared, or by the wrong type, is a bug and throws.
 */
import type { Duration } from './duration.ts';
import { nearest } from './nearest.ts';
import { fail, ok, type Result } from './result.ts';
import { readSetting, type Setting, type SettingValue } from './setting.ts';

/** What one room of the program can be told: a table of the settings file, such as `[guard]`. */
export interface SettingsSection {
  readonly name: string;
  /** What it is about, as one sentence. */
  readonly says: string;
  /** Their names begin with the section's. */
  readonly settings: readonly Setting[];
  /** Of which there may be several, such as `[[guard.rule]]`. */
  readonly tables?: readonly SettingsTable[];
}

export interface SettingsTable {
  readonly name: string;
  readonly says: string;
  /** Named without the table: `name`, `bantime`. */
  readonly fields: readonly Setting[];
}

/** One `[[…]]` table: its fields, with their defaults. */
export interface TableEntry {
  readonly values: ReadonlyMap<string, SettingValue>;
  /** Of the settings file, from 1. */
  readonly line: number;
}

export class Settings {
  readonly sections: readonly SettingsSection[];
  readonly #declared: ReadonlyMap<string, Setting>;
  readonly #set: ReadonlyMap<string, SettingValue>;
  readonly #tables: ReadonlyMap<string, readonly TableEntry[]>;

  constructor(
    sections: readonly SettingsSection[],
    set: ReadonlyMap<string, SettingValue> = new Map(),
    tables: ReadonlyMap<string, readonly TableEntry[]> = new Map(),
  ) {
    this.sections = sections;
    this.#declared = new Map(sections.flatMap(({ settings }) => settings.map((each) => [each.name, each])));
    this.#set = set;
    this.#tables = tables;
  }

  number(name: string): number {
    return this.#value(name, ['number']) as number;
  }

  duration(name: string): Duration {
    return this.#value(name, ['duration']) as Duration;
  }

  isOn(name: string): boolean {
    return this.#value(name, ['switch']) === 1;
  }

  text(name: string): string {
    return this.#value(name, ['text']) as string;
  }

  list(name: string): readonly string[] {
    return this.#value(name, ['list']) as readonly string[];
  }

  tables(name: string): readonly TableEntry[] {
    return this.#tables.get(name) ?? [];
  }

  /** Whether somebody has set it. */
  isSet(name: string): boolean {
    return this.#set.has(name);
  }

  value(setting: Setting): SettingValue {
    return this.#set.get(setting.name) ?? setting.default;
  }

  /** Over these, assignments such as `guard.flood.bantime=2h`; the last one of a name holds. */
  with(assignments: readonly string[]): Result<Settings> {
    const set = new Map(this.#set);
    for (const assignment of assignments) {
      const equals = assignment.indexOf('=');
      if (equals === -1)
        return fail('usage', `cannot set ${shown(assignment)}: needs NAME=VALUE: there is no =`, {
          hint: 'write it like guard.flood.bantime=2h',
        });
      const name = assignment.slice(0, equals).trim();
      const setting = this.#declared.get(name);
      if (setting === undefined)
        return fail('usage', `cannot set ${shown(name)}: needs the name of a setting: there is none such`, {
          hint: nearestHint(name, this.#declared.keys()),
        });
      const value = readSetting(setting, assignment.slice(equals + 1).trim());
      if (!value.ok) return value;
      set.set(name, value.value);
    }
    return ok(new Settings(this.sections, set, this.#tables));
  }

  #value(name: string, types: readonly Setting['type'][]): SettingValue {
    const setting = this.#declared.get(name);
    if (setting === undefined || !types.includes(setting.type))
      throw new Error(`no ${types.join(' or ')} setting is declared as ${name}`);
    return this.value(setting);
  }
}

export function nearestHint(name: string, names: Iterable<string>): string {
  const near = nearest(name, names);
  return near === undefined
    ? 'portreeve settings lists them all; portreeve.toml(5) explains them'
    : `did you mean ${near}? portreeve settings lists them all`;
}

function shown(text: string): string {
  return JSON.stringify(text.slice(0, 60));
}
