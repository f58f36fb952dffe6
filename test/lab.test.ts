/** The drill's promises, end to end. They are about time, so nothing else runs beside this file. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labDrill } from './lab-drill.ts';

const skip = process.geteuid?.() === 0 ? false : 'needs root for namespaces and a real Exim';

test('lab drill --defence portreeve bans the culprits and no sender', { skip }, async () => {
  const figures = await labDrill('--seconds', '15', '--bots', '60', '--senders', '10', '--seed', '7');
  assert.equal(figures.banned.senders, 0);
  assert.equal(figures.banned.others, 0, 'nobody was banned by what a bot wrote');
  assert.ok(
    (figures.banned.botsByKind.hold ?? 0) >= 0.9 * (figures.botsByKind.hold ?? 0),
    'slot holders are banned',
  );
  assert.ok(
    figures.delivered >= 0.8 * figures.attempted,
    `${figures.delivered} of ${figures.attempted} delivered`,
  );
  assert.ok(figures.attempted > 20, 'mail flowed');
  assert.ok(figures.firstBanMs !== null && figures.firstBanMs > 0 && figures.recoverySeconds !== null);
  assert.ok(figures.cpuSeconds > 0 && figures.rssMiB > 0);
});
