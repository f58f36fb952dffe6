/**
 * IP addresses in one canonical spelling, so that two spellings of an address are one key.
 *
 * IPv6 follows RFC 5952; IPv4-mapped IPv6 (`::ffff:192.0.2.1`, what a dual-stack socket shows)
 * becomes plain IPv4. Zone identifiers, short forms (`10.1`), octal and hexadecimal are refused: a
 * log never holds them, so whoever writes them is not an address.
 */
import ipaddr from 'ipaddr.js';

declare const address: unique symbol;
export type Address = string & { readonly [address]: true };

/** The canonical address, or undefined where the text is not one. */
export function parseAddress(text: string): Address | undefined {
  if (text.length > 45) return undefined;
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return text as Address;
  if (!text.includes(':') || text.includes('%') || !ipaddr.IPv6.isValid(text)) return undefined;
  const parsed = ipaddr.IPv6.parse(text);
  const plain = parsed.isIPv4MappedAddress() ? parsed.toIPv4Address().toString() : parsed.toRFC5952String();
  return plain as Address;
}

export function isIPv6(value: Address): boolean {
  return value.includes(':');
}
