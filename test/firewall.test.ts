/** The contract of every firewall backend (src/guard/firewall/firewall.ts), on the real thing. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Address } from '../src/base/address.ts';
import type { Duration } from '../src/base/duration.ts';
import type { Firewall } from '../src/guard/firewall/firewall.ts';
import { NftFirewall } from '../src/guard/firewall/nft.ts';
import { NullFirewall } from '../src/guard/firewall/null.ts';
import { systemClock } from '../src/host/clock.ts';
import { openLab } from '../src/lab/lab.ts';
import type { Machine } from '../src/lab/machine.ts';
import { serverAddress } from '../src/lab/network.ts';

const skip = process.geteuid?.() === 0 ? false : 'needs root for a kernel firewall of its own';
const minute = 60_000 as Duration;
const peers = ['198.18.0.11', '198.18.0.12', '2001:db8::5'] as Address[];

async function machineFor(context: TestContext): Promise<Machine> {
  const machine = await openLab({ tell: () => undefined });
  assert.ok(machine.ok, JSON.stringify(machine));
  context.after(async () => {
    await machine.value.close();
  });
  return machine.value;
}

async function keepsTheContract(firewall: Firewall): Promise<void> {
  const addresses = async (): Promise<string[]> => {
    const listed = await firewall.list();
    assert.ok(listed.ok, JSON.stringify(listed));
    return listed.value.map(({ address }) => address).toSorted();
  };
  assert.ok((await firewall.prepare()).ok);
  assert.deepEqual(await addresses(), []);
  assert.ok((await firewall.ban([])).ok);
  assert.ok((await firewall.ban(peers.map((address) => ({ address, bantime: minute })))).ok);
  assert.deepEqual(await addresses(), [...peers].toSorted());

  assert.ok((await firewall.prepare()).ok, 'again');
  assert.deepEqual(await addresses(), [...peers].toSorted(), 'bans in force stay');

  const [first, second, third] = peers as [Address, Address, Address];
  assert.ok((await firewall.ban([{ address: first, bantime: (60 * minute) as Duration }])).ok);
  const listed = await firewall.list();
  assert.ok(listed.ok);
  const renewed = listed.value.find(({ address }) => address === first);
  assert.ok(renewed !== undefined && renewed.bantime > 59 * minute, 'a ban again renews its time');

  assert.ok(
    (await firewall.unban([second, '203.0.113.1' as Address])).ok,
    'unbanning a stranger is no problem',
  );
  assert.deepEqual(await addresses(), [first, third].toSorted());

  assert.ok((await firewall.ban([{ address: second, bantime: 1000 as Duration }])).ok);
  await systemClock.sleep(1500);
  assert.deepEqual(await addresses(), [first, third].toSorted(), 'a ban ends by itself');

  const many = Array.from({ length: 1000 }, (_, index) => ({
    address: `198.18.${Math.floor(index / 250)}.${(index % 250) + 1}` as Address,
    bantime: minute,
  }));
  assert.ok((await firewall.ban(many)).ok);
  assert.equal((await addresses()).length, 1001);

  assert.ok((await firewall.remove()).ok);
  assert.ok((await firewall.remove()).ok, 'nothing left to remove is no problem');
}

test('NullFirewall keeps the contract', async () => {
  await keepsTheContract(new NullFirewall(systemClock));
});

test('NftFirewall keeps the contract, ends connections and lets nobody back in', {
  skip,
}, async (context) => {
  const machine = await machineFor(context);
  const firewall = new NftFirewall(async (act, argv, options) => await machine.succeed(act, argv, options));
  await keepsTheContract(firewall);

  assert.ok((await firewall.prepare()).ok);
  const said: string[] = [];
  const client = machine.start(
    [process.execPath, '-e', clientScript],
    {
      onLine: (line) => said.push(line),
    },
    'wild',
  );
  const heard = async (line: string): Promise<void> => {
    for (let waited = 0; waited < 8000 && !said.includes(line); waited += 20) await systemClock.sleep(20);
    assert.ok(said.includes(line), `${line}: ${said.join(', ')}`);
  };
  await heard('banned one connected');
  await heard('bystander connected');
  assert.ok((await firewall.ban([{ address: '198.18.0.77' as Address, bantime: minute }])).ok);
  const held = await machine.succeed('look at the sockets', [
    'ss',
    '-tnH',
    'state',
    'established',
    '( sport = :25 )',
  ]);
  assert.ok(held.ok);
  assert.doesNotMatch(held.value.stdout, /198\.18\.0\.77/, 'its connection is gone');
  assert.match(held.value.stdout, /198\.18\.0\.78/, 'the bystander keeps his');
  client.send('again\n');
  await heard('banned one is kept out');
  await heard('bystander connected again');
  client.finish();
});

const clientScript = `
const { connect } = require('node:net');
const open = (localAddress, heard, lost) => {
  const socket = connect({ host: '${serverAddress}', port: 25, localAddress });
  socket.once('data', () => console.log(heard));
  socket.on('error', () => undefined);
  if (lost) setTimeout(() => { if (socket.bytesRead === 0) console.log(lost); }, 1500);
};
open('198.18.0.77', 'banned one connected');
open('198.18.0.78', 'bystander connected');
process.stdin.once('data', () => {
  open('198.18.0.77', 'banned one got in', 'banned one is kept out');
  open('198.18.0.78', 'bystander connected again');
});
process.stdin.on('end', () => process.exit(0));
`;
