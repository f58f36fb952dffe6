/** The command as it is typed: status, documents, reports, baseline. */
import assert from 'node:assert/strict';
import { ownModule } from '../src/host/own-module.ts';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { auditSchema } from '../src/tls/audit/audit-schema.ts';
import { speakFlawed } from './audit/flawed-server.ts';
import { rsaCertificate } from './audit/rsa-certificate.ts';
import { type Front, openFront } from './audit/starttls-front.ts';

describe('tls audit', () => {
  let front: Front;
  let folder: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'portreeve-audit-'));
    const pair = await rsaCertificate('mx.example');
    front = await openFront({
      greeting: 'mx.example ESMTP Exim 4.96',
      behind: (socket) => {
        speakFlawed(socket, { ...pair, suites: [0x002f], versions: [0x0303] });
      },
    });
  });
  after(() => {
    front.close();
    rmSync(folder, { recursive: true });
  });

  async function portreeve(
    ...args: readonly string[]
  ): Promise<{ status: number; stdout: string; stderr: string }> {
    const argv = [ownModule('cli/main'), ...args, '--resolver', 'none', '--time-limit', '20s'];
    const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    return await new Promise((resolve) => {
      child.on('close', (status) => {
        resolve({ status: status ?? -1, stdout, stderr });
      });
    });
  }

  test('writes a document, a page and a JUnit report, and fails on what is high', async () => {
    const [html, junit] = [join(folder, 'a.html'), join(folder, 'a.xml')];
    const ran = await portreeve(
      '--json',
      'tls',
      'audit',
      `127.0.0.1:${front.port}`,
      '--html',
      html,
      '--junit',
      junit,
    );
    assert.equal(ran.status, 1, ran.stderr);
    const document = auditSchema.parse(JSON.parse(ran.stdout));
    // No suite has forward secrecy there.
    assert.equal(document.grade.grade, 'D');
    assert.equal(document.software, 'Exim 4.96');
    assert.match(readFileSync(html, 'utf8'), /<h1>127\.0\.0\.1 port \d+<\/h1>/);
    assert.match(readFileSync(junit, 'utf8'), /<testsuites>/);

    writeFileSync(join(folder, 'before.json'), ran.stdout);
    const again = await portreeve(
      'tls',
      'audit',
      `127.0.0.1:${front.port}`,
      '--baseline',
      join(folder, 'before.json'),
      '--fail-on',
      'info',
    );
    assert.equal(again.status, 0, again.stdout + again.stderr);
    assert.match(again.stdout, /nothing is wrong|Findings/);
  });

  test('says what it cannot do', async () => {
    const dead = await portreeve('tls', 'audit', '127.0.0.1:9');
    assert.equal(dead.status, 3);
    assert.match(dead.stderr, /cannot audit 127\.0\.0\.1 port 9: .*nothing listens there/);
    assert.equal((await portreeve('tls', 'audit')).status, 2);
    assert.equal((await portreeve('tls', 'audit', 'mx.example', '--profile', 'best')).status, 2);
  });
});
