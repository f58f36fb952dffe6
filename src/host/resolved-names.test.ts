import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ResolvedNames } from './resolved-names.ts';

test('ResolvedNames goes on with what a name was while it does not resolve', async () => {
  const zone = new Map([
    ['4 mx.example', ['192.0.2.1', 'nonsense']],
    ['6 mx.example', ['2001:DB8::1']],
  ]);
  const names = new ResolvedNames(async (name, family) => {
    const found = zone.get(`${family} ${name}`);
    if (found === undefined) throw new Error('ENOTFOUND');
    return await Promise.resolve(found);
  });
  assert.deepEqual(await names.addresses([]), []);
  assert.deepEqual(await names.addresses(['mx.example', 'no.example']), ['192.0.2.1', '2001:db8::1']);
  zone.clear();
  assert.deepEqual(await names.addresses(['mx.example']), ['192.0.2.1', '2001:db8::1']);
  zone.set('4 mx.example', ['192.0.2.2']);
  zone.set('6 mx.example', []);
  assert.deepEqual(await names.addresses(['mx.example']), ['192.0.2.2']);
});
