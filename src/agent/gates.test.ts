import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Clock } from '../host/clock.ts';
import { parseNetwork } from '../base/network.ts';
import { NullFirewall } from '../guard/firewall/null.ts';
import { MemoryStore } from '../store/memory-store.ts';
import { Enforcer } from './enforcer.ts';
import { Gates } from './gates.ts';
import { restoreBans } from './restore-bans.ts';

const clock: Clock = {
  now: () => 1000,
  sleep: async () => {
    await Promise.resolve();
  },
};

function setUp() {
  const enforcerOf = (): Enforcer =>
    new Enforcer({
      firewall: new NullFirewall(clock),
      clock,
      signal: new AbortController().signal,
      onProblem: (problem) => assert.fail(problem.message),
    });
  const all = enforcerOf();
  const logins = enforcerOf();
  const inForce = () => [all, logins].map((one) => one.inForce().map(({ target }) => target.text));
  return { all, logins, inForce };
}

const bans = ['relay', 'logins', 'manual', 'credential'].map((rule, place) => ({
  target: `198.18.0.${place}`,
  began: 0,
  until: 60_000,
  rule,
  reason: '',
  offences: 1,
  evidence: [],
  mailBefore: 0,
  attempts: 0,
  mailLost: 0,
}));

test('restoreBans() puts each ban back behind its gate; Gates.lift() opens both', async () => {
  const store = new MemoryStore();
  assert.ok(store.save({ bans }).ok);
  const { all, logins, inForce } = setUp();
  const gates = new Gates(all, logins);
  const hands = { gates, isAllowed: () => false };
  assert.deepEqual(await restoreBans(store, Promise.resolve(hands), 1000), { ok: true, value: 3 });
  await gates.settled();
  assert.deepEqual(inForce(), [['198.18.0.0', '198.18.0.2', '198.18.0.3'], ['198.18.0.1']]);
  gates.lift(['198.18.0.1', '198.18.0.2'].flatMap((text) => parseNetwork(text) ?? []));
  assert.deepEqual(inForce(), [['198.18.0.0', '198.18.0.3'], []]);
});

test('Gates closes everything where a backend cannot close logins alone', async () => {
  const store = new MemoryStore();
  assert.ok(store.save({ bans }).ok);
  const { all, inForce } = setUp();
  const hands = { gates: new Gates(all), isAllowed: () => false };
  assert.ok((await restoreBans(store, Promise.resolve(hands), 1000)).ok);
  assert.equal(inForce()[0]?.length, 4);
});
