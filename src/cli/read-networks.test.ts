import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readNetworks } from './read-networks.ts';

test('readNetworks() reads addresses and networks, and refuses anything else', () => {
  const read = readNetworks(['192.0.2.7/24', '2001:db8::1']);
  assert.deepEqual(read.ok && read.value.map(({ text }) => text), ['192.0.2.0/24', '2001:db8::1']);
  for (const text of ['example.org', '192.0.2.0/40', '', '10.1']) {
    const refused = readNetworks([text]);
    assert.ok(!refused.ok && refused.problem.message.includes(JSON.stringify(text)), text);
  }
});
