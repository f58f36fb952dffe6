import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describe } from './describe.ts';
import { differences } from './difference.ts';
import type { Entry } from './entry.ts';

const file: Entry = { kind: 'file', owner: 'root', group: 'root', mode: 0o644, blob: 'a' };
const secret: Entry = { kind: 'file', owner: 'root', group: 'root', mode: 0o640, fingerprint: '1' };

test('describe() says each aspect of a difference', () => {
  for (const [before, after, words] of [
    [file, { ...file, blob: 'b' }, 'content'],
    [file, { ...file, mode: 0o600 }, 'mode 0644 → 0600'],
    [file, { ...file, owner: 'alice', group: 'mail' }, 'owner root → alice, group root → mail'],
    [secret, { ...secret, fingerprint: '2' }, 'secret content'],
    [file, { ...secret, mode: 0o644 }, 'became a secret'],
    [{ ...file, kind: 'link' }, { ...file, kind: 'link', blob: 'b' }, 'link target'],
    [file, { ...file, kind: 'link' }, 'file → link'],
    [undefined, secret, 'new file (secret) root:root 0640'],
    [file, undefined, 'removed file root:root 0644'],
    [file, { ...file, attributes: 'acl=u::rw- user.x=aGk=' }, 'ACL none → u::rw-, attribute user.x set'],
    [
      { ...file, attributes: 'user.x=aGk=' },
      { ...file, attributes: 'user.x=aGo=' },
      'attribute user.x changed',
    ],
    [file, { ...file, sameAs: 'hosts' }, 'hard link to hosts'],
    [{ ...file, sameAs: 'hosts' }, file, 'no hard link to hosts any more'],
    [undefined, { ...file, kind: 'device', device: 'c 1:3' }, 'new device c 1:3 root:root 0644'],
    [file, file, undefined],
  ] as const) {
    const side = (entry: Entry | undefined): Map<string, Entry> =>
      new Map(entry === undefined ? [] : [['x', entry]]);
    const found = differences(side(before), side(after)).map(describe);
    assert.deepEqual(found, words === undefined ? [] : [`x  ${words}`]);
  }
});
