/** The contract of src/guard/firewall/firewall.ts: every backend is put through it on the real thing. */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Duration } from '../../src/base/duration.ts';
import { type Network, parseNetwork } from '../../src/base/network.ts';
import type { Ban, Firewall } from '../../src/guard/firewall/firewall.ts';

export const minute: Duration = 60_000 as Duration;

export function network(text: string): Network {
  const parsed = parseNetwork(text);
  assert.ok(parsed !== undefined, text);
  return parsed;
}

export function ban(text: string, bantime: number = minute): Ban {
  return { target: network(text), bantime: bantime as Duration };
}

const peers = ['198.18.0.11', '198.18.0.12', '2001:db8::5'] as const;
const networks = ['198.51.100.0/24', '203.0.113.64/26', '2001:db8:1::/64', '2001:db8:1::/48'] as const;

export async function keepsTheContract(firewall: Firewall): Promise<void> {
  const banned = async (): Promise<string[]> => {
    const listed = await firewall.list();
    assert.ok(listed.ok, JSON.stringify(listed));
    return listed.value.map(({ target }) => target.text).toSorted();
  };
  const mustBan = async (...bans: Ban[]): Promise<void> => {
    const done = await firewall.ban(bans);
    assert.deepEqual(done, { ok: true, value: [] });
  };
  assert.ok((await firewall.prepare()).ok);
  assert.deepEqual(await firewall.isWhole(), { ok: true, value: true });
  assert.deepEqual(await banned(), []);
  await mustBan();
  await mustBan(...peers.map((text) => ban(text)));
  assert.deepEqual(await banned(), [...peers].toSorted());

  assert.ok((await firewall.prepare()).ok, 'again');
  assert.deepEqual(await banned(), [...peers].toSorted(), 'bans in force stay');

  const [first, second, third] = peers;
  await mustBan(ban(first, 60 * minute), ban(second, 30 * minute), ban(second, 60 * minute));
  const listed = await firewall.list();
  assert.ok(listed.ok);
  for (const peer of [first, second]) {
    const left: number = listed.value.find(({ target }) => target.text === peer)?.bantime ?? 0;
    assert.ok(left > 59 * minute && left <= 60 * minute, 'a ban again renews its time');
  }

  assert.ok((await firewall.unban([network(second), network('203.0.113.1')])).ok, 'a stranger too');
  assert.deepEqual(await banned(), [first, third].toSorted());

  await mustBan(...networks.map((text) => ban(text)), ban('198.51.100.7'));
  assert.deepEqual(await banned(), [first, third, ...networks, '198.51.100.7'].toSorted(), 'networks too');
  assert.ok((await firewall.prepare()).ok, 'with networks');
  assert.ok((await firewall.unban([network(networks[0]), network('192.0.2.0/30')])).ok);
  assert.deepEqual(await banned(), [first, third, ...networks.slice(1), '198.51.100.7'].toSorted());
  assert.ok((await firewall.unban([...networks.slice(1), '198.51.100.7'].map(network))).ok);

  await mustBan(ban(second, 1000));
  await sleep(1500);
  assert.deepEqual(await banned(), [first, third].toSorted(), 'a ban ends by itself');

  const many = Array.from({ length: 1000 }, (_, at) =>
    ban(`198.18.${Math.floor(at / 250)}.${(at % 250) + 1}`),
  );
  await mustBan(...many);
  assert.equal((await banned()).length, 1001);

  assert.ok((await firewall.remove()).ok);
  assert.ok((await firewall.remove()).ok, 'nothing left to remove is no problem');
}
