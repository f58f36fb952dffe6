/**
 * Files of fail2ban's configuration, merged in their order, with interpolation: `%(name)s`,
 * `%(section/name)s`, `%(known/name)s` (what stood there before the last file changed it), `%(__name__)s`.
 */
import { fail, ok, type Result } from '../../base/result.ts';
import type { IniFile, Options, Value } from './ini-text.ts';

export type Variables = ReadonlyMap<string, string>;

/** Deeper, and it is a loop (configparser's MAX_INTERPOLATION_DEPTH). */
const deepest = 10;

export class Configuration {
  readonly defaults: Map<string, Value> = new Map();
  readonly sections: Map<string, Map<string, Value>> = new Map();

  constructor(files: readonly IniFile[]) {
    for (const file of files) this.#merge(file);
  }

  #merge({ defaults, sections }: IniFile): void {
    for (const [name, value] of defaults) this.defaults.set(name, value);
    for (const [header, options] of sections) {
      const [, plain = header, condition = ''] = /^(\w+)(\?.+)$/.exec(header) ?? [];
      const added = new Map([...options].map(([name, value]) => [`${name}${condition}`, value]));
      const known = this.sections.get(plain);
      if (known === undefined) this.sections.set(plain, added);
      else {
        this.remember(plain, new Map([...known].filter(([name]) => added.has(name))));
        for (const [name, value] of added) known.set(name, value);
      }
    }
  }

  /** Makes values known to `%(known/…)s` of a section. */
  remember(section: string, options: Options): void {
    const name = `KNOWN/${section}`;
    const before = this.sections.get(name) ?? new Map<string, Value>();
    for (const [option, value] of options) before.set(option, value);
    this.sections.set(name, before);
  }

  /** The sections as written: without what is known. */
  names(): string[] {
    return [...this.sections.keys()].filter((name) => !name.startsWith('KNOWN/'));
  }

  /** The raw value and where it stands; of the section, else of DEFAULT. */
  find(section: string, option: string): Value | undefined {
    const name = option.toLowerCase();
    const own = section === 'DEFAULT' ? undefined : this.sections.get(section)?.get(name);
    return own ?? (section === 'DEFAULT' || this.sections.has(section) ? this.defaults.get(name) : undefined);
  }

  /** The value, interpolated; undefined where the section or option is not there. `variables` come first. */
  get(section: string, option: string, variables: Variables = none): Result<string | undefined> {
    const name = option.toLowerCase();
    const value = this.find(section, name);
    const given = variables.get(name);
    const raw = given ?? value?.text;
    if (raw === undefined || (section !== 'DEFAULT' && !this.sections.has(section))) return ok(undefined);
    const place = given === undefined ? value : undefined;
    return this.#expand({ section, option: name, variables, place }, raw, 1);
  }

  /** Like `get`, for names that may hold their section: `lt_file/__prefix_line`, `known/failregex`. */
  getNamed(section: string, option: string, variables: Variables): Result<string | undefined> {
    const [, other = '', name = ''] = /^([\w-]+)\/([^\s>]+)$/.exec(option) ?? [];
    if (name !== '') {
      const lower = other.toLowerCase();
      const places =
        lower === 'known' ? [`KNOWN/${section}`, section] : [lower === 'default' ? 'DEFAULT' : other];
      for (const place of places) {
        const found = this.get(place, name);
        if (!found.ok || found.value !== undefined) return found;
      }
    }
    return this.get(section, option, variables);
  }

  #expand(context: Context, raw: string, depth: number): Result<string> {
    if (depth > deepest) {
      return refused(context, 'needs names that do not go round in a circle', raw);
    }
    let text = '';
    let rest = raw;
    while (rest !== '') {
      const at = rest.indexOf('%');
      if (at === -1) return ok(text + rest);
      text += rest.slice(0, at);
      rest = rest.slice(at);
      if (rest[1] === '%') {
        text += '%';
        rest = rest.slice(2);
        continue;
      }
      const [whole, name] = /^%\(([^)]+)\)s/.exec(rest) ?? [];
      if (whole === undefined || name === undefined) {
        return refused(context, 'needs %% for a percent sign, or %(name)s', rest);
      }
      rest = rest.slice(whole.length);
      const value = this.#named(context, name);
      if (value === undefined) return refused(context, 'needs a name that is defined', whole);
      const inner = this.#expand(context, value, depth + 1);
      if (!inner.ok) return inner;
      text += inner.value;
    }
    return ok(text);
  }

  /** The raw value that a name stands for inside of a section. */
  #named({ section, variables }: Context, name: string): string | undefined {
    const lower = name.toLowerCase();
    if (lower === '__name__') return section;
    const given = variables.get(lower) ?? this.find(section, lower)?.text;
    if (given !== undefined) return given;
    const [, other, option = ''] = /^([\w-]+)\/(.+)$/.exec(name) ?? [];
    // configparser looks the name up in lower case, after fail2ban has put it there as written.
    if (other === undefined || name !== lower) return undefined;
    const fallback = this.defaults.get(option)?.text;
    if (other === 'default') return fallback;
    if (other === 'known') return this.sections.get(`KNOWN/${section}`)?.get(option)?.text ?? fallback;
    const found = this.sections.get(other);
    return found === undefined ? undefined : (found.get(option)?.text ?? fallback);
  }
}

interface Context {
  readonly section: string;
  readonly option: string;
  readonly variables: Variables;
  readonly place: Value | undefined;
}

const none: Variables = new Map();

function refused({ section, option, place }: Context, requirement: string, found: string): Result<string> {
  const where = place === undefined ? '' : `${place.path}, line ${place.line}: `;
  return fail(
    'configuration',
    `cannot read ${where}option ${option} of [${section}]: ${requirement}: ${found.slice(0, 100)}`,
    place === undefined ? {} : { path: place.path },
  );
}
