import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAddress } from '../base/address.ts';
import { botNetwork, clientAddress } from './network.ts';

test('clientAddress() gives each client a valid address of its own', () => {
  const addresses = Array.from({ length: 2000 }, (_, index) => clientAddress(botNetwork, index + 1));
  assert.equal(addresses[0], '198.18.0.11');
  assert.equal(new Set(addresses).size, addresses.length);
  for (const address of addresses) assert.notEqual(parseAddress(address), undefined, address);
});
