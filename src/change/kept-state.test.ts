import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keptShape, keptState, restoredState } from './kept-state.ts';

test('restoredState() undoes keptState(), through JSON', () => {
  const content = Buffer.from('text');
  const common = { uid: 1, gid: 2, mode: 0o640, content };
  for (const state of [
    { ...common, kind: 'file', attributes: new Map([['user.note', Buffer.from([0, 255])]]) },
    { ...common, kind: 'file', attributes: new Map<string, Buffer>(), sameAs: '../a' },
    { ...common, kind: 'device', attributes: new Map<string, Buffer>(), device: 'c 1:3' },
  ] as const) {
    const read = keptShape.parse(JSON.parse(JSON.stringify(keptState(state, 'before-0'))));
    assert.deepEqual(restoredState(read, content), state);
  }
});
