import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { parseAddress } from './address.ts';

test('parseAddress() gives one spelling for one address', () => {
  for (const [text, canonical] of [
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['2001:db8::0:1', '2001:db8::1'],
    ['::1', '::1'],
    ['::192.0.2.1', '::c000:201'],
    ['2001:db8::192.0.2.1', '2001:db8::c000:201'],
  ] as const) {
    assert.equal(parseAddress(text), canonical);
  }
});

test('parseAddress() refuses what Exim never logs as a host', () => {
  for (const text of [
    '',
    '1.2.3',
    '10.1',
    '010.0.0.1',
    '0x7f.0.0.1',
    '256.1.1.1',
    '1.2.3.4.5',
    '1.2.3.4 ',
    'fe80::1%eth0',
    '2001:db8::1::2',
    'example.org',
    '192.0.2.1/24',
    '::ffff:192.0.2.256',
    '::ffff:192.0.2',
    '::192.0.2.1:1',
    `::${'0'.repeat(60)}`,
  ]) {
    assert.equal(parseAddress(text), undefined, text);
  }
});

test('parseAddress() is the identity on its own answers', () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
      const address = parseAddress(text);
      if (address !== undefined) assert.equal(parseAddress(address), address);
    }),
  );
});
