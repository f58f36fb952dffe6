import assert from 'node:assert/strict';
import { test } from 'node:test';
import { coversName } from './covers-name.ts';

test('coversName() follows RFC 9525', () => {
  for (const [names, wanted, covered] of [
    [['mx.example.org'], 'mx.example.org', true],
    [['MX.example.org'], 'mx.EXAMPLE.org.', true],
    [['a.example', 'mx.example.org'], 'mx.example.org', true],
    [['*.example.org'], 'mx.example.org', true],
    [['*.example.org'], 'example.org', false],
    [['*.example.org'], 'a.mx.example.org', false],
    [['m*.example.org'], 'mx.example.org', false],
    [['*.org'], 'example.org', false],
    [['*'], 'localhost', false],
    [['example.org'], 'mx.example.org', false],
    [['192.0.2.1'], '192.0.2.1', true],
    [['2001:DB8:0::1'], '2001:db8::1', true],
    [['*.0.2.1'], '192.0.2.1', false],
    [[], 'mx.example.org', false],
  ] as const) {
    assert.equal(coversName(names, wanted), covered, `${names.join()} for ${wanted}`);
  }
});
