/**
 * Whether a certificate is for a name (RFC 9525): only the subject alternative names count, never the
 * common name, and `*` stands for exactly one leftmost label.
 */
import { parseAddress } from '../base/address.ts';

export function coversName(names: readonly string[], wanted: string): boolean {
  const address = parseAddress(wanted);
  if (address !== undefined) return names.some((name) => parseAddress(name) === address);
  const host = canonical(wanted);
  const parent = host.slice(host.indexOf('.') + 1);
  return names.map(canonical).some((name) => {
    if (name === host) return true;
    // One label must be left of the parent, and the parent must not be a whole top-level domain.
    return name === `*.${parent}` && parent !== host && parent.includes('.');
  });
}

function canonical(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}
