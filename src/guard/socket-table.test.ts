import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSocketTable } from './socket-table.ts';

// As `ss -tniOH state established` of iproute2 6.1 prints them.
const silent =
  '0      0      [::ffff:192.0.2.25]:25 [::ffff:198.18.0.11]:51720 bbr wscale:10,10 rto:204 rtt:0.09/0.052 mss:32768 bytes_sent:73 bytes_acked:73 segs_out:1 bbr:(bw:21845328120bps,mrtt:0.012) lastsnd:1216 lastrcv:1250 lastack:1216 minrtt:0.012';
const speaking =
  '0      17     192.0.2.25:587     198.19.0.11:40000 cubic bytes_sent:200 bytes_received:120 lastsnd:4 lastrcv:8';
const sixth = '0 0 [2001:db8::25]:465 [2001:db8::9%eth0]:5 cubic bytes_received:517 lastsnd:1 lastrcv:2';

test('readSocketTable() reads what ss prints', () => {
  assert.deepEqual(readSocketTable([silent, speaking, sixth, ''].join('\n')), [
    {
      peer: '198.18.0.11',
      peerPort: 51_720,
      localPort: 25,
      bytesReceived: 0,
      bytesSent: 73,
      lastReceivedMs: 1250,
      lastSentMs: 1216,
    },
    {
      peer: '198.19.0.11',
      peerPort: 40_000,
      localPort: 587,
      bytesReceived: 120,
      bytesSent: 200,
      lastReceivedMs: 8,
      lastSentMs: 4,
    },
    {
      peer: '2001:db8::9',
      peerPort: 5,
      localPort: 465,
      bytesReceived: 517,
      bytesSent: 0,
      lastReceivedMs: 2,
      lastSentMs: 1,
    },
  ]);
});

test('readSocketTable() passes over what it cannot read', () => {
  for (const text of [
    '',
    'nonsense',
    'ESTAB 0 0 a b c',
    '0 0 192.0.2.25:smtp 198.18.0.1:x cubic',
    '0 0 *:25 *:*',
  ]) {
    assert.deepEqual(readSocketTable(text), [], text);
  }
});
