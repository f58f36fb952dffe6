/** The drill with no defence and with fail2ban: that the attack works, and that fail2ban does. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labDrill } from './lab-drill.ts';

const skip = process.geteuid?.() === 0 ? false : 'needs root for namespaces and a real Exim';

test('lab drill gives true figures for the others too', { skip }, async () => {
  const none = await labDrill('--defence', 'none', '--seconds', '8', '--mix', 'hold', '--seed', '7');
  assert.deepEqual(none.banned, { bots: 0, senders: 0, botsByKind: {}, others: 0 });
  assert.equal(none.recoverySeconds, null);
  assert.ok(none.delivered < none.attempted, 'the attack works');
  const fail2ban = await labDrill('--defence', 'fail2ban', '--seconds', '8', '--mix', 'hold', '--seed', '7');
  assert.ok(fail2ban.banned.bots > 0, 'it bans, so it runs');
  assert.ok(fail2ban.firstBanMs !== null && fail2ban.rssMiB > 5);
});
