import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { isRoot } from '../host/identity.ts';
import { findDrift } from './drift.ts';
import { initRepository } from './init-repository.ts';
import { packHistory } from './pack.ts';
import { parseReason } from './reason.ts';
import { record } from './record.ts';

const skip = isRoot() ? false : 'owners are part of a history, so making one needs root';

test('packHistory() packs when there is much to pack, and loses nothing', { skip }, async () => {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'pack-')));
  const stateBefore = process.env['PORTREEVE_STATE'];
  process.env['PORTREEVE_STATE'] = join(base, 'state');
  try {
    const folder = join(base, 'etc');
    mkdirSync(folder);
    const made = await initRepository(folder);
    const reason = parseReason('x');
    assert.ok(made.ok && reason.ok);
    const { repository } = made.value;
    const person = { name: 'a', email: 'a@example.test' };
    for (const text of ['one', 'two', '27']) {
      writeFileSync(join(folder, 'file'), text);
      assert.ok((await record(repository, { reason: reason.value, person, at: 0 })).ok);
    }
    const loose = (): string[] =>
      readdirSync(`${repository.gitDir}/objects`).filter((name) => /^[0-9a-f]{2}$/.test(name));
    mkdirSync(`${repository.gitDir}/objects/17`, { recursive: true });
    assert.deepEqual(await packHistory(repository, 5), { ok: true, value: false });
    assert.ok(loose().length > 5);
    assert.deepEqual(await packHistory(repository, -1), { ok: true, value: true });
    assert.deepEqual(
      loose().filter((name) => readdirSync(`${repository.gitDir}/objects/${name}`).length > 0),
      [],
    );
    const drift = await findDrift(repository);
    assert.ok(drift.ok);
    assert.deepEqual(drift.value.differences, []);
    const log = await repository.git.run('read', ['rev-list', '--count', 'HEAD']);
    assert.deepEqual(log, { ok: true, value: '3\n' });
  } finally {
    rmSync(base, { recursive: true });
    if (stateBefore === undefined) delete process.env['PORTREEVE_STATE'];
    else process.env['PORTREEVE_STATE'] = stateBefore;
  }
});
