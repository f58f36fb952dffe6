import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseUsage } from './process-usage.ts';

test('parseUsage() reads the account of a process with any name', () => {
  const stat =
    '42 (node (x) y) S 1 42 42 0 -1 4194304 1000 0 0 0 150 50 25 25 20 0 11 0 100 1000000 2000 184 0';
  assert.deepEqual(parseUsage(`100\n${stat}\nVmHWM:\t   102400 kB\n`), {
    ok: true,
    value: { cpuSeconds: 2.5, rssMiB: 100 },
  });
});

test('parseUsage() does not invent figures', () => {
  for (const text of ['', '100\n\n\n', '100\n42 (x) S\nVmHWM: 5 kB\n'])
    assert.equal(parseUsage(text).ok, false);
});
