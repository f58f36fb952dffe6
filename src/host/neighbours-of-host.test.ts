import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gateways4, gateways6, nameServers } from './neighbours-of-host.ts';

test('gateways and name servers are read from what the system shows', () => {
  assert.deepEqual(
    gateways4(
      'Iface\tDestination\tGateway \tFlags\neth0\t00000000\t010200C0\t0003\neth0\t000200C0\t00000000\t0001\n',
    ),
    ['192.0.2.1'],
  );
  const zero = '0'.repeat(32);
  assert.deepEqual(
    gateways6(
      `${zero} 00 ${zero} 00 20010db8000000000000000000000001 00000400 00000001 00000000 00000003 eth0\n${zero} 80 ${zero} 00 ${zero} 00000000 00000001 00000000 00200200 lo\n`,
    ),
    ['2001:db8::1'],
  );
  assert.deepEqual(
    nameServers('# a comment\nnameserver 192.0.2.53\n nameserver fe80::1%eth0\nnameserver example\n'),
    ['192.0.2.53', 'fe80::1'],
  );
});
