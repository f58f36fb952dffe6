// The contract of every store (src/store/store.ts), on all of them.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Result } from '../base/result.ts';
import { MemoryStore } from './memory-store.ts';
import { openStore } from './open-store.ts';
import type { Store, StoredBan } from './store.ts';

const day = 86_400_000;

function value<T>(result: Result<T>): T {
  assert.ok(result.ok, JSON.stringify(result));
  return result.value;
}

function ban(target: string, began: number, more: Partial<StoredBan> = {}): StoredBan {
  return {
    target,
    began,
    until: began + 1000,
    rule: 'relay',
    reason: 'three relays',
    offences: 1,
    mailBefore: 0,
    attempts: 0,
    mailLost: 0,
    evidence: [`line of ${target}`, 'Ünï "quoted" \u0000 \u001b[31m'],
    ...more,
  };
}

function folderFor(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'portreeve-store-'));
  context.after(() => {
    rmSync(folder, { recursive: true });
  });
  return folder;
}

const makers: Record<string, (context: TestContext) => Promise<Store>> = {
  memory: async () => await Promise.resolve(new MemoryStore()),
  sqlite: async (context) => {
    const { store, problem } = value(await openStore(folderFor(context), 0));
    assert.equal(problem, undefined);
    context.after(() => {
      store.close();
    });
    return store;
  },
};

for (const [name, make] of Object.entries(makers)) {
  test(`${name} keeps bans with their evidence, and knows the newest of each target`, async (context) => {
    const store = await make(context);
    const first = ban('192.0.2.1', 0);
    const second = ban('192.0.2.1', 2000, { offences: 2, until: 9000 });
    const network = ban('2001:db8::/64', 100, { until: 5000, rule: 'neighbour', evidence: [] });
    value(store.save({ bans: [first, network] }));
    value(store.save({ bans: [second] }));
    value(store.save({}));
    assert.deepEqual(value(store.bansOf('192.0.2.1')), [first, second]);
    assert.deepEqual(value(store.bansOf('192.0.2.2')), []);
    const { evidence: _, ...shown } = second;
    assert.deepEqual(value(store.lastBans(6000)), [shown]);
    assert.equal(value(store.lastBans(500)).length, 2);
    assert.deepEqual(value(store.lastBans(9000)), []);
  });

  test(`${name} knows what is in force, and until when`, async (context) => {
    const store = await make(context);
    const inForce = (now: number): unknown[] => {
      const found: unknown[] = [];
      value(store.eachInForce(now, (...one) => void found.push(one)));
      return found.toSorted((one, other) => (String(one) < String(other) ? -1 : 1));
    };
    assert.deepEqual(inForce(0), []);
    const bans = [
      ban('192.0.2.1', 0, { until: 5000, rule: 'manual' }),
      ban('2001:db8::/64', 0, { until: 9000 }),
      ban('192.0.2.2', 0, { until: 9000 }),
    ];
    value(store.save({ bans }));
    value(store.endBans('192.0.2.2', 10));
    const network = ['2001:db8::/64', 9000, bans[1]?.rule];
    assert.deepEqual(inForce(10), [['192.0.2.1', 5000, 'manual'], network]);
    assert.deepEqual(inForce(5000), [network]);
  });

  test(`${name} lists bans, what they cost, and incidents`, async (context) => {
    const store = await make(context);
    const one = ban('192.0.2.1', 0, { mailBefore: 3 });
    const other = ban('2001:db8::/64', 500, { rule: 'manual', reason: '100% spam_' });
    value(store.save({ bans: [one, other] }));
    value(store.save({ harm: [{ target: '192.0.2.1', began: 0, attempts: 7, mailLost: 1 }] }));
    value(store.save({ harm: [{ target: '192.0.2.1', began: 1, attempts: 9, mailLost: 9 }] }));
    const ask = (more: object) =>
      value(store.bans({ from: 0, to: 10_000, limit: 9, ...more })).map(({ target }) => target);
    assert.deepEqual(ask({}), ['2001:db8::/64', '192.0.2.1'], 'the newest first');
    assert.deepEqual(ask({ limit: 1 }), ['2001:db8::/64']);
    assert.deepEqual(ask({ from: 1200 }), ['2001:db8::/64']);
    assert.deepEqual(ask({ to: 500 }), ['192.0.2.1']);
    assert.deepEqual(ask({ rule: 'relay' }), ['192.0.2.1']);
    assert.deepEqual(ask({ search: '0% SPAM_' }), ['2001:db8::/64']);
    assert.deepEqual(ask({ search: '_' }), ['2001:db8::/64'], 'no pattern');
    const [, listed] = value(store.bans({ from: 0, to: 10_000, limit: 9 }));
    assert.deepEqual([listed?.mailBefore, listed?.attempts, listed?.mailLost], [3, 7, 1]);
    value(store.endBans('2001:db8::/64', 600));
    assert.deepEqual(ask({ from: 700 }), ['192.0.2.1'], 'lifted before');
    value(store.save({ incidents: [{ began: 10, ended: 20, summary: '{}' }] }));
    value(store.save({ incidents: [{ began: 10, ended: 40, summary: '{"a":1}' }] }));
    assert.deepEqual(value(store.incidents(30, 50)), [{ began: 10, ended: 40, summary: '{"a":1}' }]);
    assert.deepEqual(value(store.incidents(41, 50)), []);
  });

  test(`${name} ends the bans in force of a target`, async (context) => {
    const store = await make(context);
    value(store.save({ bans: [ban('192.0.2.1', 0), ban('192.0.2.1', 5000), ban('192.0.2.2', 5000)] }));
    assert.equal(value(store.endBans('192.0.2.1', 5500)), 1);
    assert.equal(value(store.endBans('192.0.2.1', 5600)), 0);
    assert.equal(value(store.endBans('192.0.2.2', 6000)), 0, 'it was over');
    assert.deepEqual(
      value(store.bansOf('192.0.2.1')).map(({ ended }) => ended),
      [undefined, 5500],
    );
    assert.equal(value(store.lastBans(0)).find(({ target }) => target === '192.0.2.1')?.ended, 5500);
  });

  test(`${name} finds bans in force, the newest first`, async (context) => {
    const store = await make(context);
    const bans = [1, 2, 3, 4, 5].map((host) => ban(`192.0.2.${host}`, host, { until: 1000 * host }));
    value(store.save({ bans: [...bans, ban('2001:db8::1', 9, { until: 9000, rule: 'harvest' })] }));
    value(store.endBans('192.0.2.5', 10));
    const found = (search: string, limit: number): [readonly string[], number] => {
      const { bans: shown, total } = value(store.bansInForce(2000, { search, limit }));
      return [shown.map(({ target }) => target), total];
    };
    assert.deepEqual(found('', 10), [['2001:db8::1', '192.0.2.4', '192.0.2.3'], 3]);
    assert.deepEqual(found('', 1), [['2001:db8::1'], 3]);
    assert.deepEqual(found('192.0', 10), [['192.0.2.4', '192.0.2.3'], 2]);
    assert.deepEqual(found('harv', 10), [['2001:db8::1'], 1]);
    assert.deepEqual(found("' OR 1=1 --", 10), [[], 0]);
  });

  test(`${name} sums its counters up in spans of minutes`, async (context) => {
    const store = await make(context);
    const counts = [9, 10, 11, 12, 15, 16].map((minute) => ({ minute, name: 'relay', count: minute }));
    value(store.save({ counts: [...counts, { minute: 15, name: 'flood', count: 1 }] }));
    assert.deepEqual(Object.fromEntries(value(store.series(10, 2, 3))), {
      flood: [0, 0, 1],
      relay: [21, 12, 15],
    });
    const hours = [59, 60, 119, 120, 300].map((minute) => ({ minute, name: 'hour', count: 1 }));
    value(store.save({ counts: hours }));
    value(store.save({ counts: hours }));
    const summed = (from: number, step: number, places: number): unknown =>
      value(store.series(from, step, places)).get('hour');
    assert.deepEqual(summed(60, 60, 3), [4, 2, 0], 'whole hours');
    assert.deepEqual(summed(0, 120, 2), [6, 2]);
    assert.deepEqual(summed(60, 30, 6), [2, 2, 2, 0, 0, 0], 'parts of hours');
    assert.deepEqual(summed(30, 60, 2), [4, 4], 'hours that begin within one');
    value(store.prune({ days: 30, bytes: 1e9, memory: day }, 30 * day + 4 * 3_600_000));
    assert.deepEqual(summed(0, 60, 6), [0, 0, 0, 0, 0, 2], 'what is forgotten is forgotten by the hour too');
  });

  test(`${name} keeps trust and log positions, the newest of each`, async (context) => {
    const store = await make(context);
    const trust = (address: string, credit: number, at: number) => ({
      address,
      credit,
      at,
      messages: 3,
      logins: 1,
    });
    value(store.save({ trust: [trust('192.0.2.1', 1.5, 10), trust('192.0.2.2', 2, 5)] }));
    value(store.save({ trust: [trust('192.0.2.1', 2.25, 20)] }));
    assert.deepEqual(value(store.trust()), [trust('192.0.2.2', 2, 5), trust('192.0.2.1', 2.25, 20)]);
    assert.deepEqual(value(store.trustOf('192.0.2.1')), trust('192.0.2.1', 2.25, 20));
    assert.equal(value(store.trustOf('192.0.2.9')), undefined);
    assert.equal(value(store.position('/var/log/x')), undefined);
    for (const place of ['one', 'another']) {
      value(store.save({ position: { path: '/var/log/x', place } }));
      assert.equal(value(store.position('/var/log/x')), place);
    }
  });

  test(`${name} keeps what is in mind, the oldest first, until it is old or let go`, async (context) => {
    const store = await make(context);
    const memory = (key: string, at: number, state: string | undefined) => ({
      kind: 'tally',
      key,
      at,
      state,
    });
    const kept = (since = 0): string[] => {
      const found: string[] = [];
      value(store.eachMemory('tally', since, ({ key, at, state }) => found.push(`${key} ${at} ${state}`)));
      return found;
    };
    value(
      store.save({ memory: [memory('a', 20.5, 'one'), memory('b', 10, 'two'), memory('c', 30, 'three')] }),
    );
    value(store.save({ memory: [{ ...memory('a', 5, 'other'), kind: 'login' }, memory('a', 40, 'four')] }));
    value(store.save({ memory: [memory('c', 0, undefined), memory('never there', 0, undefined)] }));
    assert.deepEqual(kept(), ['b 10 two', 'a 40 four']);
    assert.deepEqual(kept(10), ['a 40 four']);
    value(store.prune({ days: 30, bytes: 1e9, memory: 50 }, 70));
    assert.deepEqual(kept(), ['a 40 four']);
  });

  test(`${name} adds counters up by minute and name`, async (context) => {
    const store = await make(context);
    const counts = [
      { minute: 7, name: 'relay', count: 2 },
      { minute: 7, name: 'flood', count: 1 },
      { minute: 8, name: 'relay', count: 5 },
    ];
    value(store.save({ counts }));
    value(store.save({ counts: [{ minute: 7, name: 'relay', count: 3 }] }));
    assert.deepEqual(value(store.counts(7, 8)), [
      { minute: 7, name: 'flood', count: 1 },
      { minute: 7, name: 'relay', count: 5 },
    ]);
    assert.equal(value(store.counts(0, 100)).length, 3);
  });

  test(`${name} forgets by days, but no ban in force`, async (context) => {
    const store = await make(context);
    const now = 100 * day;
    value(
      store.save({
        bans: [
          ban('old', 0),
          ban('lasting', 0, { until: now + 1 }),
          ban('new', now - day),
          ban('freed', 0, { until: now + day, ended: day }),
        ],
        trust: [
          { address: 'old', credit: 1, at: day, messages: 1, logins: 0 },
          { address: 'new', credit: 1, at: now, messages: 1, logins: 0 },
        ],
        counts: [
          { minute: 5, name: 'old', count: 1 },
          { minute: now / 60_000, name: 'new', count: 1 },
        ],
      }),
    );
    value(store.prune({ days: 30, bytes: 1e9, memory: day }, now));
    assert.deepEqual(
      value(store.lastBans(0)).map(({ target }) => target),
      ['lasting', 'new'],
    );
    assert.deepEqual(
      value(store.trust()).map(({ address }) => address),
      ['new'],
    );
    assert.deepEqual(
      value(store.counts(0, 1e9)).map(({ name: counter }) => counter),
      ['new'],
    );
  });

  test(`${name} forgets by bytes, the oldest first, but no ban in force`, async (context) => {
    const store = await make(context);
    const evidence = Array.from({ length: 5 }, () => 'x'.repeat(500));
    const bans = Array.from({ length: 3000 }, (_, place) => ban(`ban ${place}`, place, { evidence }));
    value(store.save({ bans: [ban('in force', 0, { until: 2 * day, evidence }), ...bans] }));
    value(store.prune({ days: 30, bytes: 2_000_000, memory: day }, day));
    const left = value(store.lastBans(0)).map(({ target }) => target);
    assert.ok(left.includes('in force') && left.includes('ban 2999') && !left.includes('ban 0'));
    assert.ok(left.length < 1000 && left.length > 100, String(left.length));
  });
}

test('sqlite forgets by bytes what is in mind too, but no key', async (context) => {
  const { store } = value(await openStore(folderFor(context), 0));
  const state = 'x'.repeat(200);
  const memory = Array.from({ length: 20_000 }, (_, at) => ({
    kind: 'tally',
    key: `k${at}`,
    at: day + at,
    state,
  }));
  value(store.save({ memory: [{ kind: 'key', key: 'tally', at: 1e15, state: 'secret' }, ...memory] }));
  value(store.prune({ days: 30, bytes: 2_000_000, memory: day }, day));
  const left: string[] = [];
  value(store.eachMemory('tally', 0, ({ key }) => left.push(key)));
  assert.ok(left.length > 1000 && left.length < 10_000 && left.at(-1) === 'k19999', String(left.length));
  const keys: string[] = [];
  value(store.eachMemory('key', 0, ({ state: key }) => keys.push(key)));
  assert.deepEqual(keys, ['secret']);
  store.close();
});

test('sqlite gives the room of what it forgets back to the disk', async (context) => {
  const folder = folderFor(context);
  const { store } = value(await openStore(folder, 0));
  const size = (): number =>
    statSync(join(folder, 'portreeve.db')).size + statSync(join(folder, 'portreeve.db-wal')).size;
  const evidence = Array.from({ length: 10 }, () => 'x'.repeat(1000));
  value(
    store.save({
      bans: Array.from({ length: 1000 }, (_, place) => ban(`ban ${place}`, place, { evidence })),
    }),
  );
  assert.ok(size() > 8_000_000);
  value(store.prune({ days: 30, bytes: 1_000_000, memory: day }, day));
  assert.ok(size() < 1_100_000, String(size()));
  store.close();
  assert.equal(statSync(join(folder, 'portreeve.db')).mode & 0o777, 0o600);
});
