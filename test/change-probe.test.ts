/** Probes that an administrator has written, on a real Exim. What a broken one brings about: undo-time.test.ts. */
import assert from 'node:assert/strict';
import { ownProgram } from '../src/host/own-program.ts';
import { after, before, describe, test } from 'node:test';
import { cacheFolder } from '../src/host/checkout.ts';
import { isRoot } from '../src/host/identity.ts';
import type { Ran } from '../src/host/run.ts';
import { openLab } from '../src/lab/lab.ts';
import type { Machine } from '../src/lab/machine.ts';

const skip = isRoot() ? false : 'a lab machine needs root';

/** What held before each change. */
const held = [
  'accepts postmaster@example.test',
  '# a comment',
  'refuses x@elsewhere.example from y@world.example',
];

describe('probes', { skip }, () => {
  let machine: Machine;

  before(async () => {
    const opened = await openLab({ tell: () => undefined });
    assert.ok(opened.ok);
    machine = opened.value;
    assert.equal((await portreeve('history', 'init', '/etc/exim4')).status, 0);
    await probes(...held);
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
    return await run([...ownProgram, ...args]);
  }
  async function probes(...lines: readonly string[]): Promise<void> {
    await shell(`mkdir -p /etc/portreeve; cat > /etc/portreeve/probes <<'EOF'\n${lines.join('\n')}\nEOF`);
  }
  async function answers(edit: string, reason: string): Promise<Ran> {
    await shell(`sed "${edit}" /etc/exim4/update-exim4.conf.conf > /tmp/a`);
    return await portreeve('change', 'apply', 'update-exim4.conf.conf=/tmp/a', '-m', reason);
  }

  test('a change tells what the probes found; one that did not hold before does not stand in the way', {
    timeout: 60_000,
  }, async () => {
    await probes(...held, 'accepts postmaster@new.example');
    const unmended = await answers("s|^dc_relay_nets=.*|dc_relay_nets='10.9.8.0/24'|", 'one more net');
    assert.equal(unmended.status, 0, unmended.stderr);
    assert.match(unmended.stdout, /^prove +accepts postmaster@example\.test: 250 /m);
    assert.match(unmended.stdout, /^prove +refuses x@elsewhere\.example from y@world\.example: 550 /m);
    assert.doesNotMatch(unmended.stdout, /new\.example/);
    const mended = await answers(
      "s|^dc_other_hostnames=.*|dc_other_hostnames='example.test:new.example'|",
      'mend',
    );
    assert.equal(mended.status, 0, mended.stderr);
    const broken = await answers(
      "s|^dc_other_hostnames=.*|dc_other_hostnames='example.test'|",
      'break it again',
    );
    assert.equal(broken.status, 4, 'now it held');
  });

  test('a file of probes that cannot be read stops a change before anything is touched', {
    timeout: 60_000,
  }, async () => {
    const untouched = await shell('sha256sum /etc/exim4/update-exim4.conf.conf');
    await probes('accepts postmaster@example.test', '', 'delivers to me');
    const refused = await answers('s|^CFILEMODE.*|CFILEMODE=640|', 'x');
    assert.equal(refused.status, 2);
    assert.match(refused.stderr, /cannot read the probe: .*: delivers to me \(line 3\)\n {2}hint: /);
    await probes('accepts postmaster@example.test');
    await shell('chmod 0666 /etc/portreeve/probes');
    const open = await answers('s|^CFILEMODE.*|CFILEMODE=640|', 'x');
    assert.equal(open.status, 2);
    assert.match(open.stderr, /nobody else may write to it[\s\S]*hint: /);
    assert.equal(await shell('sha256sum /etc/exim4/update-exim4.conf.conf'), untouched);
  });
});
