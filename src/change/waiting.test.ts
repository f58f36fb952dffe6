import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isOver, startWaiting } from './waiting.ts';

const boot = { id: 'one', uptimeMs: 5000 };
const waiting = startWaiting('abc', 600_000, 1_000_000, boot);
const cases: readonly (readonly [name: string, boot: { id: string; uptimeMs: number }, over: boolean])[] = [
  ['at once', boot, false],
  ['a moment before its time', { id: 'one', uptimeMs: 604_999 }, false],
  ['at its time', { id: 'one', uptimeMs: 605_000 }, true],
  ['after a reboot, however early', { id: 'two', uptimeMs: 10 }, true],
];
for (const [name, now, over] of cases) {
  test(`isOver() ${name}: ${over}`, () => {
    assert.equal(isOver(waiting, now), over);
  });
}
test('startWaiting() tells people the time of day', () => {
  assert.equal(waiting.until, 1_600_000);
});
