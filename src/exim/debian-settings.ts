/**
 * The settings in a main part of Exim's configuration (manual, chapter 6): which macros and options are
 * set where, and how to set one without touching any other byte.
 *
 * A setting may run over several lines (`\` at the end), and may hang on `.ifdef`: then whether it is in
 * force depends on other files, and it is reported with its depth. Reading ends at the first `begin`.
 */
export interface Setting {
  readonly kind: 'macro' | 'option';
  readonly name: string;
  readonly value: string;
  /** How many `.ifdef` and kin it hangs on. */
  readonly depth: number;
  readonly line: number;
  /** Its bytes in the text, without the last line ending. */
  readonly start: number;
  readonly end: number;
}

export function readSettings(text: string): Setting[] {
  const settings: Setting[] = [];
  let depth = 0;
  for (const { logical, line, start, end } of logicalLines(text)) {
    if (/^begin\s/.test(logical)) break;
    if (/^\.if(?:n?def)\b/.test(logical)) depth += 1;
    else if (/^\.endif\b/.test(logical)) depth -= 1;
    const [, name, value = ''] = /^(?:hide\s+)?(\w+)\s*==?\s*(.*)$/.exec(logical) ?? [];
    if (name === undefined) continue;
    const kind = /^[A-Z]/.test(name) ? 'macro' : 'option';
    settings.push({ kind, name, value: value.trim(), depth, line, start, end });
  }
  return settings;
}

/**
 * The text with the setting in place of those of that name that hang on nothing; or added below the
 * comment, at the end of the main part: of the text, or before its first `begin`.
 */
export function setSetting(text: string, name: string, value: string, comment: string): string {
  const last = inForce(text, name).at(-1);
  const written = `${name} = ${value}`;
  if (last?.value === value) return text;
  if (last !== undefined) return `${text.slice(0, last.start)}${written}${text.slice(last.end)}`;
  const added = `# ${comment}\n${written}\n`;
  const at = mainPartEnd(text);
  const [main, rest] = [text.slice(0, at), text.slice(at)];
  const appended = `${main}${main === '' || main.endsWith('\n') ? '' : '\n'}${added}${rest}`;
  // After a last line that ends with a backslash, only an empty one keeps ours from going on with it.
  return inForce(appended, name).length > 0 ? appended : `${main}\n\n${added}${rest}`;
}

/** Where the first `begin` stands, or the end of the text. */
function mainPartEnd(text: string): number {
  for (const { logical, start } of logicalLines(text)) if (/^begin\s/.test(logical)) return start;
  return text.length;
}

/** The same, but added at the very start: a macro counts from its line on. */
export function setSettingFirst(text: string, name: string, value: string, comment: string): string {
  const set = inForce(text, name).length > 0;
  return set ? setSetting(text, name, value, comment) : `# ${comment}\n${name} = ${value}\n${text}`;
}

/** The text without the settings of that name that hang on nothing. */
export function removeSetting(text: string, name: string): string {
  return inForce(text, name)
    .toReversed()
    .reduce((rest, { start, end }) => rest.slice(0, start) + rest.slice(end + 1), text);
}

function inForce(text: string, name: string): Setting[] {
  return readSettings(text).filter((setting) => setting.name === name && setting.depth === 0);
}

interface LogicalLine {
  readonly logical: string;
  readonly line: number;
  readonly start: number;
  readonly end: number;
}

/** Lines as Exim puts them together: `\` at the end goes on, comments on the way are dropped. */
function* logicalLines(text: string): Generator<LogicalLine> {
  let start = 0;
  let line = 0;
  let first = { start: 0, line: 0 };
  let parts: string[] | undefined;
  for (const raw of text.split('\n')) {
    line += 1;
    const end = start + raw.length;
    const content = raw.trim();
    if (parts === undefined) first = { start, line };
    const comment = content.startsWith('#');
    if (!comment && content.endsWith('\\')) {
      parts = [...(parts ?? []), content.slice(0, -1)];
    } else if (!comment) {
      yield { logical: [...(parts ?? []), content].join(''), ...first, end };
      parts = undefined;
    }
    start = end + 1;
  }
  if (parts !== undefined) yield { logical: parts.join(''), ...first, end: text.length };
}
