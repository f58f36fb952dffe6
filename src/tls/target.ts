/** The server to look at, as people write it: `HOST`, `HOST:PORT`, `192.0.2.1:25`, `[2001:db8::1]:25`. */
import { parseAddress } from '../base/address.ts';
import { fail, ok, type Result } from '../base/result.ts';
import type { Endpoint } from '../host/connection.ts';

export function parseTarget(text: string, defaultPort: number): Result<Endpoint> {
  const refused = fail('usage', `cannot test the server: needs HOST or HOST:PORT: ${JSON.stringify(text)}`, {
    hint: 'an IPv6 address with a port is written [2001:db8::1]:25',
  });
  const bare = parseAddress(text);
  if (bare !== undefined) return ok({ host: bare, port: defaultPort });
  const [, bracketed, plain = '', digits] = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const port = digits === undefined ? defaultPort : Number(digits);
  if (port < 1 || port > 65_535) return refused;
  if (bracketed !== undefined) {
    const address = parseAddress(bracketed);
    return address === undefined ? refused : ok({ host: address, port });
  }
  return isHostName(plain) ? ok({ host: plain, port }) : refused;
}

/** Letters, digits, hyphens and, since people do use them, underscores; RFC 1123, section 2.1. */
export function isHostName(text: string): boolean {
  const labels = text.replace(/\.$/, '').split('.');
  return text.length <= 253 && labels.every((label) => /^\w(?:[\w-]{0,61}\w)?$/.test(label));
}
