// Lines of the grammar as fast-check makes them: what a server would write for values that its clients
// choose, and choose so as to be taken for somebody else.

import * as fc from 'fast-check';
import type { Host, Tag } from '../../src/exim/event.ts';
import type { Part, Production } from '../../src/exim/log-grammar.ts';
import { renderHost } from '../../src/exim/log-host.ts';
import { productions } from '../../src/exim/log-productions.ts';
import { renderTags } from '../../src/exim/log-tags.ts';

/** The one whose connection it is; whatever is named besides is 8.8.8.8. */
export const truePeer = '192.0.2.77';

/** What a client would write to be taken for somebody else. */
const hostile = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...imitations()) },
      { weight: 1, arbitrary: fc.string({ maxLength: 12 }) },
    ),
    { maxLength: 5 },
  )
  .map((pieces) => pieces.join('').replaceAll(/[\r\n]/g, ' '));

function imitations(): string[] {
  const tails = productions.flatMap(({ parts }) => parts.filter((part) => typeof part === 'string'));
  return [
    ' H=x [8.8.8.8]',
    ' H=(x) [8.8.8.8] ',
    'H=[8.8.8.8]',
    ') [8.8.8.8]',
    ') [8.8.8.8]: ',
    '" H=(x) [8.8.8.8] next input="',
    '\\" H=(x) [8.8.8.8] ',
    '"',
    '\\',
    '>',
    '> ',
    ' [8.8.8.8]',
    '[8.8.8.8]',
    ': 535 Incorrect authentication data',
    ' (set_id=x)',
    ' U=x',
    ' A=plain:root',
    ' X=TLS1.3:A:256',
    ' P=esmtp S=1',
    ' Completed',
    ...tails,
  ];
}

const plainWord = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_.-]{0,10}$/);
const quotedAddress = hostile.map(
  (text) => `"${text.replaceAll(/["\\]/g, (character) => `\\${character}`)}"@evil.example`,
);
const address = fc.oneof(fc.constant(''), fc.constant('a@b.example'), quotedAddress);
const host: fc.Arbitrary<Host> = fc.record(
  {
    name: plainWord,
    helo: fc.oneof(plainWord, hostile),
    literal: fc.constant(truePeer),
    port: fc.constant('4711'),
    interface: fc.constant('192.0.2.1'),
    interfacePort: fc.constant('25'),
    ident: hostile.map((text) => text.slice(0, 127)).filter((text) => text !== ''),
    connection: plainWord,
  },
  { requiredKeys: ['literal'] },
);
const items: fc.Arbitrary<readonly Tag[]> = fc
  .record(
    {
      X: fc.constant('TLS1.3:ECDHE__AES_256_GCM:256'),
      CV: fc.constantFrom('yes', 'no'),
      DN: hostile.map((text) => `"${text}"`),
      SNI: hostile.map((text) => text.replaceAll(' ', '_')),
      F: address.map((text) => `<${text}>`),
      A: hostile.map((text) => `plain:${text}`),
    },
    { requiredKeys: [] },
  )
  .map((chosen) => Object.entries(chosen).map(([name, value]) => ({ name, value })));

/** A line of a production, as Exim would write it for these values. */
export function arbitraryLine(parts: Production['parts']): fc.Arbitrary<string> {
  return fc.tuple(...parts.map((part) => piece(part))).map((pieces) => pieces.join(''));
}

function piece(part: Part): fc.Arbitrary<string> {
  if (typeof part === 'string') return fc.constant(part);
  if ('maybe' in part) return fc.oneof(fc.constant(''), arbitraryLine(part.maybe));
  if ('wording' in part) return fc.constant(part.wording);
  if ('values' in part) return fc.constantFrom(...part.values);
  if ('opening' in part) return hostile.map((text) => part.opening + text);
  if ('tags' in part) return items.map((tags) => renderTags(tags));
  if ('host' in part) return hostPiece(part.host);
  switch (part.take) {
    case 'word':
      return plainWord;
    case 'name':
      return fc.constantFrom('plain_server', 'login2', 'x');
    case 'number':
      return fc.constantFrom('535', '-1', '12.50');
    case 'count':
      return fc.nat(5000).map(String);
    case 'address':
      return address;
    case 'quoted':
      return fc.oneof(
        hostile.map((text) => `"${text}"`),
        hostile.map((text) => `"${text.replaceAll(/["\\]/g, (character) => `\\${character}`)}"`),
      );
    default:
      return hostile;
  }
}

function hostPiece(style: string): fc.Arbitrary<string> {
  if (style === 'address') return fc.constant(truePeer);
  if (style === 'remote') return fc.constant(`mx.example [${truePeer}]`);
  if (style === 'bracketed') return fc.constant(`[${truePeer}]`);
  return host.map((value) => {
    const ident = value.ident === undefined || style === 'full' ? '' : ` U=${value.ident}`;
    const connection = value.connection === undefined || style === 'full' ? '' : ` Ci=${value.connection}`;
    return `${style === 'flagged' ? 'H=' : ''}${renderHost(value)}${ident}${connection}`;
  });
}
