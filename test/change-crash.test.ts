/**
 * A change killed at random moments, with kill -9 or by a power cut: afterwards the folder is as before or
 * as after, never between; what is in force is what lies in the folder; mail is served; the history says
 * which. PORTREEVE_KILLS sets how often (4).
 */
import assert from 'node:assert/strict';
import { ownModule } from '../src/host/own-module.ts';
import { after, before, describe, test } from 'node:test';
import { seededRandom } from '../src/base/seeded-random.ts';
import { cacheFolder } from '../src/host/checkout.ts';
import { isRoot } from '../src/host/identity.ts';
import type { Ran } from '../src/host/run.ts';
import { openLab } from '../src/lab/lab.ts';
import { startExim } from '../src/lab/mail-server.ts';
import type { Machine } from '../src/lab/machine.ts';

const skip = isRoot() ? false : 'a lab machine needs root';
const macros = '/etc/exim4/exim4.conf.localmacros';
const cli = ownModule('cli/main');
const kills = Number(process.env['PORTREEVE_KILLS'] ?? 2);

describe(`a change killed at ${kills} random moments`, { skip }, () => {
  let machine: Machine;

  before(async () => {
    const opened = await openLab({ tell: () => undefined });
    assert.ok(opened.ok);
    machine = opened.value;
    await shell(`echo 'smtp_banner = start' >> ${macros}`);
    assert.equal((await portreeve('history', 'init', '/etc/exim4')).status, 0);
  });
  after(async () => {
    await machine.close();
  });

  async function run(argv: readonly string[]): Promise<Ran> {
    const ran = await machine.run(argv, {
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', NODE_COMPILE_CACHE: `${cacheFolder}/node-compile` },
      timeoutMs: 60_000,
    });
    assert.ok(ran.ok, ran.ok ? '' : ran.problem.message);
    return ran.value;
  }
  async function shell(script: string): Promise<string> {
    const ran = await run(['sh', '-eu', '-c', script]);
    assert.equal(ran.status, 0, `${script}: ${ran.stderr}`);
    return ran.stdout;
  }
  async function portreeve(...args: readonly string[]): Promise<Ran> {
    return await run([process.execPath, cli, ...args]);
  }
  /** What is served, what lies in the folder, what is left over, and what the history says. */
  async function facts(): Promise<{
    serves: string;
    macro: string;
    left: string;
    head: string;
    reason: string;
  }> {
    const said = await run([
      'bash',
      '-euc',
      `
      exec 3<>/dev/tcp/192.0.2.25/25; read -r _ banner <&3; printf 'QUIT\\r\\n' >&3; exec 3>&-
      echo "\${banner%$'\\r'}"
      sed -n 's/^smtp_banner = //p' ${macros}
      echo $(find /var/lib/portreeve/changes -mindepth 2; find /etc/exim4 -name '.portreeve*')
      git -C /etc/exim4 log -1 --format='%H%n%s'`,
    ]);
    assert.equal(said.status, 0, said.stderr);
    const [serves = '', macro = '', left = '', head = '', reason = ''] = said.stdout.split('\n');
    return { serves, macro, left, head, reason };
  }

  test('is the old state or the new, proved and recorded', {
    timeout: kills * 40_000 + 60_000,
  }, async (t) => {
    const random = seededRandom(Number(process.env['PORTREEVE_SEED'] ?? 7));
    const outcomes = { old: 0, fresh: 0, undone: 0 };
    let { serves: current, head } = await facts();
    // Killed moments spread over the change as long as it takes here and now.
    const begun = performance.now();
    await shell(`sed 's/^smtp_banner.*/smtp_banner = measured/' ${macros} > /tmp/m`);
    const first = await portreeve('change', 'apply', `exim4.conf.localmacros=/tmp/m`, '-m', 'measured');
    assert.equal(first.status, 0, first.stderr);
    const lasts = performance.now() - begun;
    ({ serves: current, head } = await facts());
    assert.equal(current, 'measured');
    for (let round = 0; round < kills; round += 1) {
      const word = `round-${round}`;
      const delay = Math.round(random() * lasts * 1.1);
      const powerCut = round % 2 === 0;
      const where = `round ${round}, ${powerCut ? 'power cut' : 'kill -9'} after ${delay} ms`;
      await shell(`
        sed 's/^smtp_banner.*/smtp_banner = ${word}/' ${macros} > /tmp/m
        ${process.execPath} ${cli} change apply exim4.conf.localmacros=/tmp/m --folder /etc/exim4 -m ${word} > /tmp/out 2>&1 &
        change=$!
        sleep ${delay / 1000}
        kill -9 $change 2>/dev/null || true
        ${powerCut ? 'kill -9 $(pidof exim4 git update-exim4.conf) 2>/dev/null || true; rm -f /run/exim4/exim.pid' : ''}
        wait || true`);
      const settled = await portreeve('change', 'recover', ...(powerCut ? ['--boot'] : []));
      assert.equal(settled.status, 0, `${where}: ${settled.stderr}`);
      if (powerCut) {
        await shell('update-exim4.conf');
        const started = await startExim(machine);
        assert.ok(started.ok, started.ok ? '' : `${where}: ${started.problem.message}`);
      }
      const { serves, macro, left, head: now, reason } = await facts();
      assert.ok(serves === current || serves === word, `${where}: it serves ${serves}`);
      assert.equal(macro, serves, where);
      assert.equal(left, '', where);
      const status = await portreeve('history', 'status');
      assert.equal(status.status, 0, `${where}: ${status.stdout}`);
      if (serves === word) {
        assert.equal(reason, word, where);
        outcomes.fresh += 1;
      } else if (now === head) {
        outcomes.old += 1;
      } else {
        assert.ok(reason.startsWith(`undone: ${word}: `), `${where}: ${reason}`);
        outcomes.undone += 1;
      }
      [current, head] = [serves, now];
      if (round % 10 === 9) t.diagnostic(`after ${round + 1} kills: ${JSON.stringify(outcomes)}`);
    }
    t.diagnostic(
      `killed ${kills} times: ${JSON.stringify(outcomes)}; 0 half states; a change lasts ${Math.round(lasts)} ms`,
    );
    assert.equal(outcomes.old + outcomes.fresh + outcomes.undone, kills);
  });
});
