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

const octet = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const fourParts = new RegExp(`^${octet}(?:\\.${octet}){3}$`);

/** The canonical address, or undefined where the text is not one. */
export function parseAddress(text: string): Address | undefined {
  if (text.length > 45) return undefined;
  if (fourParts.test(text)) return text as Address;
  if (!text.includes(':') || text.includes('%')) return undefined;
  const plain = withoutDots(text);
  if (plain === undefined || !ipaddr.IPv6.isValid(plain)) return undefined;
  const parsed = ipaddr.IPv6.parse(plain);
  const canonical = parsed.isIPv4MappedAddress()
    ? parsed.toIPv4Address().toString()
    : parsed.toRFC5952String();
  return canonical as Address;
}

/** The last 32 bits in hexadecimal (RFC 4291 §2.2): the library takes `::192.0.2.1` for a mapped address. */
function withoutDots(text: string): string | undefined {
  if (!text.includes('.')) return text;
  const place = text.lastIndexOf(':') + 1;
  const dotted = text.slice(place);
  if (!fourParts.test(dotted)) return undefined;
  const [a = 0, b = 0, c = 0, d = 0] = dotted.split('.').map(Number);
  return `${text.slice(0, place)}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
}

export function isIPv6(value: Address): boolean {
  return value.includes(':');
}
