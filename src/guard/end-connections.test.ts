import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fail, ok, type Result } from '../base/result.ts';
import type { TcpSocket } from '../host/tcp-sockets.ts';
import { endConnections } from './end-connections.ts';

const one = { peerPort: 4711 } as TcpSocket;
const cannot = fail('unavailable', 'cannot end a connection: the kernel must destroy its socket');
const nobody = fail('unavailable', 'cannot reach the keeper');

for (const [what, kernel, servers, expected, asked] of [
  ['the kernel alone', ok(), ok(), ok(), 0],
  ['the kernel cannot, the keeper can', cannot, ok(), ok(), 1],
  ['neither can', cannot, nobody, cannot, 1],
  ['there is no keeper', cannot, undefined, cannot, 0],
] as const satisfies readonly (readonly [
  string,
  Result<void>,
  Result<void> | undefined,
  Result<void>,
  number,
])[])
  test(what, async () => {
    const given: TcpSocket[] = [];
    const endServers = async (connections: readonly TcpSocket[]): Promise<Result<void>> => {
      given.push(...connections);
      return await Promise.resolve(servers ?? nobody);
    };
    const ended = await endConnections(
      { end: () => kernel },
      [one],
      servers === undefined ? undefined : endServers,
    );
    assert.deepEqual(ended, expected);
    assert.equal(given.length, asked);
  });
