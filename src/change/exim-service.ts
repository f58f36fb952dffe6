/**
 * Exim as a service whose folder is changed: every port that served before the change has to serve
 * after it, and where a STARTTLS handshake succeeded it has to succeed. A key that does not fit its
 * certificate is found by just that: Exim starts, offers STARTTLS, and answers 454.
 */
import { z } from 'zod';
import { fail, ok, type Result } from '../base/result.ts';
import type { Clock } from '../host/clock.ts';
import { ownAddresses } from '../host/own-addresses.ts';
import { type Daemon, findDaemon } from '../exim/daemon.ts';
import { type Greeting, greet } from '../exim/greeting.ts';
import { putInForce } from '../exim/put-in-force.ts';
import { rehearseConfiguration } from '../exim/rehearse-configuration.ts';
import type { Proof } from './change.ts';
import type { Attached, Service } from './service.ts';

const timeoutMs = 3000;

const portShape = z.strictObject({
  address: z.string(),
  port: z.int(),
  implicitTls: z.boolean(),
  startTls: z.enum(['works', 'refused', 'absent']),
});
type Port = z.infer<typeof portShape>;

const memoShape = z.strictObject({
  daemon: z
    .strictObject({
      process: z.strictObject({
        pid: z.int(),
        program: z.string(),
        argv: z.array(z.string()),
        cgroup: z.string(),
      }),
      sockets: z.array(z.strictObject({ address: z.string(), port: z.int(), inode: z.string() })),
    })
    .optional(),
  ports: z.array(portShape),
});

export function eximService(clock: Clock): Service {
  return {
    name: 'Exim',
    secrets: { group: 'Debian-exim', mode: 0o640 },
    rehearse: rehearseConfiguration,
    attach: async () => {
      const daemon = await findDaemon();
      return attached(daemon, daemon === undefined ? [] : await servedPorts(daemon), clock);
    },
    reattach: (memo) => {
      const read = memoShape.safeParse(memo);
      return read.success ? attached(read.data.daemon, read.data.ports, clock) : undefined;
    },
    beforeStart: async () =>
      (await findDaemon()) === undefined ? attached(undefined, [], clock) : undefined,
  };
}

function attached(daemon: Daemon | undefined, ports: readonly Port[], clock: Clock): Attached {
  return {
    memo: { ...(daemon === undefined ? {} : { daemon }), ports },
    reload: async () => await putInForce(daemon, clock),
    proofs: ports.map(stillServes),
  };
}

/**
 * The ports that serve mail now, each once, asked where the world asks: at an address of this machine's
 * that others reach, where the port listens on any. (A daemon that came back on loopback alone would
 * answer there as ever.) A port that serves nobody is not kept.
 */
async function servedPorts({ sockets }: Daemon): Promise<Port[]> {
  const addresses = new Map<number, string[]>();
  for (const { address, port } of sockets) {
    if (!addresses.has(port)) addresses.set(port, reachable(address));
  }
  const asked = await Promise.all(
    [...addresses].map(async ([port, candidates]) => await askPort(candidates, port)),
  );
  return asked.filter((port) => port !== undefined);
}

async function askPort(addresses: readonly string[], port: number): Promise<Port | undefined> {
  // SMTPS says nothing until it has been greeted by a TLS handshake; 465 is where it lives.
  const order = port === 465 ? [true, false] : [false, true];
  for (const address of addresses) {
    for (const implicitTls of order) {
      const greeted = await greet(address, port, { implicitTls, timeoutMs });
      if (greeted.ok) return { address, port, implicitTls, startTls: greeted.value.startTls };
      // Where nobody listens, nobody does with TLS either; and a host that is silent once is not waited for twice.
      if (greeted.problem.kind === 'timeout') break;
    }
  }
  return undefined;
}

/** Where to ask for a socket's address, best first. */
function reachable(address: string): string[] {
  if (address !== '0.0.0.0' && address !== '::') return [address];
  const own = ownAddresses().filter(isPublicSide);
  const ipv4 = own.filter((each) => !each.includes(':')).slice(0, 1);
  if (address === '0.0.0.0') return [...ipv4, '127.0.0.1'];
  const ipv6 = own.filter((each) => each.includes(':')).slice(0, 1);
  return [...ipv4, ...ipv6, '127.0.0.1', '::1'];
}

/** Neither loopback nor link-local. */
function isPublicSide(address: string): boolean {
  return !/^(?:127\.|169\.254\.|::1$|fe[89ab][0-9a-f]:)/i.test(address);
}

function stillServes({ address, port, implicitTls, startTls }: Port): Proof {
  return {
    port,
    claim: `port ${port} still serves${startTls === 'works' ? ', and STARTTLS on it works' : ''}`,
    prove: async () => {
      const greeted = await greet(address, port, { implicitTls, timeoutMs });
      if (!greeted.ok) return greeted;
      return startTls === 'works' ? startTlsWorks(port, greeted.value) : ok(evidence(greeted.value));
    },
  };
}

function startTlsWorks(port: number, greeting: Greeting): Result<string> {
  if (greeting.startTls === 'works') return ok(evidence(greeting));
  const current = greeting.busy
    ? 'it is too busy to tell'
    : greeting.startTls === 'absent'
      ? 'it is not offered any more'
      : `it is offered, then: ${greeting.tls}`;
  return fail('no', `cannot trust port ${port}: STARTTLS must work as it did before: ${current}`);
}

function evidence({ banner, tls, busy }: Greeting): string {
  return `${busy ? '421' : '220'} ${banner.split('\n')[0] ?? ''}${tls === '' ? '' : `; ${tls}`}`;
}
