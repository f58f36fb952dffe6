/** The two files of the well-known recipe, in place, in the running agent: the bans, and how soon; what is broken is told. */
import assert from 'node:assert/strict';
import { ownModule } from '../src/host/own-module.ts';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

for (const culprits of [false, true]) {
  test(`the recipe's jail${culprits ? ', with culprits and trust' : ''}`, {
    timeout: 60_000,
  }, async (context) => {
    const folder = mkdtempSync(join(tmpdir(), 'portreeve-jails-'));
    context.after(() => rmSync(folder, { recursive: true }));
    const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
    for (const name of ['filter.d', 'exim4', 'exim5']) mkdirSync(join(folder, name));
    write(
      'filter.d/exim-dos.conf',
      '[Definition]\nfailregex = \\[<HOST>\\] .*refused: too many connections\n',
    );
    const recipe = `[exim-dos]\nenabled = true\nfilter = exim-dos\nport = all\nlogpath = ${folder}/exim*/mainlog\nmaxretry = 1\nbantime = 3600\n`;
    const others = `[slow]\nenabled = true\nfilter =\nfailregex = ^ x (?:a+)+c <HOST>\nlogpath = ${folder}/exim4/mainlog\n[broken]\nenabled = true\nfilter = nothing\nlogpath = /x\n`;
    write('jail.local', recipe + others);
    write('exim4/mainlog', '');
    write('other', '');
    const agent = spawn(
      process.execPath,
      [
        ownModule('cli/main'),
        '--json',
        'agent',
        `--log=${join(folder, 'other')}`,
        `--set=fail2ban.config=${folder}`,
        `--set=fail2ban.culprits=${culprits ? 'yes' : 'no'}`,
      ],
      { env: { ...process.env, PORTREEVE_STATE: join(folder, 'state') }, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    context.after(() => agent.kill('SIGKILL'));
    const records: Record<string, unknown>[] = [];
    createInterface({ input: agent.stdout }).on('line', (line) => {
      records.push(JSON.parse(line) as Record<string, unknown>);
    });
    const has = async (
      what: (record: Record<string, unknown>) => boolean,
      forMs: number,
    ): Promise<boolean> => {
      for (const until = Date.now() + forMs; Date.now() < until; await sleep(2))
        if (records.some(what)) return true;
      return false;
    };
    const banned = (address: string) => (record: Record<string, unknown>) =>
      record['type'] === 'jail-ban' && record['address'] === address;
    const log = (text: string): void => {
      const stamp = new Date().toISOString().slice(0, 19).replace('T', ' ');
      appendFileSync(join(folder, 'exim4/mainlog'), `${stamp} ${text}\n`);
    };
    assert.ok(await has(({ type }) => type === 'jails', 20_000));
    assert.deepEqual(records.find(({ type }) => type === 'jails')?.['jails'], ['exim-dos', 'slow']);
    // What is told waits for what has to be done.
    assert.ok(
      await has(
        ({ type, problem }) =>
          type === 'problem' &&
          /jail.local, line \d+: .*filter.d\/nothing.conf/.test(JSON.stringify(problem)),
        10_000,
      ),
    );
    // From then on each line counts.
    assert.ok(await has(({ type }) => type === 'ready', 10_000));
    log('Connection from [198.18.0.7] refused: too many connections');
    assert.equal(await has(banned('198.18.0.7'), culprits ? 500 : 10_000), !culprits);
    if (!culprits) {
      log(`x ${'a'.repeat(60)}b c`);
      assert.ok(
        await has(
          ({ type, problem }) =>
            type === 'problem' && /goes on without an expression/.test(JSON.stringify(problem)),
          10_000,
        ),
      );
      log('Connection from [198.18.0.8] refused: too many connections');
      assert.ok(await has(banned('198.18.0.8'), 10_000), 'the others go on');
    }
    agent.kill('SIGTERM');
    const [status] = (await once(agent, 'close')) as [number | null];
    assert.equal(status, 0);
  });
}
