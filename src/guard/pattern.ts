/**
 * Patterns that an administrator writes, on re2js: whatever the line, the time is linear in its length.
 *
 * `<HOST>` stands for the address in a line of another log than Exim's. Such a pattern has to begin with `^`:
 * one that may begin anywhere would find an address that a client has written.
 */
import { RE2JS } from 're2js';
import { type Address, parseAddress } from '../base/address.ts';
import { fail, ok, type Result } from '../base/result.ts';

const longest = 2000;
/** Of a line; what is longer is cut. */
const longestLine = 8192;
const host = '\\[?(?P<host>[0-9A-Fa-f:.]{2,45})\\]?';

export type Test = (text: string) => boolean;
/** The address in a line that fits; undefined where it does not, or what stands there is no address. */
export type FindHost = (line: string) => Address | undefined;

export function compileTest(text: string): Result<Test> {
  const compiled = compile(text, text);
  if (!compiled.ok) return compiled;
  return ok((value) => compiled.value.matcher(value.slice(0, longestLine)).find());
}

export function compileHostPattern(text: string): Result<FindHost> {
  const parts = text.split('<HOST>');
  if (parts.length !== 2)
    return refused(
      text,
      `needs <HOST> once: it stands there ${parts.length === 1 ? 'never' : 'several times'}`,
    );
  if (!/^(?:\(\?[a-z]+\))?\^/.test(text))
    return refused(text, 'needs to begin with ^: else it may find an address that a client has written');
  if (/\(\?P?<host>/.test(text)) return refused(text, 'needs no group named host of its own: it has one');
  const compiled = compile(text, parts.join(host));
  if (!compiled.ok) return compiled;
  return ok((line) => {
    const matcher = compiled.value.matcher(line.slice(0, longestLine));
    return matcher.find() ? parseAddress(matcher.group('host') ?? '') : undefined;
  });
}

function compile(text: string, source: string): Result<RE2JS> {
  if (text.length > longest)
    return refused(text, `needs at most ${longest} characters: it has ${text.length}`);
  const why = beyondRe2(text);
  if (why !== undefined) return refused(text, why);
  try {
    return ok(RE2JS.compile(source));
  } catch (error) {
    return refused(text, `is no regular expression of RE2: ${error instanceof Error ? error.message : ''}`);
  }
}

/** What other engines have, and no engine that is linear in time can. */
function beyondRe2(text: string): string | undefined {
  const bare = text.replace(/\\\\/g, '');
  if (/\(\?(?:[=!]|<[=!])/.test(bare))
    return 'cannot look ahead or behind: RE2 has no (?=…), (?!…), (?<=…), (?<!…)';
  if (/\\[1-9]|\(\?P=|\\k</.test(bare)) return 'cannot refer back to a group: RE2 has no \\1, (?P=name)';
  if (/\(\?\(/.test(bare)) return 'cannot choose by a group: RE2 has no (?(1)…)';
  return /\(\?>|[*+?}]\+/.test(bare) ? 'cannot be atomic or possessive: RE2 has no (?>…), a++' : undefined;
}

function refused(text: string, why: string): Result<never> {
  return fail('configuration', `cannot use the pattern ${JSON.stringify(text.slice(0, 80))}: it ${why}`);
}
