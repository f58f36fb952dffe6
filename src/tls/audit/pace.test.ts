import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { beginPace, end, type Pace, start, usual, type VisitEnd, wait } from './pace.ts';

const settings = { ...usual, most: 4, perSecond: 1000, lingerMs: 500 };

function opened(count: number, now = 0): Pace {
  let pace = beginPace(settings);
  for (let n = 0; n < count; n += 1) pace = start(pace, now);
  return pace;
}

test('no more slots are held than may be', () => {
  assert.equal(wait(opened(3), 100), 0);
  assert.equal(wait(opened(4), 100), undefined);
});

test('a handshake that was broken off holds its slot for a while', () => {
  const pace = end(opened(4), 100, 'broken-off');
  assert.equal(wait(pace, 100), 500);
  assert.equal(wait(pace, 599), 1);
  assert.equal(wait(pace, 600), 0);
  assert.equal(wait(end(opened(4), 100, 'clean'), 100), 0);
});

test('a server that turns us away is left alone for longer and longer, and by half of the connections', () => {
  let pace = end(opened(4), 100, 'busy');
  assert.deepEqual([pace.limit, pace.next], [2, 200]);
  pace = end(pace, 200, 'busy');
  assert.deepEqual([pace.limit, pace.next], [1, 400]);
  pace = end(pace, 400, 'clean');
  assert.equal(pace.refusals, 0);
});

test('trust comes back connection by connection, up to what was set', () => {
  let pace = end(opened(1), 0, 'busy');
  for (let n = 0; n < 100; n += 1) pace = end(start(pace, 1e6 + n * 10), 1e6 + n * 10 + 5, 'clean');
  assert.equal(pace.limit, settings.most);
});

test('connections are spread over a second', () => {
  const pace = start(beginPace({ ...settings, perSecond: 5 }), 1000);
  assert.equal(wait(pace, 1000), 200);
});

test('whatever happens, the slots held never exceed the limit, and nobody waits for nothing', () => {
  const how = fc.constantFrom<VisitEnd>('clean', 'broken-off', 'busy');
  fc.assert(
    fc.property(fc.array(fc.tuple(how, fc.integer({ min: 0, max: 300 })), { maxLength: 200 }), (steps) => {
      let pace = beginPace(settings);
      let now = 0;
      for (const [ending, later] of steps) {
        now += later;
        const pause = wait(pace, now);
        if (pause === 0) pace = start(pace, now);
        else if (pace.open > 0) pace = end(pace, now, ending);
        else assert.ok(pause !== undefined && pause <= 3000);
        assert.ok(pace.open + pace.lingering.filter((until) => until > now).length <= settings.most);
      }
    }),
  );
});
