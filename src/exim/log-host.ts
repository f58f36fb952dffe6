/**
 * The host part of a log line: `name (helo) [address]:port I=[address]:port U=ident Ci=id`, as
 * host_build_sender_fullhost() and host_and_ident() of Exim's host.c write it, and its inverse.
 *
 * The name is forward-confirmed DNS and the address Exim's own; HELO and ident are the client's. By
 * default a HELO has neither space nor bracket, so its bracket closes at the first `)`. With
 * helo_accept_junk_hosts it may hold anything, imitations of a host part among it; which of the two a
 * server does, the log does not tell. So every place where the host part could end is offered, the
 * plain reading first, and the caller sees whether more than one fits the rest of the line.
 */
import type { Host } from './event.ts';

export interface HostReading {
  readonly host: Host;
  readonly end: number;
}

const name = /[^\s()[\]"=]+ (?=[[(])/y;
const bracketed = /\[([^\s[\]]*)\](?::(\w+))?/y;
const interfacePart = / I=\[([^\s[\]]*)\](?::(\w+))?/y;
const plainHelo = /\(([^\s()]*)\) (?=\[)/y;

/** How far into a line a HELO is looked for; Exim reads commands of at most 2048 bytes (smtp_in.c). */
const longestHelo = 16_384;

/** Calls `offer` for each reading of a host part at `from`, the plain one first, until it returns true. */
export function readHost(
  text: string,
  from: number,
  junkHelo: boolean,
  offer: (reading: HostReading) => boolean,
): boolean {
  name.lastIndex = from;
  const named = name.exec(text)?.[0];
  const at = from + (named?.length ?? 0);
  const start: Partial<Host> = named === undefined ? {} : { name: named.slice(0, -1) };
  if (text.charCodeAt(at) !== 0x28) return readTail(text, at, start, offer);
  plainHelo.lastIndex = at;
  const plain = plainHelo.exec(text);
  if (plain !== null && readTail(text, plainHelo.lastIndex, { ...start, helo: plain[1] ?? '' }, offer))
    return true;
  if (!junkHelo) return false;
  const seen = plain === null ? -1 : at + plain[0].length - 2;
  const limit = Math.min(text.length, at + longestHelo);
  for (
    let close = text.indexOf(') [', at);
    close !== -1 && close < limit;
    close = text.indexOf(') [', close + 1)
  ) {
    if (close === seen) continue;
    if (readTail(text, close + 2, { ...start, helo: text.slice(at + 1, close) }, offer)) return true;
  }
  return false;
}

function readTail(
  text: string,
  from: number,
  start: Partial<Host>,
  offer: (reading: HostReading) => boolean,
): boolean {
  bracketed.lastIndex = from;
  const found = bracketed.exec(text);
  if (found === null) return false;
  let end = bracketed.lastIndex;
  let host: Host = {
    ...start,
    literal: found[1] ?? '',
    ...(found[2] === undefined ? {} : { port: found[2] }),
  };
  interfacePart.lastIndex = end;
  const own = interfacePart.exec(text);
  if (own !== null) {
    end = interfacePart.lastIndex;
    host = { ...host, interface: own[1] ?? '', ...(own[2] === undefined ? {} : { interfacePort: own[2] }) };
  }
  return offer({ host, end });
}

export function renderHost(host: Host): string {
  const port = host.port === undefined ? '' : `:${host.port}`;
  const own =
    host.interface === undefined
      ? ''
      : ` I=[${host.interface}]${host.interfacePort === undefined ? '' : `:${host.interfacePort}`}`;
  return `${host.name === undefined ? '' : `${host.name} `}${host.helo === undefined ? '' : `(${host.helo}) `}[${host.literal}]${port}${own}`;
}
