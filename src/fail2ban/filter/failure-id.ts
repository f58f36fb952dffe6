/** By what a failure is known: its address in canonical form, a network, a name, or whatever the filter calls an id. */
import { parseAddress } from '../../base/address.ts';
import { parseNetwork } from '../../base/network.ts';
import type { Groups } from './line-expression.ts';
import { textOf } from './failure.ts';

export interface FailureId {
  /** Undefined where the line gives nobody (a connection whose address is not known yet). */
  readonly id: string | readonly (string | undefined)[] | undefined;
  /** A name that has not been looked up. */
  readonly isName: boolean;
}

export function failureId(groups: Groups): FailureId {
  const fid = groups.get('fid');
  const address = textOf(groups, 'ip4') ?? textOf(groups, 'ip6');
  const name = textOf(groups, 'dns');
  if (address !== undefined) {
    if (fid !== undefined && fid !== address) return { id: fid, isName: false };
    return { id: canonical(address, textOf(groups, 'cidr')), isName: false };
  }
  if (name !== undefined) return { id: name, isName: true };
  return { id: fid, isName: false };
}

function canonical(address: string, bits: string | undefined): string {
  if (bits !== undefined && bits !== '') return parseNetwork(`${address}/${Number(bits)}`)?.text ?? address;
  return parseAddress(address) ?? address;
}
