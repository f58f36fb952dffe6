/**
 * `ignorecommand` as an argument vector. fail2ban hands it to a shell; here no shell ever sees it, so what
 * only a shell can do (pipes, variables, redirection) is refused.
 */
import { fail, ok, type Result } from '../../base/result.ts';

export function readIgnoreCommand(text: string): Result<readonly string[]> {
  const refused = (what: string): Result<readonly string[]> =>
    fail(
      'configuration',
      `cannot take over ignorecommand: needs a program and its arguments, no shell: ${what}`,
      {
        hint: 'put it into a script and name that',
      },
    );
  const words: string[] = [];
  const part = /\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|((?:[^\s"'\\|&;<>()$`*?]|<\/?[\w-]+\/?>)+))(?=\s|$)/gy;
  let at = 0;
  while (text.slice(at).trim() !== '') {
    part.lastIndex = at;
    const found = part.exec(text);
    if (found === null) return refused(text.slice(at).trim().slice(0, 60));
    const [, double, simple, bare] = found;
    if (double !== undefined && /[$`]/.test(double)) return refused(double.slice(0, 60));
    words.push(double?.replace(/\\(.)/g, '$1') ?? simple ?? bare ?? '');
    at = part.lastIndex;
  }
  const [program = ''] = words;
  if (!program.startsWith('/')) return refused(`the program's whole path: ${program || 'nothing'}`);
  return ok(words);
}

/** The vector for one failure: each tag becomes text within its argument. */
export function ignoreArguments(
  command: readonly string[],
  tags: Readonly<Record<string, string>>,
): string[] {
  return command.map((word) => word.replace(/<([\w-]+)>/g, (whole, name: string) => tags[name] ?? whole));
}
