/** A page that cannot be served is told of, and the guard goes on. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ownModule } from '../src/host/own-module.ts';

test('an agent whose port is taken bans without a page', { timeout: 60_000 }, async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'portreeve-taken-'));
  context.after(() => {
    rmSync(folder, { recursive: true });
  });
  const other = createServer().listen(0, '127.0.0.1');
  context.after(() => other.close());
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const log = join(folder, 'mainlog');
  writeFileSync(log, '');
  const agent = spawn(
    process.execPath,
    [ownModule('cli/main'), '--json', 'agent', `--log=${log}`, `--set=server.listen=127.0.0.1:${port}`],
    { env: { ...process.env, PORTREEVE_STATE: join(folder, 'state') }, stdio: ['ignore', 'pipe', 'ignore'] },
  );
  context.after(() => agent.kill('SIGKILL'));
  const records: string[] = [];
  createInterface({ input: agent.stdout }).on('line', (line) => {
    records.push(line);
  });
  const until = async (what: RegExp): Promise<void> => {
    for (let waited = 0; waited < 20_000 && !records.some((line) => what.test(line)); waited += 50)
      await sleep(50);
    assert.ok(
      records.some((line) => what.test(line)),
      `${what.source}: ${records.join('\n')}`,
    );
  };
  await until(/"type":"ready"/);
  await until(/cannot serve the page: 127\.0\.0\.1:\d+ must be free: somebody else listens there/);
  const line = `${new Date().toISOString().slice(0, 19).replace('T', ' ')} H=(x) [198.18.0.11] F=<a@b.example> rejected RCPT <a@c.test>: relay not permitted\n`;
  appendFileSync(log, line.repeat(3));
  await until(/"type":"ban".*198\.18\.0\.11/);
});
