/** What this machine itself says about the names of hosts (hosts(5)): it goes before any name server. */
import { readFileSync } from 'node:fs';
import { type Address, parseAddress } from '../base/address.ts';

/** The text of /etc/hosts; empty where there is none. */
export function hostsFile(): string {
  try {
    return readFileSync('/etc/hosts', 'utf8');
  } catch {
    return '';
  }
}

/** The addresses of `name` in such a text; undefined where it does not hold the name. Some it may hold are none, as those with a zone. */
export function addressesOf(name: string, text: string): readonly Address[] | undefined {
  const wanted = name.toLowerCase().replace(/\.$/, '');
  const lines = text
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim().toLowerCase().split(/\s+/))
    .filter(([, ...names]) => names.includes(wanted));
  if (lines.length === 0) return undefined;
  return [...new Set(lines.flatMap(([address = '']) => parseAddress(address) ?? []))];
}
