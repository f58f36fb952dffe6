import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Address } from '../base/address.ts';
import type { TcpSocket } from '../host/tcp-sockets.ts';
import { endByKeeper } from './end-by-keeper.ts';

const connection = { peer: '192.0.2.7' as Address, peerPort: 4711, localPort: 25 } as TcpSocket;

test('endByKeeper() names connections, waits a moment, and then lets a silent keeper rest', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'end-by-keeper-'));
  const path = join(folder, 'keeper.sock');
  const heard: string[] = [];
  let isSilent = false;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('data', (chunk) => {
      heard.push(String(chunk));
      if (!isSilent) socket.end('{"done":1}\n');
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(path, resolve);
  });
  context.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
    rmSync(folder, { recursive: true });
  });
  let now = 0;
  const end = endByKeeper(path, () => now);
  assert.ok((await end([connection])).ok);
  assert.deepEqual(heard, [
    '{"do":"end","sessions":[{"peer":"192.0.2.7","peerPort":4711,"localPort":25}]}\n',
  ]);
  isSilent = true;
  assert.equal((await end([connection])).ok, false);
  assert.equal((await end([connection])).ok, false);
  assert.equal(heard.length, 2);
  isSilent = false;
  now += 30_000;
  assert.ok((await end([connection])).ok);
});
