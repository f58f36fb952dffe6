/** A name server in a lab machine that tells where mail for `example.test` goes. */
import assert from 'node:assert/strict';
import { checkout } from '../src/host/checkout.ts';
import { nodePath } from '../src/host/node-path.ts';
import { mailHost } from '../src/lab/lab.ts';
import type { Machine } from '../src/lab/machine.ts';
import { serverAddress } from '../src/lab/network.ts';
import type { Zone } from './name-server.ts';

const port = '5354';

function mx(preference: number, exchange: string): NonNullable<Zone[string]>[number] {
  return { type: 'MX', name: 'example.test', data: { preference, exchange } };
}

/** This host by its name, by its address; and another machine. */
const zone: Zone = {
  'example.test MX': [mx(10, mailHost), mx(20, 'in.example.test'), mx(30, 'mx2.example.test')],
  'in.example.test A': [{ type: 'A', name: 'in.example.test', data: serverAddress }],
  'mx2.example.test A': [{ type: 'A', name: 'mx2.example.test', data: '198.51.100.2' }],
};

/** Its address, for `--dns`; it ends with the machine. */
export async function serveMailDomain(machine: Machine): Promise<string> {
  machine.start([nodePath, `${checkout}/test/name-server.ts`, port, JSON.stringify(zone)]);
  const listens = `until ss -Hlun 'sport = :${port}' | grep -q .; do sleep 0.05; done`;
  const ran = await machine.succeed('wait for the name server', ['sh', '-c', listens]);
  assert.ok(ran.ok, JSON.stringify(ran));
  return `127.0.0.1:${port}`;
}
