/** Taking charge of a stock Debian Exim, and handing it back: every byte, owner and mode, and the firewall. */
import assert from 'node:assert/strict';
import { ownProgram } from '../src/host/own-program.ts';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRoot } from '../src/host/identity.ts';
import type { Ran } from '../src/host/run.ts';
import { startAgent } from '../src/lab/defence/agent.ts';
import { openLab } from '../src/lab/lab.ts';
import type { Machine } from '../src/lab/machine.ts';

const skip = isRoot() ? false : 'a lab machine needs root';
const cli = ownProgram;
const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' };

describe('up and down', { skip }, () => {
  let machine: Machine;

  before(async () => {
    const opened = await openLab({ tell: () => undefined });
    assert.ok(opened.ok, JSON.stringify(opened));
    machine = opened.value;
  });
  after(async () => {
    await machine.close();
  });

  async function portreeve(...args: readonly string[]): Promise<Ran> {
    const ran = await machine.run([...cli, ...args], { env, timeoutMs: 120_000 });
    assert.ok(ran.ok, ran.ok ? '' : ran.problem.message);
    return ran.value;
  }
  async function shell(script: string): Promise<string> {
    const ran = await machine.run(['sh', '-eu', '-c', script], { env });
    assert.ok(ran.ok && ran.value.status === 0, script);
    return ran.value.stdout;
  }
  /** Path, type, owner, mode and content of all that up may touch; and the ruleset. */
  async function photograph(): Promise<string> {
    return await shell(`
      find /etc/exim4 /etc/portreeve /etc/systemd/system -printf '%p %y %u:%g %m\\n' 2>/dev/null | sort || true
      find /etc/exim4 -type f -exec sha256sum {} + | sort -k 2
      nft list ruleset`);
  }

  test('a stock host is taken charge of, and handed back', { timeout: 240_000 }, async () => {
    const stock = await photograph();
    const refused = await portreeve('up', '--yes');
    assert.equal(refused.status, 2, 'a certificate has to be named');
    assert.equal(await photograph(), stock, 'nothing was touched');

    const up = await portreeve('up', '--yes', '--self-signed', '--reason', 'as it should be');
    assert.equal(up.status, 0, up.stdout + up.stderr);
    assert.match(up.stdout, /prove +STARTTLS on port 25/);
    assert.match((await portreeve('history', 'log', '/etc/exim4')).stdout, /as it should be/);
    assert.match(await shell('cat /etc/portreeve/portreeve.toml'), /^#listen = "127\.0\.0\.1:8725"$/m);
    assert.match(
      (await portreeve('tls', 'test', 'mx.example.test')).stdout,
      /encrypted by TLSv1\.3 after STARTTLS/,
    );

    const keeper = machine.start([...cli, 'keeper'], { env });
    const agent = await startAgent(machine, () => undefined);
    assert.ok(agent.ok, JSON.stringify(agent));
    const pid = (await shell("pgrep -o -u portreeve -f 'cli/main.* agent'")).trim();
    const status = await shell(`cat /proc/${pid}/status`);
    assert.doesNotMatch(status, /^Uid:\s+0\b/m, 'not root');
    // CAP_NET_ADMIN is the twelfth.
    for (const set of ['Inh', 'Prm', 'Eff', 'Bnd', 'Amb'])
      assert.match(status, new RegExp(`^Cap${set}:\\s+0000000000001000$`, 'm'));
    let said = await portreeve('--json', 'status');
    for (let waited = 0; waited < 10 && said.stdout.includes('the agent does not answer'); waited += 1) {
      await sleep(1000);
      said = await portreeve('--json', 'status');
    }
    assert.match(said.stdout, /"guarded":\{"state":"good"/, said.stdout + said.stderr);
    assert.match(said.stdout, /"accountable":\{"state":"good"/);
    await agent.value.stop();
    keeper.signal('SIGTERM');
    await keeper.ended;
    const alone = await portreeve('status');
    assert.equal(alone.status, 1);
    assert.match(alone.stdout, /the agent does not answer/);

    const down = await portreeve('down', '--yes');
    assert.equal(down.status, 0, down.stdout + down.stderr);
    assert.equal(await photograph(), stock);
    assert.equal((await portreeve('down', '--yes')).status, 0, 'twice changes nothing');
  });
});
