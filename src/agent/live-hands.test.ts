import assert from 'node:assert/strict';
import { ClearPeers } from '../tls/clear-peers.ts';
import { test } from 'node:test';
import type { Address } from '../base/address.ts';
import { type Duration } from '../base/duration.ts';
import { networkOf, parseNetwork } from '../base/network.ts';
import type { Result } from '../base/result.ts';
import { logContext } from '../exim/log-context.ts';
import { parseLogLine } from '../exim/log-line.ts';
import { Allowlist } from '../guard/allowlist.ts';
import { assembleGuard, guardRules } from '../guard/assemble-guard.ts';
import { NullFirewall } from '../guard/firewall/null.ts';
import type { GuardRecord } from '../guard/record.ts';
import { defaultSettings } from '../guard/settings.ts';
import type { Clock } from '../host/clock.ts';
import { MemoryStore } from '../store/memory-store.ts';
import { obeyLine } from './control-command.ts';
import { Enforcer } from './enforcer.ts';
import { Gates } from './gates.ts';
import { GuardJournal } from './guard-journal.ts';
import { JailReleases } from './jail-releases.ts';
import { LiveHands } from './live-hands.ts';
import { restoreGuard } from './restore-guard.ts';
import { StoreHands } from './store-hands.ts';

const hour = 3_600_000 as Duration;
const own = '192.0.2.25' as Address;

class Hands implements Clock {
  at = 1_000_000_000_000;
  now(): number {
    return this.at;
  }
  async sleep(): Promise<void> {
    await Promise.resolve();
  }
}

function setUp() {
  const clock = new Hands();
  const store = new MemoryStore();
  const guard = assembleGuard(defaultSettings, new Allowlist([own]), 1000);
  const firewall = new NullFirewall(clock);
  const enforcer = new Enforcer({
    firewall,
    clock,
    signal: new AbortController().signal,
    onProblem: (problem) => assert.fail(problem.message),
  });
  const told: GuardRecord[] = [];
  const tell = (record: GuardRecord): void => {
    told.push(record);
    journal.note(record);
  };
  const journal = new GuardJournal({ store, guard, peers: new ClearPeers(), clock, tell });
  const flush = (): void => {
    journal.save();
  };
  const released: string[] = [];
  const releases = new JailReleases();
  releases.add((targets) => released.push(...targets.map(({ text }) => text)));
  const hands = new LiveHands({ guard, gates: new Gates(enforcer), store, flush, tell, clock, releases });
  const inForce = (): string[] => enforcer.inForce().map(({ target }) => target.text);
  return { clock, store, guard, hands, told, tell, inForce, released };
}

const request = { bantime: hour, reason: 'because', force: false, by: 'ann' };

function value<T>(result: Result<T>): T {
  assert.ok(result.ok, result.ok ? '' : result.problem.message);
  return result.value;
}

test('LiveHands bans addresses and networks, spares the allowlist, and takes bans back', () => {
  const { clock, guard, hands, told, inForce } = setUp();
  const targets = ['198.18.0.1', '::ffff:198.18.0.2', '198.18.0.1/32', '2001:db8::1/64', own];
  const answer = value(hands.ban({ ...request, targets }));
  assert.deepEqual(
    answer.banned.map(({ target }) => target),
    ['198.18.0.1', '198.18.0.2', '2001:db8::/64'],
    'each once, an IPv4-mapped one as what it is',
  );
  assert.deepEqual(answer.refused, [own]);
  assert.deepEqual(inForce(), ['198.18.0.1', '198.18.0.2', '2001:db8::/64']);
  assert.equal(told.length, 3);
  assert.ok(guard.ledger.find('2001:db8::77' as Address, clock.at) !== undefined);
  const listed = value(hands.bans({ limit: 10 }));
  assert.equal(listed.length, 3);
  assert.ok(
    listed.every(
      ({ rule, reason, until, inForce: is }) =>
        rule === 'manual' && reason === 'because' && is && until === clock.at + hour,
    ),
  );
  assert.equal(value(hands.bans({ limit: 2 })).length, 2);
  assert.deepEqual(
    value(hands.bans({ limit: 9, search: '2001' })).map(({ target }) => target),
    ['2001:db8::/64'],
  );
  assert.deepEqual(value(hands.bans({ limit: 9, rule: 'relay' })), []);
  const unbanned = value(hands.unban({ targets: ['198.18.0.1', '198.18.0.9'], by: 'ann' }));
  assert.deepEqual(unbanned, { unbanned: ['198.18.0.1'], unknown: ['198.18.0.9'] });
  assert.deepEqual(inForce(), ['198.18.0.2', '2001:db8::/64']);
  assert.equal(value(hands.bans({ limit: 9 })).length, 2);
  clock.at += hour;
  assert.deepEqual(value(hands.bans({ limit: 9 })), [], 'over');
  assert.equal(value(hands.bans({ limit: 9, from: 0 })).length, 3);
  assert.equal(value(hands.ban({ ...request, targets: [own], force: true })).banned.length, 1);
});

test('LiveHands never bans whom a person lets be, over a restart too, until that is taken back', () => {
  const { clock, store, guard, hands, inForce } = setUp();
  const targets = ['198.18.0.1', '198.18.1.0/24', '203.0.113.1'];
  value(hands.ban({ ...request, targets }));
  const by = 'ann';
  const answer = value(
    hands.allow({ targets: ['198.18.0.0/24', '198.18.1.7', '192.0.2.9'], reason: 'a customer', by }),
  );
  assert.deepEqual(
    answer,
    { allowed: ['198.18.0.0/24', '198.18.1.7', '192.0.2.9'], unbanned: ['198.18.0.1', '198.18.1.0/24'] },
    'whatever hits one of them is taken back',
  );
  assert.deepEqual(inForce(), ['203.0.113.1']);
  assert.deepEqual(value(hands.ban({ ...request, targets: ['198.18.0.77'] })).refused, ['198.18.0.77']);
  assert.equal(value(hands.allowed()).length, 3);
  assert.deepEqual(
    value(hands.allowed()).find(({ target }) => target === '192.0.2.9'),
    {
      target: '192.0.2.9',
      reason: 'a customer',
      by,
      at: clock.at,
    },
  );
  // Rules that are read again change nothing of it.
  guard.adopt(guardRules(defaultSettings, new Allowlist([own])));
  assert.ok(guard.isAllowed(networkOf('198.18.0.5' as Address, 128)));
  assert.ok(guard.isAllowed(networkOf(own, 128)));

  const again = assembleGuard(defaultSettings, new Allowlist([own]), 1000);
  value(restoreGuard(again, store, clock.at));
  assert.ok(again.isAllowed(networkOf('198.18.0.5' as Address, 128)));
  const kept = new StoreHands({ store, guard: again, clock });
  const removed = value(kept.disallow({ targets: ['198.18.0.0/24', '198.18.9.9'], by }));
  assert.deepEqual([removed.removed, removed.unknown], [['198.18.0.0/24'], ['198.18.9.9']]);
  assert.ok(!again.isAllowed(networkOf('198.18.0.5' as Address, 128)));
  assert.equal(value(kept.allowed()).length, 2);
  assert.deepEqual(value(kept.allow({ targets: ['203.0.113.1'], reason: 'r', by })).unbanned, [
    '203.0.113.1',
  ]);
  assert.ok(!hands.allow({ targets: ['mail.example'], reason: 'r', by }).ok);
});

test('LiveHands says what is wrong, and does nothing then', () => {
  const { hands, inForce } = setUp();
  for (const [targets, message] of [
    [[], /there are none/],
    [['mail.example'], /needs an address or a network: it is neither: "mail\.example"$/],
    [['198.18.0.1', '10.1'], /"10\.1" \(number 2\), and nothing is done/],
    [['198.18.0.1/33'], /it is neither/],
    [['0x7f.1'], /it is neither/],
    [['fe80::1%eth0'], /it is neither/],
    [['::ffff:198.18.0.1/64'], /it is neither/],
  ] as const) {
    const refused = hands.ban({ ...request, targets });
    assert.ok(!refused.ok);
    assert.equal(refused.problem.kind, 'usage');
    assert.match(refused.problem.message, message);
  }
  assert.deepEqual(value(hands.ban({ ...request, targets: ['0.0.0.0/0', '192.0.2.0/24'] })).banned, []);
  assert.deepEqual(inForce(), []);
  for (const text of ['198.18.0.0/16', 'nobody', '']) {
    const refused = hands.explain(text);
    assert.ok(!refused.ok && refused.problem.kind === 'usage');
  }
});

test('LiveHands.explain() tells sightings, score, trust, bans and their harm', () => {
  const { clock, guard, hands } = setUp();
  const context = logContext({ timeZone: 'UTC' });
  const peer = '198.18.0.7' as Address;
  const take = (text: string): void => {
    const line = `2001-09-09 01:46:40 ${text}`;
    guard.take(parseLogLine(line, context), line, clock.at);
  };
  assert.match(value(hands.explain(peer)).says.join(' '), /not banned: nothing is held against it/);
  for (let count = 0; count < 4; count += 1)
    take(`1xVPxv-00005n-1U <= a@b.example H=(b) [${peer}] P=esmtp S=4`);
  const relay = `H=(x) [${peer}] F=<a@b.example> rejected RCPT <a@c.test>: relay not permitted`;
  take(relay);
  const before = value(hands.explain('::ffff:198.18.0.7'));
  assert.equal(before.address, peer);
  assert.ok(before.known && before.reserved && !before.allowed);
  assert.equal(before.sightings.length, 1);
  assert.deepEqual([before.sightings[0]?.kind, before.sightings[0]?.score], ['relay', 20]);
  assert.match(before.says.join(' '), /not banned: relay 1 of 6\.5 in 10m, score 20 of/);
  assert.match(before.says.join(' '), /4 messages accepted/);
  value(hands.ban({ ...request, targets: ['198.18.0.0/24'] }));
  take(relay);
  take(`1xVPxv-00005n-1U <= a@b.example H=(b) [${peer}] P=esmtp S=4`);
  const after = value(hands.explain(peer));
  assert.deepEqual(
    after.bans.map(({ target, attempts, mailLost, inForce }) => [target, attempts, mailLost, inForce]),
    [['198.18.0.0/24', 1, 1, true]],
  );
  assert.match(after.says.join(' '), /198\.18\.0\.0\/24 is banned for 1h more: manual \(because\)/);
  assert.match(value(hands.explain(own)).says.join(' '), /on the allowlist: it is never banned/);
});

test('LiveHands.explain() says that a known sender cannot log in, and why its mail comes in', () => {
  const { clock, guard, hands, tell } = setUp();
  const context = logContext({ timeZone: 'UTC' });
  const peer = '198.18.0.7' as Address;
  const take = (text: string): void => {
    const line = `2001-09-09 01:46:40 ${text}`;
    const { verdict } = guard.take(parseLogLine(line, context), line, clock.at);
    if (verdict === undefined) return;
    const { bantime, ...rest } = verdict;
    tell({ type: 'ban', at: clock.at, seconds: bantime / 1000, mailBefore: 4, ...rest });
  };
  for (let count = 0; count < 4; count += 1)
    take(`1xVPxv-00005n-1U <= a@b.example H=(b) [${peer}] P=esmtp S=4`);
  for (let login = 0; login < 12; login += 1)
    take(
      `plain authenticator failed for (x) [${peer}]: 535 Incorrect authentication data (set_id=u${login})`,
    );
  const during = value(hands.explain(peer));
  assert.deepEqual(
    during.bans.map(({ rule, inForce }) => [rule, inForce]),
    [['logins', true]],
  );
  assert.match(
    during.says.join(' '),
    /cannot log in for 30s more: it guessed passwords .* all ports but 25 are/,
  );
  assert.match(during.says.join(' '), /Its mail is let in on port 25: it is a known sender, .*\(NAT\)/);
  clock.at += 60_000;
  const after = value(hands.explain(peer)).says.join(' ');
  assert.match(
    after,
    /guessed passwords before: for that it could not log in once, until 30s ago, while its mail/,
  );
});

test('obeyLine() refuses what is no command', () => {
  const { hands } = setUp();
  for (const line of [
    '',
    'ban 198.18.0.1',
    '{"do":"stop"}',
    '{"do":"ban","targets":["198.18.0.1"]}',
    '{"do":"ban","targets":["198.18.0.1"],"bantime":0,"reason":"","force":false,"by":""}',
    '{"do":"explain","address":"198.18.0.1","more":1}',
    '{"do":"bans","limit":0}',
    `{"do":"explain","address":"${'1'.repeat(100)}"}`,
  ]) {
    const refused = obeyLine(line, hands);
    assert.ok(!refused.ok, line);
    assert.equal(refused.problem.kind, 'usage');
  }
  assert.ok(obeyLine('{"do":"bans","limit":5}', hands).ok);
});

test('StoreHands works on what an agent has kept', () => {
  const { clock, store, hands, guard } = setUp();
  value(hands.ban({ ...request, targets: ['198.18.0.1', '198.18.0.2'] }));
  value(hands.bans({ limit: 1 }));
  const kept = new StoreHands({ store, guard, clock });
  assert.equal(value(kept.bans({ limit: 9 })).length, 2);
  assert.match(value(kept.ban({ ...request, targets: ['198.18.0.3'] })).note ?? '', /no agent runs/);
  assert.deepEqual(value(kept.unban({ targets: ['198.18.0.1', '198.18.9.9'], by: 'ann' })).unknown, [
    '198.18.9.9',
  ]);
  assert.deepEqual(
    value(kept.bans({ limit: 9 })).map(({ target }) => target),
    ['198.18.0.3', '198.18.0.2'],
  );
  assert.equal(value(kept.explain('198.18.0.2')).bans.length, 1);
  assert.ok(parseNetwork('198.18.0.2') !== undefined);
});

test('LiveHands tells jails whom a person lets go', () => {
  const { hands, store, told, released, clock } = setUp();
  const target = '198.18.0.9';
  const until = clock.at + hour;
  const ban = {
    target,
    began: clock.at,
    until,
    rule: 'jail exim-dos',
    reason: '',
    offences: 1,
    evidence: [],
  };
  value(store.save({ bans: [{ ...ban, mailBefore: 0, attempts: 0, mailLost: 0 }] }));
  assert.deepEqual(value(hands.unban({ targets: [target], by: 'ann' })).unbanned, [target]);
  assert.deepEqual(released, [target]);
  assert.equal(told.at(-1)?.type, 'unban');
});
