/** Root imports bans before the agent's first start; the agent, who is not root, has to write the store after that. */
import assert from 'node:assert/strict';
import { chownSync, linkSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { giveFiles } from '../src/host/give-files.ts';
import { isRoot } from '../src/host/identity.ts';
import { ownProgram } from '../src/host/own-program.ts';
import { run } from '../src/host/run.ts';

const skip = isRoot() ? false : 'needs root to give files away';
const nobody = 65_534;

test('bans that root imports are in a store of whom the folder belongs', { skip }, async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'portreeve-import-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const state = join(folder, 'state');
  const agent = join(state, 'agent');
  mkdirSync(agent, { recursive: true });
  chownSync(agent, nobody, nobody);
  writeFileSync(
    join(folder, 'jail.local'),
    `[a]\nenabled = true\nfilter =\nport = all\nfailregex = ^no <HOST>$\nlogpath = ${folder}/log\n`,
  );
  writeFileSync(join(folder, 'log'), '');
  const database = join(folder, 'fail2ban.sqlite3');
  const file = new DatabaseSync(database);
  file.exec(
    'CREATE TABLE bips(ip TEXT, jail TEXT, timeofban INTEGER, bantime INTEGER, bancount INTEGER, data JSON)',
  );
  file.prepare('INSERT INTO bips VALUES (?, ?, ?, ?, ?, ?)').run('192.0.2.7', 'a', 1000, -1, 1, '{}');
  file.close();
  const ran = await run(
    [
      ...ownProgram,
      `--config=${folder}/portreeve.toml`,
      'fail2ban',
      'import',
      `--database=${database}`,
      folder,
    ],
    { env: { ...process.env, PORTREEVE_STATE: state } },
  );
  assert.ok(ran.ok && ran.value.status === 0, JSON.stringify(ran));
  assert.match(ran.value.stdout, /taken over: 1/);
  const { uid, gid } = statSync(join(agent, 'portreeve.db'));
  assert.deepEqual([uid, gid], [nobody, nobody]);

  // Another name of a file of root's, put there by the folder's owner.
  linkSync(join(folder, 'log'), join(agent, 'linked'));
  assert.ok((await giveFiles(agent, ['linked', 'missing'])).ok);
  assert.equal(statSync(join(folder, 'log')).uid, 0);
});
