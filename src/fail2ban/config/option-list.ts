/** A name with options, as jails give them to filters and actions: `sshd[mode=aggressive, port="a,b"][x='y']`. */
import { fail, ok, type Result } from '../../base/result.ts';
import { strip } from './strip.ts';

export interface Named {
  readonly name: string;
  readonly options: ReadonlyMap<string, string>;
}

export function readNamed(text: string): Result<Named> {
  const refused = (requirement: string, found: string): Result<Named> =>
    fail('configuration', `cannot read ${text.slice(0, 60)}: ${requirement}: ${found.slice(0, 25)}`, {
      hint: 'write it like name[option=value, other="a, b"]',
    });
  const [, name, list] = /^([^[]+)(?:\[(.*)\])?\s*$/s.exec(text) ?? [];
  if (name === undefined) return refused('needs a name, then options in brackets', text);
  const options = new Map<string, string>();
  let rest = list ?? '';
  while (!/^,?\s*$/.test(rest)) {
    const found = /^\s*([\w.-]+)=(?:"([^"]*)"|'([^']*)'|([^,\]]*))(,|\]\s*\[|$)/s.exec(rest);
    if (found === null) return refused('needs option=value', rest);
    const [whole, option = '', double, simple, bare] = found;
    options.set(option, strip(double ?? simple ?? bare ?? ''));
    rest = rest.slice(whole.length);
  }
  return ok({ name, options });
}

/** Several of them, one after another with blanks or newlines between: a jail's actions. */
export function splitNamed(text: string): string[] {
  const one =
    /(?:[^[\s]+(?:\s*\[\s*(?:[\w.-]+=(?:"[^"]*"|'[^']*'|[^,\]]*)\s*(?:,|\]\s*\[)?\s*)*\])?\s*|\S+)(?=\n\s*|\s+|$)/gs;
  return (text.match(one) ?? []).map(strip).filter((each) => each !== '');
}
