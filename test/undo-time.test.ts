/**
 * A change that passes every check and fails its live proof is undone within 10 s, start of the program included,
 * and mail flows. What is measured is time, so nothing else runs beside this file.
 */
import assert from 'node:assert/strict';
import { ownProgram } from '../src/host/own-program.ts';
import { after, before, describe, test } from 'node:test';
import { isRoot } from '../src/host/identity.ts';
import type { Ran } from '../src/host/run.ts';
import { openLab } from '../src/lab/lab.ts';
import type { Machine } from '../src/lab/machine.ts';
import { eachNight } from './each-night.ts';

const skip = isRoot() ? false : 'a lab machine needs root';

const cases: readonly {
  readonly name: string;
  readonly edit: string;
  readonly says: RegExp;
  readonly when: string | false;
}[] = [
  {
    name: 'a relay that is open to the world',
    edit: "s|^dc_relay_nets=.*|dc_relay_nets='0.0.0.0/0'|",
    says: /must hold that refuses x@elsewhere\.example from y@world\.example: .* it says 250/,
    when: eachNight,
  },
  {
    name: 'a domain that is not ours any more',
    edit: "s|^dc_other_hostnames=.*|dc_other_hostnames=''|",
    says: /must hold that accepts postmaster@example\.test: .* it says 550/,
    when: eachNight,
  },
  {
    name: 'a server that listens on loopback alone',
    edit: "s|^dc_local_interfaces=.*|dc_local_interfaces='127.0.0.1'|",
    says: /port 25 still serves.*: cannot connect to 192\.0\.2\.25 port 25/,
    // The slowest of them: each try waits for an answer.
    when: false,
  },
];

describe('undone within 10 s', { skip }, () => {
  let machine: Machine;

  before(async () => {
    const opened = await openLab({ tell: () => undefined });
    assert.ok(opened.ok);
    machine = opened.value;
    assert.equal((await portreeve('history', 'init', '/etc/exim4')).status, 0);
    await shell(
      'mkdir -p /etc/portreeve; printf "%s\\n" "accepts postmaster@example.test" ' +
        '"refuses x@elsewhere.example from y@world.example" > /etc/portreeve/probes',
    );
  });
  after(async () => {
    await machine.close();
  });

  async function run(argv: readonly string[]): Promise<Ran> {
    const ran = await machine.run(argv, { timeoutMs: 60_000 });
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

  for (const { name, edit, says, when } of cases) {
    test(name, { timeout: 60_000, skip: when }, async () => {
      const untouched = await shell('sha256sum /etc/exim4/update-exim4.conf.conf');
      await shell(`sed "${edit}" /etc/exim4/update-exim4.conf.conf > /tmp/a`);
      const begun = performance.now();
      const undone = await portreeve('change', 'apply', 'update-exim4.conf.conf=/tmp/a', '-m', name);
      const seconds = (performance.now() - begun) / 1000;
      assert.equal(undone.status, 4, undone.stdout + undone.stderr);
      assert.match(undone.stderr, says);
      assert.ok(seconds <= 10, `it took ${seconds} s`);
      assert.equal(await shell('sha256sum /etc/exim4/update-exim4.conf.conf'), untouched);
      await shell('swaks -s 192.0.2.25 --to alice@example.test --from probe@world.example --silent 2');
    });
  }
});
