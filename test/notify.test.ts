/** `notify test`: a message really arrives by mail, webhook and command, and what does not is told. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createWebServer } from 'node:http';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { ownProgram } from '../src/host/own-program.ts';

const folder = mkdtempSync(join(tmpdir(), 'notify-'));
const key = 'a key of the hook';
let mail = '';
let hook: { readonly signature: string; readonly time: string; readonly body: string } | undefined;
const mailServer = createServer(takeMail);
const webServer = createWebServer((request, response) => {
  let body = '';
  request.on('data', (chunk: Buffer) => (body += chunk.toString()));
  request.on('end', () => {
    const header = (name: string): string => String(request.headers[name]);
    hook = { signature: header('x-portreeve-signature'), time: header('x-portreeve-time'), body };
    response.writeHead(204).end();
  });
});

before(async () => {
  for (const server of [mailServer, webServer]) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  }
});
after(() => {
  mailServer.close();
  webServer.close();
  rmSync(folder, { recursive: true });
});

function takeMail(socket: Socket): void {
  let isData = false;
  socket.write('220 mx ESMTP\r\n');
  createInterface({ input: socket }).on('line', (line) => {
    if (isData) {
      mail += `${line}\n`;
      isData = line !== '.';
      if (!isData) socket.write('250 ok\r\n');
      return;
    }
    isData = line === 'DATA';
    socket.write(isData ? '354 go on\r\n' : line === 'QUIT' ? '221 bye\r\n' : '250 ok\r\n');
  });
}

async function portreeve(...args: readonly string[]): Promise<{ status: number; said: string }> {
  const [node, ...rest] = [...ownProgram, '--config', join(folder, 'portreeve.toml'), ...args];
  return await new Promise((resolve) => {
    execFile(node, rest, (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : Number(error.code), said: stdout + stderr });
    });
  });
}

function port(server: { address: () => unknown }): number {
  return (server.address() as AddressInfo).port;
}

test('notify test sends by each channel, and tells which message does not arrive', async () => {
  writeFileSync(join(folder, 'key'), `${key}\n`, { mode: 0o600 });
  const channel = (name: string, ...lines: readonly string[]): string =>
    ['[[notify.channel]]', `name = "${name}"`, ...lines, ''].join('\n');
  writeFileSync(
    join(folder, 'portreeve.toml'),
    [
      channel('mail', 'by = "mail"', 'to = "root@example.test"', `server = "127.0.0.1:${port(mailServer)}"`),
      channel(
        'hook',
        'by = "webhook"',
        `to = "http://127.0.0.1:${port(webServer)}/x"`,
        `secret = "${folder}/key"`,
      ),
      channel('program', 'by = "command"', `command = ["/usr/bin/tee", "${folder}/told"]`),
      channel('broken', 'by = "command"', 'command = ["/bin/false"]'),
    ].join('\n'),
  );

  const sound = await portreeve('notify', 'test', 'mail', 'hook', 'program');
  assert.equal(sound.status, 0, sound.said);
  assert.match(mail, /^To: root@example\.test$/m);
  assert.match(mail, /^Auto-Submitted: auto-generated$/m);
  assert.match(mail, /^Subject: .*: a test: this is how Portreeve tells you$/m);
  const { signature, time, body } = hook ?? { signature: '', time: '', body: '' };
  const wanted = createHmac('sha256', key).update(`${time}.${body}`).digest('hex');
  assert.equal(signature, `sha256=${wanted}`);
  const subject = (text: string): unknown => (JSON.parse(text) as { subject: unknown }).subject;
  assert.equal(subject(readFileSync(join(folder, 'told'), 'utf8')), subject(body));

  const broken = await portreeve('notify', 'test', 'broken', 'program');
  assert.equal(broken.status, 1);
  assert.match(broken.said, /sent {2}program \(command\)/);
  assert.match(broken.said, /cannot tell by \/bin\/false: .* it ended with 1/);
  const unknown = await portreeve('notify', 'test', 'nobody');
  assert.equal(unknown.status, 2);
  assert.match(unknown.said, /cannot test nobody/);
});
