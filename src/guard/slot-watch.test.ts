import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Address } from '../base/address.ts';
import { type Allowance, SlotWatch } from './slot-watch.ts';
import type { MailSocket } from './mail-socket.ts';

/** What a connection does: at these times the peer says so many bytes, or we do. */
interface Said {
  readonly at: number;
  readonly peer?: number;
  readonly we?: number;
}

interface Scene {
  readonly port?: number;
  readonly said: readonly Said[];
  /** Connections of one address that all do the same. */
  readonly slots?: number;
  /** When it hangs up. */
  readonly until?: number;
  /** Whether the kernel tells how often each has spoken. */
  readonly counted?: boolean;
}

const greeted: Said = { at: 50, we: 73 };

/** The moment at which the address is found, sampling each 250 ms; undefined if never. */
function foundAt(
  { port = 25, said, slots = 1, until = 30_000, counted = false }: Scene,
  allowance?: Allowance,
): number | undefined {
  const watch = new SlotWatch();
  for (let now = 250; now <= until; now += 250) {
    const past = said.filter(({ at }) => at <= now);
    const sum = (key: 'peer' | 'we'): number => past.reduce((total, each) => total + (each[key] ?? 0), 0);
    const times = (key: 'peer' | 'we'): number => past.filter((each) => each[key]).length;
    const last = (key: 'peer' | 'we'): number =>
      Math.max(0, ...past.flatMap((each) => (each[key] ? [each.at] : [])));
    const sockets = Array.from(
      { length: slots },
      (_, slot): MailSocket => ({
        peer: '198.18.0.11' as Address,
        peerPort: 50_000 + slot,
        localPort: port,
        bytesReceived: sum('peer'),
        bytesSent: sum('we'),
        lastReceivedMs: now - last('peer'),
        lastSentMs: now - last('we'),
        ...(counted ? { spoken: { byPeer: times('peer'), byUs: times('we') } } : {}),
      }),
    );
    const [verdict] = watch.observe(sockets, now, allowance === undefined ? undefined : () => allowance);
    if (verdict !== undefined) {
      assert.ok(verdict.evidence.length > 0);
      return now;
    }
  }
  return undefined;
}

/** As a stranger has it while a crowd waits. */
const crowded: Allowance = { patience: 0.5, silenceMs: 1000 };

/** A question and its answer, over and over. */
function turns(count: number, everyMs: number, bytes: number, answerAfterMs = 5): Said[] {
  return Array.from({ length: count }, (_, turn) => turn * everyMs + 100).flatMap((at) => [
    { at, peer: bytes },
    { at: at + answerAfterMs, we: 60 },
  ]);
}

test('SlotWatch finds who holds a slot without progress', () => {
  for (const [why, scene, latest] of [
    ['says nothing after our greeting', { said: [greeted] }, 2500],
    ['says no ClientHello where TLS comes first', { port: 465, said: [] }, 2500],
    ['stops after EHLO', { said: [greeted, ...turns(1, 0, 20)] }, 4500],
    ['stops in the middle of a transaction', { said: [greeted, ...turns(3, 100, 30)] }, 9000],
    [
      'dribbles: a byte a second, and no command ever ends',
      {
        said: [greeted, ...Array.from({ length: 30 }, (_, second) => ({ at: second * 1000 + 100, peer: 1 }))],
      },
      5000,
    ],
    ['walks: a NOOP every two seconds', { said: [greeted, ...turns(10, 2000, 6)] }, 5000],
    ['walks: a HELO every second', { said: [greeted, ...turns(10, 1000, 12)] }, 13_000],
    [
      'burns a TLS handshake and stops',
      { said: [greeted, ...turns(2, 100, 20), { at: 400, peer: 330 }, { at: 410, we: 2000 }] },
      26_000,
    ],
  ] as const) {
    const found = foundAt(scene);
    assert.ok(found !== undefined && found <= latest, `${why}: ${String(found)}`);
  }
});

test('SlotWatch bears no long silence while a crowd waits, but a round trip of a second', () => {
  const handshake = [greeted, ...turns(2, 100, 20), { at: 400, peer: 330 }, { at: 410, we: 2000 }];
  for (const [why, said] of [
    ['stops after a TLS handshake', handshake],
    ['stops in the middle of a transaction', [greeted, ...turns(3, 100, 30)]],
    ['walks: a NOOP every two seconds', [greeted, ...turns(10, 2000, 6)]],
  ] as const) {
    const found = foundAt({ said }, crowded);
    assert.ok(found !== undefined && found <= 2750, `${why}: ${String(found)}`);
  }
  const slow = [greeted, ...turns(4, 1000, 33), { at: 4200, peer: 4000 }, { at: 4300, we: 40 }];
  assert.equal(foundAt({ said: slow, until: 5500 }, crowded), undefined);
});

test('SlotWatch finds many slots of one address sooner', () => {
  const one = foundAt({ said: [greeted] });
  const five = foundAt({ said: [greeted], slots: 5 });
  assert.ok(one !== undefined && five !== undefined && five < one, `${String(five)} < ${String(one)}`);
});

test('SlotWatch blames nobody who delivers mail, however slowly', () => {
  for (const [why, scene] of [
    ['we have not greeted yet', { said: [] }],
    ['we take half a minute for an answer', { said: [greeted, ...turns(1, 0, 40, 29_800)] }],
    [
      'a round trip of a second: EHLO, MAIL, RCPT, DATA, the message',
      { said: [greeted, ...turns(4, 1000, 33), { at: 4200, peer: 4000 }, { at: 4300, we: 40 }], until: 5500 },
    ],
    [
      'a message of a megabyte over a slow line',
      {
        said: [
          greeted,
          ...turns(4, 300, 33),
          ...Array.from({ length: 110 }, (_, part) => ({ at: 1500 + part * 250, peer: 9000 })),
        ],
      },
    ],
    [
      'pipelined commands, and we think for ten seconds',
      {
        said: [
          greeted,
          ...turns(1, 0, 30),
          { at: 300, peer: 120 },
          { at: 10_300, we: 90 },
          { at: 10_400, peer: 20_000 },
        ],
      },
    ],
    ['many messages on one connection', { said: [greeted, ...turns(60, 450, 80)] }],
    ['six connections at work at once', { said: [greeted, ...turns(60, 450, 80)], slots: 6 }],
  ] as const) {
    assert.equal(foundAt(scene), undefined, why);
  }
});

test('SlotWatch survives a clock that jumps back', () => {
  const watch = new SlotWatch();
  const socket = (lastSentMs: number): MailSocket => ({
    peer: '198.18.0.11' as Address,
    peerPort: 1,
    localPort: 25,
    bytesReceived: 0,
    bytesSent: 73,
    lastReceivedMs: lastSentMs,
    lastSentMs,
  });
  assert.deepEqual(watch.observe([socket(100)], 3_600_000), []);
  assert.deepEqual(watch.observe([socket(350)], 250), []);
  assert.deepEqual(watch.observe([socket(600)], 500), []);
  assert.equal(watch.observe([socket(2800)], 2700).length, 1);
});

test('SlotWatch finds who spreads over a /64, and waits longer for whom it trusts', () => {
  const socket = (peer: string, silentMs: number): MailSocket => ({
    peer: peer as Address,
    peerPort: 1,
    localPort: 25,
    bytesReceived: 0,
    bytesSent: 73,
    lastReceivedMs: silentMs,
    lastSentMs: silentMs,
  });
  const spread = [1, 2, 3].map((host) => socket(`2001:db8::${host}`, 800));
  const found = new SlotWatch().observe([...spread, socket('2001:db8:1::1', 800)], 10_000);
  assert.deepEqual(
    found.map(({ address, network }) => [address, network]),
    spread.map(({ peer }) => [peer, '2001:db8::/64']),
  );
  assert.deepEqual(new SlotWatch().observe(spread.slice(1), 10_000), [], 'two may be two customers');
  const one = [socket('198.18.0.1', 3000)];
  assert.equal(new SlotWatch().observe(one, 10_000).length, 1);
  assert.deepEqual(
    new SlotWatch().observe(one, 10_000, () => ({ patience: 2, silenceMs: Number.POSITIVE_INFINITY })),
    [],
  );
});

test('SlotWatch tells whose turn it is on a short wire, in clear', () => {
  const patient: Allowance = { patience: 3, silenceMs: Number.POSITIVE_INFINITY };
  const walk = Array.from(
    { length: 11 },
    (_, step): Said => ({ at: 100 + step * 2000, peer: step % 3 === 0 ? 19 : 6, we: 10 }),
  );
  const walker: Scene = { said: [greeted, ...walk], until: 22_000 };
  assert.equal(foundAt(walker, patient), undefined, 'whose turn it is cannot be told');
  assert.ok((foundAt({ ...walker, counted: true }, patient) ?? Number.POSITIVE_INFINITY) < 12_000);
  // Asked in the tick of an answer: that we take our time is no fault of its own.
  const asked: Scene = { said: [greeted, { at: 100, peer: 20 }, { at: 300, we: 40 }, { at: 300, peer: 30 }] };
  assert.equal(foundAt({ ...asked, counted: true }, patient), foundAt(asked, patient));
  // Under TLS segments are no turns.
  const encrypted: Said[] = [
    { at: 100, peer: 500, we: 2000 },
    { at: 101, we: 900 },
    { at: 3000, peer: 60, we: 60 },
  ];
  const tls: Scene = { said: [greeted, ...encrypted], until: 15_000 };
  assert.equal(foundAt({ ...tls, counted: true }, patient), foundAt(tls, patient));
});
