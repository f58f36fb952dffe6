/**
 * The ` NAME=value` items and flags of arrival, delivery and reject lines, in the order of the log,
 * and what they say together. Source: Exim manual, chapter "Log files", section "Summary of fields".
 *
 * Values that a peer may choose are delimited by how Exim writes them: `DN="…"` and `C="…"` run to a
 * quote that a known item or the end follows, `id=` is an address, a login (`A=`) and `for` run to
 * the next known item.
 */
import type { Login, Tag, TlsUse } from './event.ts';

const flags = new Set([
  'DS',
  'TFO',
  'TFO*',
  'PRDR',
  'K',
  'L',
  'L*',
  'L.',
  'L-',
  'L*-',
  'L.-',
  'ARC',
  'SPF',
  'NOTIFY',
]);
const names = new Set([
  'R',
  'H',
  'U',
  'Ci',
  'P',
  'X',
  'CV',
  'DN',
  'SNI',
  'A',
  'PRX',
  'S',
  'M8S',
  'DKIM',
  'RT',
  'Q',
  'id',
  'id*',
  'T',
  'F',
  'ST',
  'PS',
  'QT',
  'DT',
  'C',
  'DMARC',
  'I',
  'D',
  'B',
  'NOTIFY',
  'ORCPT',
  'SPF',
]); // prettier-ignore

export interface TagsReading {
  readonly tags: readonly Tag[];
  readonly end: number;
}

/** Reads items from `from` (at a space) for as long as they are known; stops before anything else. */
export function readTags(text: string, from: number): TagsReading {
  const found: Tag[] = [];
  let at = from;
  for (;;) {
    const next = readTag(text, at);
    if (next === undefined) return { tags: found, end: at };
    found.push(next.tag);
    at = next.end;
  }
}

function readTag(text: string, at: number): { tag: Tag; end: number } | undefined {
  if (text.charCodeAt(at) !== 0x20) return undefined;
  const name = nameAt(text, at + 1);
  if (name === undefined) return undefined;
  const from = at + 1 + name.length;
  if (text.charCodeAt(from) !== 0x3d) return flags.has(name) ? { tag: { name }, end: from } : undefined;
  const end = valueEnd(text, name, from + 1);
  return { tag: { name, value: text.slice(from + 1, end) }, end };
}

function nameAt(text: string, from: number): string | undefined {
  let end = from;
  while (end < text.length && end - from < 7) {
    const code = text.charCodeAt(end);
    if (code === 0x20 || code === 0x3d) break;
    end += 1;
  }
  const name = text.slice(from, end);
  if (text.charCodeAt(end) === 0x3d) return names.has(name) ? name : undefined;
  return flags.has(name) ? name : undefined;
}

function valueEnd(text: string, name: string, from: number): number {
  if (name === 'A' || name === 'U' || name === 'Q') return freeEnd(text, from);
  if (name === 'H') return hostEnd(text, from);
  if (text.charCodeAt(from) === 0x22 && name !== 'id' && name !== 'id*' && name !== 'F')
    return quoteEnd(text, from);
  if (name === 'id' || name === 'id*' || name === 'F' || name === 'P' || name === 'ORCPT')
    return addressEnd(text, from);
  const space = text.indexOf(' ', from);
  if (space === -1) return text.length;
  // ` ST=shadow_transport (why it failed)`
  if (name !== 'ST' || text.charCodeAt(space + 1) !== 0x28) return space;
  const close = text.indexOf(')', space);
  return close !== -1 && endsItem(text, close + 1) ? close + 1 : space;
}

/** The end of an address that starts at `from`: the first space outside a quoted local part. */
export function addressEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === 0x20) return at;
    if (code === 0x22) {
      const close = stringEnd(text, at);
      if (close === -1) break;
      at = close;
    } else at += 1;
  }
  const space = text.indexOf(' ', from);
  return at >= text.length ? text.length : space === -1 ? text.length : space;
}

/** The place after the quote that closes the one at `from`, a backslash guarding what follows it; -1 without one. */
function stringEnd(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x5c) at += 1;
    else if (code === 0x22) return at + 1;
  }
  return -1;
}

function quoteEnd(text: string, from: number): number {
  for (let close = text.indexOf('"', from + 1); close !== -1; close = text.indexOf('"', close + 1)) {
    if (text.charCodeAt(close - 1) === 0x5c && close - 1 > from) continue;
    if (endsItem(text, close + 1)) return close + 1;
  }
  const space = text.indexOf(' ', from);
  return space === -1 ? text.length : space;
}

const outHost = /[^\s[]*(?: DS)?(?: \[[^\s\]]*\](?::\w+)?\*?)?/y;

/** `name [address]:port*`: a host that we delivered to, which cannot choose its own name. */
function hostEnd(text: string, from: number): number {
  outHost.lastIndex = from;
  outHost.exec(text);
  return outHost.lastIndex;
}

/** A value with spaces in it: up to where a known item, a bracket of the grammar, or the end follows. */
function freeEnd(text: string, from: number): number {
  for (let space = text.indexOf(' ', from); space !== -1; space = text.indexOf(' ', space + 1)) {
    if (endsItem(text, space)) return space;
  }
  return text.length;
}

const stops = [
  ' for ',
  ' from ',
  ' rejected ',
  ' temporarily ',
  ' : ',
  ' defer (',
  ' D=',
  ' incomplete ',
  ' Warning: ',
  ' dropped by ',
] as const;

function endsItem(text: string, at: number): boolean {
  if (at >= text.length) return true;
  if (text.charCodeAt(at) === 0x3a) return true;
  if (text.charCodeAt(at) !== 0x20) return false;
  return nameAt(text, at + 1) !== undefined || stops.some((stop) => text.startsWith(stop, at));
}

export function renderTags(tags: readonly Tag[]): string {
  return tags.map(({ name, value }) => (value === undefined ? ` ${name}` : ` ${name}=${value}`)).join('');
}

export function tagValue(tags: readonly Tag[], name: string): string | undefined {
  return tags.find((tag) => tag.name === name)?.value;
}

export function tlsOf(tags: readonly Tag[]): TlsUse | undefined {
  const text = tagValue(tags, 'X');
  if (text === undefined) return undefined;
  const [version = '', ...pieces] = text.replace(/\*$/, '').split(':');
  const last = pieces.at(-1) ?? '';
  const bits = /^\d+$/.test(last) ? Number(last) : undefined;
  const cipher = pieces
    .slice(0, bits === undefined && last !== '' && pieces.length < 2 ? undefined : -1)
    .join(':');
  const verified = tagValue(tags, 'CV');
  const peerName = tagValue(tags, 'DN');
  const sni = tagValue(tags, 'SNI');
  return {
    version,
    cipher,
    ...(bits === undefined ? {} : { bits }),
    ...(verified === undefined ? {} : { verified }),
    ...(peerName === undefined ? {} : { peerName: peerName.replace(/^"|"$/g, '') }),
    ...(sni === undefined ? {} : { sni }),
  };
}

export function loginOf(tags: readonly Tag[]): Login | undefined {
  const text = tagValue(tags, 'A');
  if (text === undefined || !wellFormed(tags)) return undefined;
  const colon = text.indexOf(':');
  return colon === -1
    ? { authenticator: text }
    : { authenticator: text.slice(0, colon), login: text.slice(colon + 1) };
}

/**
 * Whether the items can be what they seem. The name in a client's certificate (`DN="…"`) may hold
 * quotes, and so imitate the items after it, a login among them; then either an item comes twice, or a
 * quote is left over. No login is believed from such a line.
 */
function wellFormed(tags: readonly Tag[]): boolean {
  const named = tags.findIndex(({ name }) => name === 'DN');
  if (named === -1) return true;
  if (new Set(tags.map(({ name }) => name)).size < tags.length) return false;
  return tags
    .slice(named + 1)
    .every(({ name, value = '' }) => name === 'T' || name === 'C' || value.split('"').length % 2 === 1);
}
