import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logContext } from '../exim/log-context.ts';
import { parseLogLine } from '../exim/log-line.ts';
import { ClearPeers } from './clear-peers.ts';

const id = '1wXYZ0-000000001Ab-0cde';
const tls = 'X=TLS1.3:ECDHE_X25519__RSA_PSS_RSAE_SHA256__AES_256_GCM:256 ';
const day = 86_400_000;

function seen(...lines: readonly string[]): ClearPeers {
  const peers = new ClearPeers();
  const context = logContext();
  for (const [place, line] of lines.entries())
    peers.see(parseLogLine(`2026-11-24 09:00:00 ${id} ${line}`, context), place);
  return peers;
}

const table: readonly [string, readonly string[], readonly string[]][] = [
  ['encrypted alone', [`<= a@b.example H=mx.b.example [192.0.2.1] P=esmtps ${tls}S=9`], []],
  ['in clear', ['<= a@b.example H=mx.b.example [192.0.2.1] P=esmtp S=9'], ['in b.example 1 of 1']],
  [
    'once in clear, and then no more',
    [
      `<= a@b.example H=mx.b.example [192.0.2.1] P=esmtps ${tls}S=9`,
      '<= a@b.example H=mx.b.example [192.0.2.1] P=esmtp S=9',
      `<= a@b.example H=out.b.example [192.0.2.2] P=esmtps ${tls}S=9`,
    ],
    ['in b.example 1 of 2'],
  ],
  [
    'a name that the client gives itself is none',
    ['<= a@b.example H=(mx.b.example) [192.0.2.1] P=esmtp S=9'],
    ['in 192.0.2.1 1 of 1'],
  ],
  [
    'sent in clear',
    ['=> a@b.example R=dnslookup T=remote_smtp H=mx.b.example [192.0.2.1]'],
    ['out b.example 1 of 1'],
  ],
  ['of this machine', ['<= a@b.example H=localhost [127.0.0.1] P=esmtp S=9'], []],
  ['by no network', ['<= a@b.example U=root P=local S=9'], []],
];

test('ClearPeers counts whose mail comes or goes in clear', () => {
  for (const [why, lines, expected] of table)
    assert.deepEqual(
      seen(...lines)
        .list(0)
        .map(({ direction, domain, messages, clear }) => `${direction} ${domain} ${clear} of ${messages}`),
      expected,
      why,
    );
});

test('ClearPeers is kept over a restart, for thirty days, and bounded', () => {
  const clear = (host: number): string => `<= a@b.example H=mx.d${host}.example [192.0.2.1] P=esmtp S=9`;
  const peers = seen(...Array.from({ length: 2100 }, (_, host) => clear(host)));
  assert.equal(peers.list(0).length, 2000);
  const again = new ClearPeers();
  for (const { state } of peers.changed()) if (state !== undefined) again.restore(state);
  assert.deepEqual(again.list(0), peers.list(0));
  assert.equal([...peers.changed()].filter(({ state }) => state === undefined).length, 100);
  peers.settle();
  assert.equal(peers.changes, 0);
  assert.deepEqual(peers.list(31 * day), []);
});
