/** The drill with no defence and with fail2ban: that the attack works, and that fail2ban does. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { run } from '../src/host/run.ts';
import type { DrillFigures } from '../src/lab/figures.ts';

const portreeve = new URL('../bin/portreeve', import.meta.url).pathname;
const skip = process.geteuid?.() === 0 ? false : 'needs root for namespaces and a real Exim';

const patient = { timeoutMs: 300_000 };

async function drill(...options: string[]): Promise<DrillFigures> {
  const ran = await run([portreeve, 'lab', 'drill', '--json', ...options], patient);
  assert.ok(ran.ok);
  assert.equal(ran.value.status, 0, ran.value.stderr);
  assert.equal(ran.value.stdout.trim().split('\n').length, 1, 'one JSON document');
  return JSON.parse(ran.value.stdout) as DrillFigures;
}

test('lab drill gives true figures for the others too', { skip }, async () => {
  const none = await drill('--defence', 'none', '--seconds', '8', '--mix', 'hold', '--seed', '7');
  assert.deepEqual(none.banned, { bots: 0, senders: 0, botsByKind: {}, others: 0 });
  assert.equal(none.recoverySeconds, null);
  assert.ok(none.delivered < none.attempted, 'the attack works');
  const fail2ban = await drill('--defence', 'fail2ban', '--seconds', '8', '--mix', 'hold', '--seed', '7');
  assert.ok(fail2ban.banned.bots > 0, 'it bans, so it runs');
  assert.ok(fail2ban.firstBanMs !== null && fail2ban.rssMiB > 5);
});
