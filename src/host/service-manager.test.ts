import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { serviceManager } from './service-manager.ts';

/** The manager's side of the socket, which Node has no words for either. */
function receiver(path: string): () => string {
  const { dlopen } = process.getBuiltinModule('node:ffi');
  const { functions } = dlopen('libc.so.6', {
    socket: { arguments: ['i32', 'i32', 'i32'], return: 'i32' },
    bind: { arguments: ['i32', 'buffer', 'u32'], return: 'i32' },
    recv: { arguments: ['i32', 'buffer', 'u64', 'i32'], return: 'i64' },
  });
  const file = functions.socket(1, 2, 0);
  const name = Buffer.concat([Buffer.from([1, 0]), Buffer.from(path)]);
  if (path.startsWith('@')) name[2] = 0;
  assert.equal(functions.bind(file, name, name.length), 0);
  return () => {
    const into = Buffer.alloc(1000);
    const size = Number(functions.recv(file, into, 1000n, 0x40));
    return size < 0 ? '' : into.toString('utf8', 0, size);
  };
}

test('serviceManager() tells the socket that it is given', (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'notify-'));
  context.after(() => {
    rmSync(folder, { recursive: true });
  });
  for (const path of [join(folder, 'socket'), `@portreeve-test-${process.pid}`]) {
    const received = receiver(path);
    const manager = serviceManager({ NOTIFY_SOCKET: path });
    manager.notify('READY=1\nSTATUS=following');
    assert.equal(received(), 'READY=1\nSTATUS=following');
    assert.equal(manager.watchdogMs, undefined);
  }
});

test('serviceManager() tells nobody where there is nobody', () => {
  for (const path of [undefined, '', '/no/such/socket', 'relative', `/${'x'.repeat(200)}`])
    serviceManager({ NOTIFY_SOCKET: path }).notify('READY=1');
});

test('serviceManager() knows how often the watchdog wants to hear', () => {
  const NOTIFY_SOCKET = '/no/such/socket';
  const { pid } = process;
  const rows: readonly (readonly [Record<string, string>, number | undefined])[] = [
    [{ WATCHDOG_USEC: '20000000' }, 20_000],
    [{ WATCHDOG_USEC: '20000000', WATCHDOG_PID: String(pid) }, 20_000],
    [{ WATCHDOG_USEC: '20000000', WATCHDOG_PID: String(pid + 1) }, undefined],
    [{ WATCHDOG_USEC: 'soon' }, undefined],
    [{}, undefined],
  ];
  for (const [environment, expected] of rows)
    assert.equal(serviceManager({ NOTIFY_SOCKET, ...environment }).watchdogMs, expected);
});
