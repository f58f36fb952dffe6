/** A name that a certificate may be issued for: a full host name, `*.` before one, or an address. */
import { parseAddress } from '../base/address.ts';
import { fail, ok, type Result } from '../base/result.ts';
import { isHostName } from './target.ts';

export interface SubjectName {
  readonly type: 'dns' | 'ip';
  readonly value: string;
}

function subjectName(name: string): Result<SubjectName> {
  const address = parseAddress(name);
  if (address !== undefined) return ok({ type: 'ip', value: address });
  const host = name.replace(/^\*\./, '');
  return isHostName(host) && host.includes('.')
    ? ok({ type: 'dns', value: name.toLowerCase().replace(/\.$/, '') })
    : fail(
        'usage',
        `cannot issue a certificate: needs a full host name or an address: ${JSON.stringify(name)}`,
      );
}

export function subjectNames(names: readonly string[]): Result<SubjectName[]> {
  const read: SubjectName[] = [];
  for (const name of names) {
    const one = subjectName(name);
    if (!one.ok) return one;
    read.push(one.value);
  }
  return ok(read);
}

/** A common name holds 64 characters (RFC 5280, appendix A), a host name up to 253. */
export function commonNameOf(names: readonly string[]): string {
  const [first = ''] = names;
  return first.length <= 64 ? first : '';
}
