/**
 * One line of an Apache or nginx log: who asked, for what, and what came of it. Undefined where the line is
 * no request, or does not say for certain who asked.
 *
 * Access logs begin with the address (Apache's common and combined formats, nginx's combined one); in error
 * logs it stands behind `[client ` or `, client: `, and a line that has that twice says nothing for certain.
 */
import { type Address, parseAddress } from '../base/address.ts';

export interface WebRequest {
  readonly peer: Address;
  /** `GET /path HTTP/1.1` as logged, or the words of an error. */
  readonly request: string;
  /** Undefined in an error log. */
  readonly status?: number;
}

const longestLine = 8192;

export function readWebLine(line: string): WebRequest | undefined {
  const text = line.slice(0, longestLine);
  return readAccess(text) ?? readApacheError(text) ?? readNginxError(text);
}

function readAccess(text: string): WebRequest | undefined {
  const space = text.indexOf(' ');
  const peer = space === -1 ? undefined : parseAddress(text.slice(0, space));
  if (peer === undefined) return undefined;
  // Quotes of a client are escaped, so the first is the request's own.
  const from = text.indexOf(' "') + 2;
  const to = closingQuote(text, from);
  if (from === 1 || to === -1) return undefined;
  const [, status = ''] = /^" (\d{3}) /.exec(text.slice(to, to + 6)) ?? [];
  return status === '' ? undefined : { peer, request: text.slice(from, to), status: Number(status) };
}

function closingQuote(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at;
  }
  return -1;
}

function readApacheError(text: string): WebRequest | undefined {
  const [whole = '', host = ''] =
    /^\[[^[\]]{1,60}\] (?:\[[^[\]]{1,60}\] ){1,3}\[client ([0-9A-Fa-f:.[\]]{2,60})\] /.exec(text) ?? [];
  const peer = whole === '' ? undefined : parseEndpoint(host);
  return peer === undefined ? undefined : { peer, request: text.slice(whole.length) };
}

/** `192.0.2.1:4711`, `[2001:db8::1]:4711`, or without a port. */
function parseEndpoint(text: string): Address | undefined {
  const bracketed = /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1];
  return parseAddress(bracketed ?? text) ?? parseAddress(text.replace(/:\d+$/, ''));
}

function readNginxError(text: string): WebRequest | undefined {
  if (!/^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d \[[a-z]+\] /.test(text)) return undefined;
  const parts = text.split(', client: ');
  const [, after = ''] = parts;
  const peer = parts.length === 2 ? parseAddress(after.split(',')[0] ?? '') : undefined;
  return peer === undefined ? undefined : { peer, request: text };
}
