// What fail2ban keeps, and what is written into the settings.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { keptBans } from './kept-bans.ts';
import { setInToml } from './set-in-toml.ts';

test('the bans in force of its database', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'portreeve-import-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'fail2ban.sqlite3');
  assert.deepEqual(await keptBans(path, 0), { ok: true, value: [] });
  const file = new DatabaseSync(path);
  file.exec(
    'CREATE TABLE bips(ip TEXT, jail TEXT, timeofban INTEGER, bantime INTEGER, bancount INTEGER, data JSON)',
  );
  const add = file.prepare('INSERT INTO bips VALUES (?, ?, ?, ?, ?, ?)');
  add.run('192.0.2.7', 'a', 1000, 600, 3, JSON.stringify({ matches: [['', '10:00', ' line'], 'old'] }));
  add.run('192.0.2.8', 'a', 100, 600, 1, 'no JSON');
  add.run('2001:DB8::1', 'b', 1000, -1, 1, null);
  add.run('somebody', 'b', 1000, 600, 1, '{}');
  file.close();
  const kept = await keptBans(path, 1_200_000);
  assert.ok(kept.ok);
  assert.deepEqual(
    kept.value.map(({ target, jail, until, count, evidence }) => [target.text, jail, until, count, evidence]),
    [
      ['192.0.2.7', 'a', 1_600_000, 3, ['10:00 line', 'old']],
      ['2001:db8::1', 'b', 1_200_000 + 10 * 365 * 86_400_000, 1, []],
    ],
  );
});

const texts: [before: string, after: string][] = [
  ['', '[fail2ban]\nconfig = "/x"\n'],
  ['[guard]\na = 1', '[guard]\na = 1\n\n[fail2ban]\nconfig = "/x"\n'],
  [
    '[fail2ban] # here\nculprits = true\n[guard]\nconfig = 1\n',
    '[fail2ban] # here\nconfig = "/x"\nculprits = true\n[guard]\nconfig = 1\n',
  ],
  ['[fail2ban]\n# old\nconfig = "/y"\n', '[fail2ban]\n# old\nconfig = "/x"\n'],
];

for (const [before, after] of texts) {
  test(`${JSON.stringify(before)} is set`, () => {
    assert.equal(setInToml(before, 'fail2ban', 'config', '/x'), after);
  });
}
