import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { Address } from '../base/address.ts';
import type { Duration } from '../base/duration.ts';
import { covers, type Network, parseNetwork } from '../base/network.ts';
import { addressWords } from '../base/address-words.ts';
import { logContext } from '../exim/log-context.ts';
import { parseLogLine } from '../exim/log-line.ts';
import { Allowlist } from './allowlist.ts';
import { Guard } from './guard.ts';
import { assembleGuard } from './assemble-guard.ts';
import { defaultRules } from './rule.ts';
import { defaultSettings } from './settings.ts';
import type { Sighting } from './sighting.ts';
import { sightingKinds } from './sighting-kind.ts';
import type { MailSocket } from './mail-socket.ts';
import { Tally } from './tally.ts';
import type { Verdict } from './verdict.ts';

const bot = '198.18.0.11' as Address;
const sender = '198.19.0.11' as Address;
const own = '192.0.2.25' as Address;

const guard = (): Guard => new Guard(new Tally(defaultRules), new Allowlist([own]));
const turnedAway = (address: Address): Sighting => ({ kind: 'turned-away', address, line: 'refused' });
const holder = (peer: Address): MailSocket => ({
  peer,
  peerPort: 1,
  localPort: 25,
  bytesReceived: 0,
  bytesSent: 73,
  lastReceivedMs: 9000,
  lastSentMs: 9000,
});

test('Guard.judge() bans nobody while Exim turns nobody away', () => {
  assert.deepEqual(guard().judge([holder(bot)], 0), { verdicts: [], endings: [] });
});

test('Guard.judge() finds the slot holder, not the sender that was turned away', () => {
  const judge = guard();
  assert.equal(judge.see(turnedAway(sender), 1000), undefined);
  assert.deepEqual(
    judge.judge([holder(bot)], 1100).verdicts.map(({ address }) => address),
    [bot],
  );
  assert.deepEqual(judge.judge([holder(bot)], 1200).verdicts, [], 'judged once');
  assert.equal(judge.isUnderAttack(1200), true);
  assert.equal(judge.isUnderAttack(60_000), false);
});

test('Guard.take() keeps strangers away for a moment where a crowd is turned away', () => {
  const friend = '198.19.0.12' as Address;
  const friend6 = '2001:db8:1::25' as Address;
  const judge = new Guard(new Tally(defaultRules), new Allowlist([own, '2001:db8:2::25' as Address]));
  const context = logContext();
  const refused = (address: string, now: number) => {
    const line = `2026-11-25 09:00:00 Connection from [${address}] refused: too many connections`;
    return judge.take(parseLogLine(line, context), line, now).backoff?.target.text;
  };
  for (const known of [friend, friend6])
    judge.trust.restore(known, { credit: 1, at: 0, messages: 1, logins: 0 });
  for (let last = 1; last < 10; last += 1) assert.equal(refused(`198.18.1.${last}`, 1000), undefined);
  assert.equal(refused('198.18.1.10', 1000), '198.18.1.10', 'the tenth makes a crowd');
  assert.equal(refused('198.18.1.1', 1500), '198.18.1.1');
  assert.equal(refused('198.18.1.1', 2000), undefined, 'it is away already');
  assert.equal(refused('2001:db8:3::1', 2000), '2001:db8:3::/64', 'one customer has all of a /64');
  assert.equal(refused('2001:db8:3::2', 2000), undefined);
  assert.equal(refused(friend, 2000), undefined, 'one that has delivered mail may try as it likes');
  assert.equal(refused('2001:db8:1::666', 2000), undefined, 'its neighbour must not keep it away');
  assert.equal(refused('2001:db8:2::666', 2000), undefined, 'nor one of somebody on the allowlist');
  assert.equal(refused(own, 2000), undefined, 'and so may who is on the allowlist');
  assert.equal(refused('198.18.1.2', 60_000), undefined, 'the crowd has gone');
});

test('Guard.weigh() lengthens no wait by a call that Exim has not seen', () => {
  const judge = guard();
  const line = '2026-11-25 09:00:00 Connection from [198.18.1.1] refused: too many connections';
  const event = parseLogLine(line, logContext());
  for (let last = 2; last <= 11; last += 1) judge.weigh(turnedAway(`198.18.1.${last}` as Address), 1000);
  assert.equal(judge.take(event, line, 1000).backoff?.for, 2000);
  judge.weigh(turnedAway('198.18.1.1' as Address), 3000);
  assert.equal(judge.take(event, line, 3100).backoff?.for, 4000, 'Exim has turned it away twice');
});

test('Guard.judge() goes on for a while after a crowd was turned away, with more patience', () => {
  const silent = (peer: Address, milliseconds: number): MailSocket => ({
    ...holder(peer),
    lastSentMs: milliseconds,
  });
  const one = guard();
  one.see(turnedAway(sender), 0);
  assert.equal(one.watchesSlots(5000), false, 'nobody else waited');
  const crowded = guard();
  for (let host = 1; host <= 10; host += 1) crowded.see(turnedAway(`198.18.9.${host}` as Address), 0);
  const found = (judge: Guard, milliseconds: number, now: number): unknown[] =>
    judge.judge([silent(bot, milliseconds)], now).verdicts.map(({ address }) => address);
  assert.deepEqual(found(guard(), 9000, 0), []);
  assert.equal(crowded.isUnderAttack(10_000), false);
  assert.equal(crowded.watchesSlots(10_000), true);
  assert.deepEqual(found(crowded, 5500, 10_000), []);
  assert.deepEqual(found(crowded, 7500, 12_000), [bot]);
  assert.equal(crowded.watchesSlots(70_000), false);
});

test('Guard.judge() has less patience with a stranger while a crowd waits, not with whom it trusts', () => {
  const judge = guard();
  const mail = `2026-11-23 09:00:00 1xVPxv-00005n-1U <= a@b.example H=(b) [${sender}] P=esmtp S=472`;
  for (let count = 0; count < 5; count += 1)
    judge.take(parseLogLine(mail, logContext({ timeZone: 'UTC' })), mail, 0);
  for (let host = 1; host <= 10; host += 1) judge.see(turnedAway(`198.18.9.${host}` as Address), 100);
  // Much has been said, and then nothing for 2.1 seconds.
  const stopped = (peer: Address): MailSocket => ({
    ...holder(peer),
    bytesReceived: 400,
    lastReceivedMs: 2150,
    lastSentMs: 2100,
  });
  const judged = judge.judge([stopped(bot), stopped(sender)], 200);
  assert.deepEqual(
    [...judged.verdicts, ...judged.endings].map(({ address }) => address),
    [bot],
  );
});

test('Guard.judge() judges again when the ban is over', () => {
  const judge = guard();
  judge.see(turnedAway(sender), 0);
  const [verdict] = judge.judge([holder(bot)], 0).verdicts;
  assert.ok(verdict !== undefined);
  judge.see(turnedAway(sender), verdict.bantime);
  assert.equal(judge.judge([holder(bot)], verdict.bantime).verdicts.length, 1);
});

test('Guard spares the allowlist and loopback, whatever they do', () => {
  const judge = guard();
  for (const address of [own, '127.0.0.1' as Address, '::1' as Address]) {
    for (let count = 0; count < 50; count += 1)
      assert.equal(judge.see(turnedAway(address), count), undefined);
    assert.deepEqual(judge.judge([holder(address)], 100).verdicts, []);
  }
});

const relay = (address: Address, place = 0): Sighting => ({ kind: 'relay', address, line: `line ${place}` });

function ban(judge: Guard, address: Address, now: number): Verdict {
  for (let place = 0; place < 20; place += 1) {
    const verdict = judge.see(relay(address, place), now);
    if (verdict !== undefined) return verdict;
  }
  throw new Error('no verdict');
}

test('Guard bans longer each time', () => {
  const judge = guard();
  const first = ban(judge, bot, 0);
  assert.equal(judge.see(relay(bot), 1000), undefined, 'not twice');
  const second = ban(judge, bot, first.bantime);
  assert.equal(second.bantime, first.bantime * 2);
});

test('Guard is more patient with whom it trusts, and bans for less; but it bans', () => {
  const stranger = guard();
  const friend = guard();
  const context = logContext({ timeZone: 'UTC' });
  const mail = `2026-11-23 09:00:00 1xVPxv-00005n-1U <= a@b.example H=(b) [${sender}] P=esmtp S=472`;
  for (let count = 0; count < 50; count += 1) friend.hear(parseLogLine(mail, context), 0);
  const tries = (judge: Guard): number => {
    for (let count = 1; ; count += 1) if (judge.see(relay(sender), 0) !== undefined) return count;
  };
  assert.equal(tries(stranger), 3);
  assert.equal(tries(friend), 9);
  const verdict = ban(friend, sender, 86_400_000);
  assert.ok(verdict.trust !== undefined && verdict.trust.credit > 40);
  assert.match(verdict.trust.reasons.join(', '), /50 messages accepted, the last 24\.0 h ago/);
  assert.ok(verdict.bantime < ban(stranger, sender, 86_400_000).bantime);
});

test('Guard bans the network of which several were banned, unless it trusts somebody in it', () => {
  const peer = (host: number): Address => `2001:db8::${host}` as Address;
  const judge = guard();
  const verdicts = [1, 2, 3].map((host) => ban(judge, peer(host), 0));
  assert.deepEqual(
    verdicts.map(({ network }) => network),
    [undefined, undefined, '2001:db8::/64'],
  );
  const bantime = verdicts[2]?.bantime ?? 0;
  for (let count = 0; count < 10; count += 1) assert.equal(judge.see(relay(peer(5)), 1000), undefined);
  assert.ok(judge.see(relay('2001:db8:0:1::5' as Address), 1000) === undefined);
  assert.equal(ban(judge, peer(6), bantime + 1).address, peer(6), 'judged again when it is over');

  const other = guard();
  const mail = `2026-11-23 09:00:00 1xVPxv-00005n-1U <= a@b.example H=(b) [${peer(9)}] P=esmtp S=472`;
  for (let count = 0; count < 2; count += 1)
    other.hear(parseLogLine(mail, logContext({ timeZone: 'UTC' })), 0);
  assert.deepEqual(
    [1, 2, 3, 4].map((host) => ban(other, peer(host), 0).network),
    [undefined, undefined, undefined, undefined],
  );
});

test('Guard bans a network as long as it tells, and so does a guard that was told', () => {
  const peer = (host: number): Address => `2001:db8::${host}` as Address;
  const settings = defaultSettings.with(['guard.relay.bantime=1m']);
  assert.ok(settings.ok);
  const judge = assembleGuard(settings.value, new Allowlist([own]), 100);
  const verdicts = [1, 2, 3].map((host) => ban(judge, peer(host), 0));
  const over = verdicts[2]?.bantime ?? 0;
  const again = ban(judge, peer(7), over);
  assert.deepEqual([again.network, again.bantime], ['2001:db8::/64', over * 2], 'its second ban');
  const restored = guard();
  restored.restore('2001:db8::/64', over + again.bantime, 2);
  for (const one of [judge, restored]) {
    for (let place = 0; place < 9; place += 1)
      assert.equal(one.see(relay(peer(8), place), over + again.bantime - 1), undefined);
    assert.equal(ban(one, peer(8), over + again.bantime).rule, 'relay', 'both at the same time');
  }
});

test('Guard.take() counts what a banned address and its network do, and judges it no more', () => {
  const judge = guard();
  const context = logContext({ timeZone: 'UTC' });
  const mailFrom = (peer: string): string =>
    `2026-11-23 09:00:00 1xVPxv-00005n-1U <= a@b.example H=(b) [${peer}] P=esmtp S=472`;
  const relayFrom = (peer: string): string =>
    `2026-11-23 09:00:00 H=(x) [${peer}] F=<a@b.example> rejected RCPT <a@c.test>: relay not permitted`;
  const take = (line: string, now: number) => judge.take(parseLogLine(line, context), line, now);
  take(mailFrom(bot), 0);
  let made = take(relayFrom(bot), 1000);
  while (made.ban === undefined) made = take(relayFrom(bot), 1000);
  assert.equal(made.verdict?.rule, 'relay');
  const credit = judge.trust.credit(bot, 2000);
  assert.deepEqual(Object.keys(take(relayFrom(bot), 2000)), ['sighting']);
  take(mailFrom(bot), 3000);
  const { mailBefore, attempts, mailLost } = made.ban;
  assert.deepEqual({ mailBefore, attempts, mailLost }, { mailBefore: 1, attempts: 1, mailLost: 1 });
  assert.ok(judge.trust.credit(bot, 3000) <= credit, 'mail during a ban earns nothing');
  assert.deepEqual(judge.ledger.takeChanged(), [made.ban]);
  assert.deepEqual(judge.ledger.takeChanged(), []);
  judge.ban('198.18.9.0/24', 60_000 as Duration, 4000);
  take(relayFrom('198.18.9.77'), 5000);
  assert.equal(judge.ledger.takeChanged()[0]?.target, '198.18.9.0/24');
  assert.ok(judge.pardon('198.18.9.0/24', 6000));
  assert.ok(!judge.pardon('198.18.9.0/24', 6000));
  assert.ok(take(relayFrom('198.18.9.77'), 7000).sighting !== undefined);
  assert.deepEqual(judge.ledger.takeChanged(), [], 'the ban is lifted');
});

test('Guard.restore() puts bans in force again, networks too, and goes on with their length', () => {
  const judge = guard();
  judge.restore(bot, 10_000, 2);
  judge.restore('2001:db8::/64', 10_000, 1);
  for (let place = 0; place < 10; place += 1) {
    assert.equal(judge.see(relay(bot), 0), undefined);
    assert.equal(judge.see(relay('2001:db8::7' as Address), 0), undefined);
  }
  assert.equal(ban(judge, bot, 10_000).bantime, defaultRules.relay.bantime * 4);
  assert.equal(judge.offences(bot, 10_000), 3);
});

test('Guard ends the connections of whom it knows, and bans it when that does not help', () => {
  const judge = guard();
  const mail = `2026-11-23 09:00:00 1xVPxv-00005n-1U <= a@b.example H=(b) [${sender}] P=esmtp S=472`;
  const event = parseLogLine(mail, logContext({ timeZone: 'UTC' }));
  for (let count = 0; count < 5; count += 1) judge.take(event, mail, 0);
  assert.deepEqual(judge.known(0), [own, sender]);
  let endings = 0;
  let now = 0;
  for (;;) {
    now += 1000;
    judge.see(turnedAway(bot), now);
    const judged = judge.judge([{ ...holder(sender), peerPort: now }], now);
    endings += judged.endings.length;
    if (judged.verdicts.length > 0) {
      assert.ok((judged.verdicts[0]?.bantime ?? 0) <= 30_000, 'its first ban is short');
      break;
    }
    assert.ok(endings <= 60);
  }
  assert.equal(endings, 60);
  assert.deepEqual(judge.known(now), [own], 'it has lost its place in the reserve');
  assert.deepEqual(judge.known(now + 3_600_000), [own, sender]);
});

test('Guard never bans who is on the allowlist, nor a network that holds one, whatever comes', () => {
  const hosts = Array.from(
    { length: 12 },
    (_, host) => `2001:db8:0:${host >> 2}::${(host & 3) + 1}` as Address,
  );
  let bans = 0;
  fc.assert(
    fc.property(
      fc.subarray(hosts, { maxLength: 3 }),
      fc.array(fc.tuple(fc.constantFrom(...hosts), fc.constantFrom(...sightingKinds), fc.nat(2000)), {
        minLength: 100,
        maxLength: 400,
        size: 'max',
      }),
      (allowed, steps) => {
        const allowlist = new Allowlist(allowed);
        const judge = new Guard(new Tally(defaultRules, 100), allowlist);
        const inForce = new Map<string, number>();
        let now = 0;
        for (const [address, kind, gap] of steps) {
          now += gap;
          const verdict = judge.see({ kind, address, line: '' }, now);
          if (verdict === undefined) continue;
          bans += 1;
          assert.equal(verdict.address, address);
          assert.ok(!allowed.includes(address));
          if (verdict.network !== undefined)
            for (const one of allowed)
              assert.ok(!covers(parseNetwork(verdict.network) as Network, addressWords(one)));
          assert.ok(now + verdict.bantime >= (inForce.get(address) ?? 0), 'a ban in force was shortened');
          inForce.set(address, now + verdict.bantime);
        }
      },
    ),
  );
  assert.ok(bans > 100);
});

test('Guard trusts a known sender by its confirmed name', () => {
  const settings = defaultSettings.with(['guard.trust.names=*.big.example,mx.small.example']);
  assert.ok(settings.ok);
  const judge = assembleGuard(settings.value, new Allowlist([own]), 100);
  const line = (name: string, peer: Address): string =>
    `2026-11-23 09:00:00 H=${name} [${peer}] F=<a@b.example> rejected RCPT <a@c.test>: relay not permitted`;
  const take = (text: string): void => {
    judge.take(parseLogLine(text, logContext({ timeZone: 'UTC' })), text, 0);
  };
  take(line('out7.big.example', sender));
  take(line('(out7.big.example)', bot));
  assert.ok(judge.explain(sender, 0).known);
  assert.ok(!judge.explain(bot, 0).known, 'a HELO is no name');
  take(line('big.example', bot));
  take(line('notbig.example', bot));
  assert.ok(!judge.explain(bot, 0).known);
  judge.named(bot, 'MX.small.example', 0);
  assert.ok(judge.explain(bot, 0).known);
});

test('Guard.alert() tells of many addresses at one login, without a ban', () => {
  const judge = guard();
  const alerts = Array.from({ length: 20 }, (_, host) => {
    const attempt: Sighting = {
      kind: 'credential',
      address: `198.18.1.${host}` as Address,
      line: '',
      subject: 'alice',
    };
    assert.equal(judge.see(attempt, host), undefined);
    return judge.alert(attempt, host);
  });
  assert.equal(alerts.filter((alert) => alert !== undefined).length, 1);
});

/** A known sender behind whose address somebody guesses passwords, a login of its own at a time. */
function sharedAddress(judge: Guard) {
  const context = logContext({ timeZone: 'UTC' });
  const mail = `2026-11-23 09:00:00 1xVPxv-00005n-1U <= a@b.example H=(b) [${sender}] P=esmtp S=472`;
  let login = 0;
  const take = (line: string, now: number) => judge.take(parseLogLine(line, context), line, now);
  const guess = (now: number) => {
    login += 1;
    return take(
      `2026-11-23 09:00:00 plain authenticator failed for (x) [${sender}]: 535 Incorrect authentication data (set_id=u${login})`,
      now,
    );
  };
  return {
    deliver: (now: number) => take(mail, now),
    /** Guesses until there is a verdict. */
    guessOn: (now: number): { verdict: Verdict; guesses: number } => {
      for (let guesses = 1; guesses < 100; guesses += 1) {
        const { verdict } = guess(now);
        if (verdict !== undefined) return { verdict, guesses };
      }
      throw new Error('no verdict');
    },
  };
}

test('Guard takes the logins of a known sender that guesses passwords, and not its mail', () => {
  const judge = guard();
  const { deliver, guessOn } = sharedAddress(judge);
  for (let count = 0; count < 5; count += 1) deliver(0);
  const { verdict } = guessOn(1000);
  assert.deepEqual([verdict.rule, verdict.bantime, verdict.network], ['logins', 30_000, undefined]);
  assert.ok(judge.known(1000).includes(sender), 'it keeps its place in the reserve');
  const inForce = judge.ledger.find(sender, 2000);
  deliver(2000);
  assert.deepEqual([inForce?.leavesMail, inForce?.mailLost], [true, 0]);
  assert.equal(judge.trust.earned(sender)?.messages, 6, 'its mail goes on to earn trust');

  const through25 = guessOn(3000);
  assert.deepEqual([through25.verdict.rule, through25.verdict.bantime], ['credential', 60_000]);
  deliver(4000);
  assert.equal(judge.ledger.find(sender, 4000)?.mailLost, 1, 'all is closed');
  assert.ok(!judge.known(4000).includes(sender));
  const again = guessOn(63_001).verdict;
  assert.deepEqual([again.rule, again.bantime], ['logins', 120_000], 'the length is of both together');
});

test('Guard closes everything to strangers that guess, and where that is set', () => {
  assert.equal(sharedAddress(guard()).guessOn(0).verdict.rule, 'credential');
  const settings = defaultSettings.with(['guard.trust.known.mail=no']);
  assert.ok(settings.ok);
  const { deliver, guessOn } = sharedAddress(assembleGuard(settings.value, new Allowlist([own]), 100));
  for (let count = 0; count < 5; count += 1) deliver(0);
  assert.equal(guessOn(0).verdict.rule, 'credential');
});

test('Guard.see() goes on judging whose mail comes in: other evidence closes everything', () => {
  const judge = guard();
  const { deliver, guessOn } = sharedAddress(judge);
  for (let count = 0; count < 5; count += 1) deliver(0);
  guessOn(0);
  assert.equal(ban(judge, sender, 1000).rule, 'relay');
  assert.equal(judge.ledger.find(sender, 2000)?.leavesMail, false);
});

test('Guard.restore() leaves the mail of whom it did before', () => {
  const judge = guard();
  const known = { began: 0, mailBefore: 5, attempts: 0, mailLost: 0 };
  judge.restore(sender, 30_000, 1, { ...known, rule: 'logins' });
  judge.restore(bot, 30_000, 1, { ...known, rule: 'credential' });
  assert.equal(judge.ledger.find(sender, 1000)?.leavesMail, true);
  assert.equal(judge.ledger.find(bot, 1000)?.leavesMail, false);
  judge.ban('198.19.0.0/16', 60_000 as Duration, 1000);
  assert.equal(judge.ledger.find(sender, 2000)?.target, '198.19.0.0/16', 'the wider one holds');
  judge.pardon('198.19.0.0/16', 3000);
  assert.equal(judge.ledger.find(sender, 3000)?.target, sender);
});

test('Guard lets whoever guesses behind a known sender have a bounded number of verdicts', () => {
  const lengths = fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 300, maxLength: 300 });
  fc.assert(
    fc.property(lengths, (pauses) => {
      const judge = guard();
      const { deliver, guessOn } = sharedAddress(judge);
      for (let count = 0; count < 50; count += 1) deliver(0);
      const hour = 3_600_000;
      let now = 0;
      let verdicts = 0;
      let guesses = 0;
      for (const pause of pauses) {
        // Where everything is closed, nothing can be guessed.
        const shut = judge.ledger.find(sender, now);
        now = (shut?.leavesMail === false ? shut.until : now) + pause;
        if (now >= hour) break;
        const more = guessOn(now);
        verdicts += 1;
        guesses += more.guesses;
      }
      assert.ok(verdicts <= 8 && guesses <= 8 * 15, `${verdicts} verdicts, ${guesses} guesses`);
    }),
    { numRuns: 30 },
  );
});

test('Guard bans a known sender that only takes room for no longer each time', () => {
  const judge = guard();
  const { deliver } = sharedAddress(judge);
  for (let count = 0; count < 5; count += 1) deliver(0);
  const lengths: number[] = [];
  for (let now = 1000; lengths.length < 5 && now < 600_000; now += 100) {
    deliver(now);
    const verdict = judge.see(turnedAway(sender), now);
    if (verdict === undefined) continue;
    assert.equal(verdict.rule, 'hammering');
    lengths.push(verdict.bantime);
    now += verdict.bantime;
  }
  assert.deepEqual(lengths, [30_000, 30_000, 30_000, 30_000, 30_000]);
  assert.equal(judge.offences(sender, 400_000), 1);
});
