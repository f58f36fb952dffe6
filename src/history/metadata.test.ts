import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { formatMetadata, type Metadata, parseMetadata } from './metadata.ts';

test('formatMetadata() writes a line a path, sorted, odd paths quoted', () => {
  const entries = new Map<string, Metadata>([
    [
      'passwd.client',
      { kind: 'file', mode: 0o640, owner: 'root', group: 'Debian-exim', fingerprint: '0c5e' },
    ],
    ['conf.d', { kind: 'folder', mode: 0o755, owner: 'root', group: '1234' }],
    ['null', { kind: 'device', mode: 0o666, owner: 'root', group: 'root', device: 'c 1:3' }],
    [
      'z',
      { kind: 'file', mode: 0o600, owner: 'root', group: 'root', sameAs: 'a b', attributes: 'user.x=aGk=' },
    ],
    ['a b\n"c"', { kind: 'link', mode: 0o777, owner: 'root', group: 'root' }],
  ]);
  assert.equal(
    formatMetadata(entries),
    [
      '# kind mode owner group path; written by portreeve, read as data',
      String.raw`link   0777 root root "a b\n\"c\""`,
      'folder 0755 root 1234 conf.d',
      'device 0666 root root null device c 1:3',
      'file   0640 root Debian-exim passwd.client secret 0c5e',
      'file   0600 root root z same-as "a b" with user.x=aGk=',
      '',
    ].join('\n'),
  );
});

test('parseMetadata() undoes formatMetadata()', () => {
  const name = fc.stringMatching(/^[\w.-]{1,32}$/);
  const entry = fc.record(
    {
      kind: fc.constantFrom('file', 'folder', 'link', 'fifo', 'socket', 'device'),
      mode: fc.integer({ min: 0, max: 0o7777 }),
      owner: name,
      group: name,
      fingerprint: fc.stringMatching(/^[0-9a-f]{32}$/),
      sameAs: fc.string({ minLength: 1, unit: 'grapheme' }),
      device: fc.stringMatching(/^[cb] \d{1,5}:\d{1,5}$/),
      attributes: fc.stringMatching(/^(acl=[a-z:,-]{1,20} )?user\.x=[A-Za-z0-9+/]{0,8}$/),
    },
    { requiredKeys: ['kind', 'mode', 'owner', 'group'] },
  );
  const path = fc.string({ minLength: 1, unit: 'grapheme' });
  fc.assert(
    fc.property(fc.array(fc.tuple(path, entry)), (pairs) => {
      const entries = new Map<string, Metadata>(pairs.map(([key, value]) => [key, { ...value }]));
      const read = parseMetadata(formatMetadata(entries));
      assert.ok(read.ok);
      assert.deepEqual(
        [...read.value].toSorted(([a], [b]) => (a < b ? -1 : 1)),
        [...entries].toSorted(([a], [b]) => (a < b ? -1 : 1)),
      );
    }),
  );
});

test('parseMetadata() refuses what it would not have written, with the line', () => {
  for (const line of [
    'chmod 0777 /etc/shadow',
    'file 0640 root root',
    'file 9999 root root x',
    'file 0640 root root "x',
    String.raw`file 0640 root root "\q"`,
    'file 0640 root root x; rm y',
    'file 0640 root root x same-as',
    'file 0640 root root x same-as "y',
    'device 0640 root root x device 1:3',
    'file 0640 root root x with $(id)',
  ]) {
    const read = parseMetadata(`# heading\n${line}\n`);
    assert.ok(!read.ok, line);
    assert.match(read.problem.message, /line 2/);
  }
});
