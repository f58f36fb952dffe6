/** CommandFirewall with a real program: the contract, what it is called with, and that no shell is near. */
import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { CommandFirewall } from '../../src/guard/firewall/command.ts';
import { systemClock } from '../../src/host/clock.ts';
import { ok } from '../../src/base/result.ts';
import { ban, keepsTheContract, network } from './contract.ts';

function program(context: TestContext, more = ''): { argv: string[]; calls: () => string[] } {
  const folder = mkdtempSync(join(tmpdir(), 'portreeve-command-'));
  context.after(() => {
    rmSync(folder, { recursive: true });
  });
  const path = join(folder, 'ban it');
  writeFileSync(
    path,
    `#!/bin/sh\n${more}\nprintf '%s;' "$@" >> "${folder}/calls"; echo >> "${folder}/calls"\n`,
  );
  chmodSync(path, 0o755);
  return {
    argv: [path, '--zone', 'a b'],
    calls: () => readFileSync(`${folder}/calls`, 'utf8').trim().split('\n'),
  };
}

test('CommandFirewall keeps the contract', async () => {
  // A thousand programs are not what is to be proved here.
  const execute = async () =>
    await Promise.resolve(ok({ status: 0, stdout: '', stderr: '', truncated: false }));
  await keepsTheContract(new CommandFirewall(['true'], systemClock, execute));
});

test('CommandFirewall runs the program with arguments of its own', async (context) => {
  const { argv, calls } = program(context);
  const firewall = new CommandFirewall(argv, systemClock);
  assert.ok((await firewall.prepare()).ok);
  assert.deepEqual(await firewall.ban([ban('198.18.0.11'), ban('2001:db8::/64', 90_500)]), ok([]));
  assert.ok((await firewall.unban([network('198.18.0.11'), network('192.0.2.1')])).ok);
  assert.ok((await firewall.remove()).ok);
  const [first, second, third, ...rest] = calls();
  assert.equal(first, '--zone;a b;prepare;');
  assert.deepEqual(
    new Set([second, third]),
    new Set(['--zone;a b;ban;198.18.0.11;60;', '--zone;a b;ban;2001:db8::/64;91;']),
  );
  assert.deepEqual(rest, ['--zone;a b;unban;198.18.0.11;', '--zone;a b;remove;']);
});

test('CommandFirewall tells which ban its program refuses, and makes the others', async (context) => {
  const { argv } = program(context, 'case "$4" in 198.18.0.12) echo "no room" >&2; exit 1;; esac');
  const firewall = new CommandFirewall(argv, systemClock);
  const banned = await firewall.ban([ban('198.18.0.11'), ban('198.18.0.12'), ban('198.18.0.13')]);
  assert.ok(banned.ok);
  assert.deepEqual(
    banned.value.map(({ ban: one, problem }) => [one.target.text, /no room/.test(problem.message)]),
    [['198.18.0.12', true]],
  );
  const listed = await firewall.list();
  assert.ok(listed.ok && listed.value.length === 2);
});

test('CommandFirewall says that its program is missing', async () => {
  const prepared = await new CommandFirewall(['/no/such/program'], systemClock).prepare();
  assert.ok(!prepared.ok && prepared.problem.kind === 'missing');
});
