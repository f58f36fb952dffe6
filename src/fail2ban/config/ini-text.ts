/**
 * One file of fail2ban's INI dialect, which is that of Python's configparser (3.11, strict): continuation
 * lines are indented, `#` and `;` begin a comment line, ` ;` a comment at the end of one, option names are
 * in any case, a section or an option stands once. Values are raw: nothing is interpolated here.
 */
import { fail, ok, type Result } from '../../base/result.ts';
import { strip } from './strip.ts';

export interface IniFile {
  readonly path: string;
  readonly defaults: Options;
  readonly sections: ReadonlyMap<string, Options>;
}

export type Options = ReadonlyMap<string, Value>;

export interface Value {
  readonly text: string;
  readonly path: string;
  /** Where the option stands; 1 is the first line. */
  readonly line: number;
}

interface Open {
  readonly lines: string[];
  readonly line: number;
}

/** A file above this has another purpose than to configure. */
const mostLines = 100_000;

export function parseIni(text: string, path: string): Result<IniFile> {
  const lines = text.split(/\r\n|\r|\n/);
  const sections = new Map<string, Map<string, Open>>();
  const defaults = new Map<string, Open>();
  let section: Map<string, Open> | undefined;
  let option: Open | undefined;
  let indent = 0;
  const refused = (line: number, requirement: string, found: string): Result<IniFile> =>
    fail('configuration', `cannot read ${path}, line ${line}: ${requirement}: ${found.slice(0, 100)}`, {
      path,
    });
  if (lines.length > mostLines)
    return refused(mostLines, `needs at most ${mostLines} lines`, `${lines.length}`);

  for (const [place, whole] of lines.entries()) {
    const number = place + 1;
    const cut = commentStart(whole);
    const content = strip(cut === undefined ? whole : whole.slice(0, cut));
    if (content === '') {
      // An empty line may be part of a value; a comment never is.
      if (cut === undefined) option?.lines.push('');
      continue;
    }
    const deep = whole.length - whole.trimStart().length;
    if (option !== undefined && deep > indent) {
      option.lines.push(content);
      continue;
    }
    indent = deep;
    const header = /^\[(.+)\]/s.exec(content)?.[1];
    if (header !== undefined) {
      if (sections.has(header)) return refused(number, 'needs each section once', header);
      section = header === 'DEFAULT' ? defaults : new Map<string, Open>();
      if (header !== 'DEFAULT') sections.set(header, section);
      option = undefined;
      continue;
    }
    if (section === undefined) return refused(number, 'needs a [section] before the first option', content);
    const delimiter = content.search(/[=:]/);
    if (delimiter <= 0) return refused(number, 'needs name = value, or an indented line', content);
    const name = strip(content.slice(0, delimiter)).toLowerCase();
    if (section.has(name)) return refused(number, 'needs each option once in its section', name);
    option = { lines: [strip(content.slice(delimiter + 1))], line: number };
    section.set(name, option);
  }
  return ok({
    path,
    defaults: closed(defaults, path),
    sections: new Map([...sections].map(([name, options]) => [name, closed(options, path)])),
  });
}

function closed(options: ReadonlyMap<string, Open>, path: string): Options {
  return new Map(
    [...options].map(([name, { lines, line }]) => [name, { text: lines.join('\n').trimEnd(), path, line }]),
  );
}

function commentStart(line: string): number | undefined {
  if (/^\s*[#;]/.test(line)) return 0;
  for (let at = line.indexOf(';'); at !== -1; at = line.indexOf(';', at + 1)) {
    if (at === 0 || /\s/.test(line[at - 1] ?? '')) return at;
  }
  return undefined;
}
