import assert from 'node:assert/strict';
import { test } from 'node:test';
import { completed } from './by-hand.ts';
import type { Entry } from './entry.ts';

const plain = (blob: string, mode = 0o644): Entry => ({
  kind: 'file',
  owner: 'root',
  group: 'root',
  mode,
  blob,
});
const folder: Entry = { kind: 'folder', owner: 'mail', group: 'mail', mode: 0o750 };

test('completed() takes the look of what was committed, and of nothing else', () => {
  const before = new Map([
    ['same', plain('1', 0o600)],
    ['edited', plain('1')],
  ]);
  const recorded = new Map([
    ['same', plain('1', 0o600)],
    ['edited', plain('2')],
    ['new/deep', plain('3')],
    ['moved-on', plain('4')],
  ]);
  const now = new Map([
    ['.', folder],
    ['same', plain('1', 0o777)],
    ['edited', plain('2', 0o640)],
    ['new', folder],
    ['new/deep', plain('3', 0o400)],
    ['moved-on', plain('5', 0o400)],
    ['drift', plain('6')],
  ]);
  assert.deepEqual(
    [...completed(before, recorded, now)],
    [
      ['same', plain('1', 0o600)],
      ['edited', plain('2', 0o640)],
      ['new/deep', plain('3', 0o400)],
      ['moved-on', plain('4')],
      ['new', folder],
      ['.', folder],
    ],
  );
});
