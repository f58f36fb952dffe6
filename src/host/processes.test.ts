import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { findProcess, listeningSockets, parseSocketTable } from './processes.ts';

test('parseSocketTable() reads the listening sockets of tcp and tcp6', () => {
  const table = [
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
    '   0: 0100007F:0019 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 28555 1 0 100 0 0 10 20',
    '   1: 0100007F:C350 0100007F:0019 01 00000000:00000000 00:00000000 00000000     0        0 28556 1 0 20 4 30 10 -1',
    '   2: 00000000000000000000000000000000:01D1 00000000000000000000000000000000:0000 0A 0:0 00:0 0 0 0 28557 1 0',
    '   3: B80D01200000000000000000010000FF:024B 00000000000000000000000000000000:0000 0A 0:0 00:0 0 0 0 28558 1 0',
    'rubbish',
  ].join('\n');
  assert.deepEqual(parseSocketTable(table), [
    { address: '127.0.0.1', port: 25, inode: '28555' },
    { address: '::', port: 465, inode: '28557' },
    { address: '2001:db8:0:0:0:0:ff00:1', port: 587, inode: '28558' },
  ]);
});

test('listeningSockets() finds our own', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const bound = server.address();
  const sockets = await listeningSockets(process.pid);
  server.close();
  assert.ok(typeof bound === 'object' && bound !== null);
  assert.ok(sockets.some(({ address, port }) => address === '127.0.0.1' && port === bound.port));
});

test('findProcess() knows a process, and none where there is none', async () => {
  const self = await findProcess(process.pid);
  assert.equal(self?.argv[0], process.argv0);
  assert.equal(await findProcess(2 ** 22 + 1), undefined);
});
