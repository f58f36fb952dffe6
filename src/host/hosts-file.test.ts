import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressesOf } from './hosts-file.ts';

const text = `127.0.0.1 localhost
127.0.1.1\tMX.example.test mx # of Debian's installer
::1 localhost ip6-localhost
fe80::1%lan0 near.example.test
# 192.0.2.9 gone.example.test
192.0.2.1 twice.example.test
192.0.2.1 twice.example.test
`;

test('addressesOf() finds a name of the hosts file, and all of its addresses', () => {
  for (const [name, expected] of [
    ['mx.example.test', ['127.0.1.1']],
    ['mx.example.test.', ['127.0.1.1']],
    ['MX', ['127.0.1.1']],
    ['localhost', ['127.0.0.1', '::1']],
    ['twice.example.test', ['192.0.2.1']],
    ['near.example.test', []],
    ['gone.example.test', undefined],
    ['example.test', undefined],
    ['127.0.0.1', undefined],
  ] as const) {
    assert.deepEqual(addressesOf(name, text), expected, name);
  }
});
