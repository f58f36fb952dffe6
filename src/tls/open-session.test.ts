import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { test, type TestContext } from 'node:test';
import { systemClock } from '../host/clock.ts';
import { openSession, type SessionOptions } from './open-session.ts';

/** A server on a port of its own for as long as the test runs. */
async function serve(
  t: TestContext,
  onConnection: (socket: Socket, count: number) => void,
): Promise<SessionOptions> {
  let count = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    count += 1;
    onConnection(socket, count);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: { host: '127.0.0.1', port },
    timeoutMs: 300,
    // Waiting takes no time here.
    clock: { now: () => systemClock.now(), sleep: async () => await Promise.resolve() },
    dialogue: { helo: 'me.example', implicit: false },
    tls: { name: 'mx.example', roots: [] },
  };
}

test('openSession() asks a busy server again', async (t) => {
  const options = await serve(t, (socket, count) => {
    if (count < 3) socket.end('421 Too many concurrent SMTP connections\r\n');
    else socket.end('554 no\r\n');
  });
  const session = await openSession(options);
  assert.ok(session.ok);
  assert.equal(session.value.facts.refused?.code, 554);
});

test('openSession() reports a server that stays busy as that', async (t) => {
  const options = await serve(t, (socket) => {
    socket.end('421 Too many concurrent SMTP connections\r\n');
  });
  const session = await openSession(options);
  assert.ok(!session.ok);
  assert.equal(session.problem.kind, 'unavailable');
  assert.match(session.problem.message, /says 421 Too many/);
});

test('openSession() gives up on a silent server', async (t) => {
  const options = await serve(t, () => undefined);
  const session = await openSession(options);
  assert.ok(!session.ok);
  assert.equal(session.problem.kind, 'timeout');
});

test('openSession() is not held for ever by a server that drips', async (t) => {
  const options = await serve(t, (socket) => {
    const drip = setInterval(() => socket.write('2'), 5);
    socket.on('close', () => {
      clearInterval(drip);
    });
  });
  let now = 0;
  const impatient = { ...options.clock, now: () => (now += 10_000) };
  const session = await openSession({ ...options, clock: impatient });
  assert.ok(!session.ok);
  assert.equal(session.problem.kind, 'timeout');
});

test('openSession() ends what is no mail server, or floods', async (t) => {
  for (const text of [
    'SSH-2.0-OpenSSH_9\r\n',
    'x'.repeat(1_000_000),
    '220-x\r\n'.repeat(100_000),
    '\0\0\0\0\n',
  ]) {
    const options = await serve(t, (socket) => {
      socket.write(text);
    });
    const session = await openSession(options);
    assert.ok(session.ok);
    assert.match(session.value.facts.broken?.message ?? '', /cannot read the SMTP reply/);
  }
});

test('openSession() tells a handshake that meets no TLS', async (t) => {
  const options = await serve(t, (socket) => {
    const answers = ['250-mx\r\n250 STARTTLS\r\n', '220 go\r\n', '250 what?\r\n'];
    socket.write('220 mx\r\n');
    socket.on('data', () => socket.write(answers.shift() ?? ''));
  });
  const session = await openSession(options);
  assert.ok(session.ok);
  assert.ok(session.value.handshake?.done === false);
  assert.match(session.value.handshake.problem.message, /what came was not TLS/);
});

test('openSession() goes to the address that is known, and looks up no name', async (t) => {
  const { endpoint, ...options } = await serve(t, (socket) => {
    socket.end('554 no\r\n');
  });
  const known = { host: 'mx.invalid', port: endpoint.port, address: endpoint.host };
  const session = await openSession({ ...options, endpoint: known });
  assert.ok(session.ok);
  assert.equal(session.value.facts.refused?.code, 554);
});
