import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Address } from '../base/address.ts';
import { findCulprits } from './culprits.ts';
import type { MailSocket } from './socket-table.ts';

function socket(more: Partial<MailSocket>): MailSocket {
  return {
    peer: '198.18.0.11' as Address,
    peerPort: 50_000,
    localPort: 25,
    bytesReceived: 0,
    bytesSent: 73,
    lastReceivedMs: 5000,
    lastSentMs: 5000,
    ...more,
  };
}

test('findCulprits() finds who is silent on its turn', () => {
  for (const [why, sockets] of [
    ['said nothing after our greeting', [socket({})]],
    [
      'stopped after EHLO, we answered',
      [socket({ bytesReceived: 20, lastReceivedMs: 5100, lastSentMs: 5000 })],
    ],
    ['no ClientHello on the port of implicit TLS', [socket({ localPort: 465, bytesSent: 0 })]],
    [
      'three slots, each for a little over a second',
      [1, 2, 3].map((peerPort) => socket({ peerPort, lastReceivedMs: 1200, lastSentMs: 1200 })),
    ],
  ] as const) {
    const [verdict] = findCulprits(sockets);
    assert.equal(verdict?.address, '198.18.0.11', why);
    assert.equal(verdict.rule, 'slot-holder');
    assert.equal(verdict.evidence.length, sockets.length);
  }
});

test('findCulprits() blames nobody who may have to wait for us', () => {
  for (const [why, sockets] of [
    ['we have not greeted yet', [socket({ bytesSent: 0 })]],
    ['we still owe an answer', [socket({ bytesReceived: 900, lastReceivedMs: 5000, lastSentMs: 5200 })]],
    ['unknown who spoke last', [socket({ bytesReceived: 900, lastReceivedMs: 5000, lastSentMs: 5000 })]],
    ['silent for less than the patience', [socket({ lastReceivedMs: 1900, lastSentMs: 1900 })]],
    [
      'many connections at work, each quiet for a round trip',
      Array.from({ length: 20 }, (_, peerPort) =>
        socket({ peerPort, bytesReceived: 100, lastReceivedMs: 450, lastSentMs: 400 }),
      ),
    ],
  ] as const) {
    assert.deepEqual(findCulprits(sockets), [], why);
  }
});
