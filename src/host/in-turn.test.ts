import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { inTurn } from './in-turn.ts';

test('inTurn() does all in order, but later', async () => {
  const done: number[] = [];
  const later = inTurn((one: number) => {
    done.push(one);
    if (one === 2) later(3);
  });
  later(1);
  later(2);
  assert.deepEqual(done, []);
  await turn();
  await turn();
  assert.deepEqual(done, [1, 2, 3]);
});
