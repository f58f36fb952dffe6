/**
 * Exim as a service whose folder is changed: every port that served before the change has to serve
 * after it, and where a STARTTLS handshake succeeded it has to succeed. A key that does not fit its
 * certificate is found by just that: Exim starts, offers STARTTLS, and answers 454.
 */
import { z } from 'zod';
import { fail, ok, type Result } from '../base/result.ts';
import type { Clock } from '../host/clock.ts';
import { type Daemon, findDaemon } from '../exim/daemon.ts';
import { type Greeting, greet } from '../exim/greeting.ts';
import { putInForce } from '../exim/put-in-force.ts';
import { rehearseConfiguration } from '../exim/rehearse-configuration.ts';
import { askedFromOutside } from './asked-from-outside.ts';
import type { Proof } from './change.ts';
import { formatProbe, parseProbe, type Probe } from './probe.ts';
import { probeProof } from './prove-probe.ts';
import { readProbes } from './read-probes.ts';
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
  /** The probes that held before, as they are written. */
  probes: z.array(z.string()),
});

export function eximService(clock: Clock): Service {
  return {
    name: 'Exim',
    secrets: { group: 'Debian-exim', mode: 0o640 },
    rehearse: rehearseConfiguration,
    attach: async () => {
      const probes = await readProbes();
      if (!probes.ok) return probes;
      const daemon = await findDaemon();
      if (daemon === undefined) return ok(attached(undefined, [], [], clock));
      return ok(attached(daemon, await servedPorts(daemon), await thatHold(probes.value), clock));
    },
    reattach: (memo) => {
      const read = memoShape.safeParse(memo);
      return read.success
        ? attached(read.data.daemon, read.data.ports, read.data.probes.flatMap(probeOf), clock)
        : undefined;
    },
    beforeStart: async () =>
      (await findDaemon()) === undefined ? attached(undefined, [], [], clock) : undefined,
  };
}

/** A probe that does not hold now may be what the change mends: it is not held against it. */
async function thatHold(probes: readonly Probe[]): Promise<Probe[]> {
  const asked = await Promise.all(
    probes.map(async (probe) => ((await probeProof(probe).prove()).ok ? [probe] : [])),
  );
  return asked.flat();
}

function probeOf(text: string): Probe[] {
  const probe = parseProbe(text);
  return probe.ok ? [probe.value] : [];
}

function attached(
  daemon: Daemon | undefined,
  ports: readonly Port[],
  probes: readonly Probe[],
  clock: Clock,
): Attached {
  return {
    memo: { ...(daemon === undefined ? {} : { daemon }), ports, probes: probes.map(formatProbe) },
    reload: async () => await putInForce(daemon, clock),
    proofs: [...ports.map(stillServes), ...probes.map(probeProof)],
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
    if (!addresses.has(port)) addresses.set(port, askedFromOutside(address));
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
