/** A machine of the lab sees the checkout that it runs from, wherever that lies. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { childOf } from '../src/host/child-of.ts';
import { startService } from '../src/host/service.ts';
import { preparePackages } from '../src/lab/packages.ts';

const skip = process.geteuid?.() === 0 ? false : 'needs root for namespaces';
const init = new URL('../src/lab/machine-init.sh', import.meta.url).pathname;
const namespaces = ['--mount', '--net', '--pid', '--ipc', '--uts', '--fork', '--kill-child'];

// The machine mounts a /tmp, a /run and a /dev of its own; a clone in one of them was hidden by that.
for (const place of ['/tmp', '/var/tmp', '/dev/shm']) {
  test(`a checkout in ${place} is seen from inside`, { skip }, async (context) => {
    const checkout = await mkdtemp(`${place}/portreeve checkout `);
    context.after(async () => {
      await rm(checkout, { recursive: true });
    });
    await writeFile(`${checkout}/here`, 'seen');
    const tree = await preparePackages({ fail2ban: false, tell: () => undefined });
    assert.ok(tree.ok, JSON.stringify(tree));
    const unpacked = `${checkout}/.cache/tree`;
    await mkdir(`${checkout}/.cache`);
    await cp(tree.value, unpacked, { recursive: true, verbatimSymlinks: true });

    const errors: string[] = [];
    const machine = startService(
      ['unshare', ...namespaces, 'sh', init, unpacked, checkout, 'mx.example.test', '192.0.2.25'],
      { onLine: (line) => said(line), onErrorLine: (line) => errors.push(line) },
    );
    const { promise: first, resolve: said } = Promise.withResolvers<string>();
    void machine.ended.then(() => said(errors.join(' | ')));
    context.after(async () => {
      machine.finish();
      await machine.ended;
    });
    assert.equal(await first, 'ready');
    const inside = await childOf(machine.pid ?? 0);
    assert.ok(inside.ok);
    const root = `/proc/${inside.value}/root`;
    assert.equal(await readFile(`${root}${checkout}/here`, 'utf8'), 'seen');
    assert.ok(existsSync(`${root}/usr/sbin/exim4`), 'the unpacked packages are there');
    await assert.rejects(writeFile(`${root}${checkout}/here`, 'changed'), { code: 'EROFS' });
  });
}
