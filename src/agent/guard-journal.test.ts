import assert from 'node:assert/strict';
import { ClearPeers } from '../tls/clear-peers.ts';
import { test } from 'node:test';
import type { Address } from '../base/address.ts';
import { networkOf } from '../base/network.ts';
import { fail, ok, type Result } from '../base/result.ts';
import { logContext } from '../exim/log-context.ts';
import { parseLogLine } from '../exim/log-line.ts';
import { Allowlist } from '../guard/allowlist.ts';
import { assembleGuard } from '../guard/assemble-guard.ts';
import { NullFirewall } from '../guard/firewall/null.ts';
import type { Guard } from '../guard/guard.ts';
import type { GuardRecord } from '../guard/record.ts';
import { defaultSettings } from '../guard/settings.ts';
import type { Clock } from '../host/clock.ts';
import { MemoryStore } from '../store/memory-store.ts';
import { Enforcer } from './enforcer.ts';
import { Gates } from './gates.ts';
import { GuardJournal } from './guard-journal.ts';
import { readJailBans } from './jail-bans.ts';
import { restoreBans } from './restore-bans.ts';

const hour = 3_600_000;
const bot = '198.18.0.11' as Address;
const own = '192.0.2.25' as Address;
const allowed = '192.0.2.26' as Address;

class Hands implements Clock {
  at = 1_800_000_000_000;
  now(): number {
    return this.at;
  }
  async sleep(): Promise<void> {
    await Promise.resolve();
  }
}

function setUp(store: MemoryStore, clock: Hands) {
  const guard = assembleGuard(defaultSettings, new Allowlist([own, allowed]), 100);
  const told: GuardRecord[] = [];
  const journal = new GuardJournal({
    store,
    guard,
    peers: new ClearPeers(),
    clock,
    tell: (record) => told.push(record),
  });
  const firewall = new NullFirewall(clock);
  const signal = new AbortController().signal;
  const enforcer = new Enforcer({ firewall, clock, signal, onProblem: () => undefined });
  return { guard, journal, told, firewall, enforcer, clock };
}

/** As the agent does. */
async function restore(
  store: MemoryStore,
  { journal, enforcer, guard, clock }: Omit<ReturnType<typeof setUp>, 'firewall' | 'told'>,
): Promise<Result<number>> {
  const bans = await restoreBans(
    store,
    Promise.resolve({ gates: new Gates(enforcer), isAllowed: (one) => guard.isAllowed(one) }),
    clock.at,
  );
  assert.deepEqual(journal.restore(enforcer), ok());
  await enforcer.settled();
  return bans;
}

function ban(guard: Guard, journal: GuardJournal, address: Address, now: number): number {
  for (let place = 0; place < 20; place += 1) {
    const verdict = guard.see({ kind: 'relay', address, line: `line ${place}` }, now);
    if (verdict === undefined) continue;
    const { bantime, ...rest } = verdict;
    journal.note({ type: 'ban', at: now, mailBefore: 0, seconds: bantime / 1000, ...rest });
    return bantime;
  }
  throw new Error('no verdict');
}

test('GuardJournal keeps bans, trust and counts over a restart', async () => {
  const store = new MemoryStore();
  const clock = new Hands();
  const before = setUp(store, clock);
  const mail = '2026-11-23 09:00:00 1xVPxv-00005n-1U <= a@b.example H=(b) [198.19.0.1] P=esmtp S=1';
  before.guard.hear(parseLogLine(mail, logContext()), clock.at);
  const length = ban(before.guard, before.journal, bot, clock.at);
  for (const host of [1, 2, 3]) ban(before.guard, before.journal, `2001:db8::${host}` as Address, clock.at);
  before.journal.close();

  clock.at += length / 2;
  const after = setUp(store, clock);
  assert.deepEqual(await restore(store, after), { ok: true, value: 5 });
  const listed = await after.firewall.list();
  assert.ok(listed.ok);
  assert.deepEqual(listed.value.find(({ target }) => target.text === bot)?.bantime, length / 2);
  assert.equal(after.guard.see({ kind: 'relay', address: bot, line: '' }, clock.at), undefined);
  assert.equal(after.guard.ledger.find('2001:db8::9' as Address, clock.at)?.target, '2001:db8::/64');
  assert.ok(after.guard.trust.credit('198.19.0.1' as Address, clock.at) > 0.9);
  const counts = store.counts(0, Number.MAX_SAFE_INTEGER);
  assert.deepEqual(counts.ok && counts.value.map(({ name, count }) => [name, count]), [['ban relay', 4]]);
  clock.at += length;
  assert.equal(ban(after.guard, after.journal, bot, clock.at), length * 2, 'the second ban is longer');
});

test('GuardJournal restores no ban that is over, taken back, there already, or of its own', async () => {
  const store = new MemoryStore();
  const clock = new Hands();
  const row = (target: string, more = {}) => ({
    target,
    began: clock.at - hour,
    until: clock.at + hour,
    rule: 'relay',
    reason: '',
    offences: 1,
    evidence: [],
    mailBefore: 0,
    attempts: 0,
    mailLost: 0,
    ...more,
  });
  const bans = [
    row('198.18.0.1', { until: clock.at - 1 }),
    row('198.18.0.2', { ended: clock.at - 5 }),
    row(bot),
    row(own),
    row('198.18.0.3'),
    row(allowed, { rule: 'manual' }),
  ];
  store.save({ bans });
  const { firewall, guard, ...after } = setUp(store, clock);
  const there = [bot, '198.18.0.2' as Address].map((one) => ({
    target: networkOf(one, 128),
    bantime: hour as never,
  }));
  await firewall.ban(there);
  assert.deepEqual(await restore(store, { ...after, guard }), { ok: true, value: 2 });
  const listed = await firewall.list();
  assert.deepEqual(
    listed.ok && listed.value.map(({ target }) => target.text),
    [bot, '198.18.0.3', allowed],
    'a ban by hand holds for whom the allowlist spares',
  );
  assert.equal(guard.offences('198.18.0.1', clock.at), 1, 'an old offence is remembered');
});

test('GuardJournal tells once of a store that fails, and saves all of it later', async () => {
  class Full extends MemoryStore {
    full = true;
    override save(batch: Parameters<MemoryStore['save']>[0]): ReturnType<MemoryStore['save']> {
      return this.full ? fail('unavailable', 'cannot save: no space') : super.save(batch);
    }
  }
  const store = new Full();
  const clock = new Hands();
  const { guard, journal, told } = setUp(store, clock);
  const stop = new AbortController();
  ban(guard, journal, bot, clock.at);
  let sleeps = 0;
  clock.sleep = async () => {
    sleeps += 1;
    if (sleeps === 3) store.full = false;
    if (sleeps === 5) stop.abort();
    await Promise.resolve();
  };
  await journal.run(stop.signal);
  assert.deepEqual(
    told.map(({ type }) => type),
    ['problem'],
  );
  const kept = store.bansOf(bot);
  assert.ok(kept.ok && kept.value.length === 1);
});

test('bans of jails are kept, and come back to their jails alone', async () => {
  const store = new MemoryStore();
  const clock = new Hands();
  const before = setUp(store, clock);
  const record = { type: 'jail-ban', at: clock.at, evidence: ['a line'], seconds: 3600 } as const;
  before.journal.note({ ...record, jail: 'exim-dos', address: bot, offences: 3 });
  before.journal.note({ ...record, jail: 'sshd', address: '198.18.0.12', seconds: 1, offences: 1 });
  before.journal.close();
  clock.at += 2000;

  const after = setUp(store, clock);
  assert.deepEqual(await restore(store, after), ok(0), 'none of them is the guard’s');
  assert.equal(after.guard.offences(bot, clock.at), 0);
  const jails = readJailBans(store, clock.at);
  assert.ok(jails.ok);
  const [dos, sshd] = [jails.value.get('exim-dos'), jails.value.get('sshd')];
  assert.deepEqual([...(dos?.earlier ?? [])], [[bot, 3]]);
  assert.deepEqual(
    dos?.inForce.map(({ target, until }) => [target.text, until]),
    [[bot, record.at + hour]],
  );
  assert.deepEqual([[...(sshd?.earlier ?? [])], sshd?.inForce], [[['198.18.0.12', 1]], []]);
});
