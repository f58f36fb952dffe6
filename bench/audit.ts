// How long an audit takes, beside testssl.sh (Debian's 3.0.8): npm run bench:audit [-- --rounds N] [-- --without-testssl]
//
// Against a stock Exim in a lab machine, with smtp_accept_max = 20 (its default) and 200; medians of the rounds, in
// turn, whole processes by the wall clock. testssl.sh runs once for each, last, with its defaults. Exit status 1 if a
// target is missed: 4 s and complete with 20, 1.5 s with 200, never more than 10 connections at once. Last,
// the drill's senders beside audits: all delivered, none delayed.

import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runDrill } from '../src/lab/drill.ts';
import type { DrillFigures } from '../src/lab/figures.ts';
import { mailHost, openLab } from '../src/lab/lab.ts';
import type { Machine } from '../src/lab/machine.ts';
import type { AuditDocument } from '../src/tls/audit/audit-document.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    'without-testssl': { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds);
const root = join(import.meta.dirname, '..');
const lab = await openLab({
  tell: (line) => {
    console.error(line);
  },
  more: [
    { name: 'testssl.sh', why: 'the tool to compare with' },
    { name: 'bind9-host', why: 'testssl.sh needs it' },
    { name: 'bsdextrautils', why: 'hexdump, for testssl.sh' },
  ],
});
if (!lab.ok) {
  console.error(lab.problem.message);
  process.exit(3);
}
let missed = 0;
try {
  const prepared = await lab.value.succeed('make a cache', ['mkdir', '/tmp/node-compile']);
  if (!prepared.ok) throw new Error(prepared.problem.message);
  // The first run of a program compiles it.
  await audit(lab.value);
  console.log('smtp_accept_max   portreeve (median of %d)   connections  at once   testssl.sh', rounds);
  for (const [slots, limit] of [
    [20, 4],
    [200, 1.5],
  ] as const) {
    await limitSlots(lab.value, slots);
    const seconds: number[] = [];
    let last: AuditDocument | undefined;
    for (let round = 0; round < rounds; round += 1) {
      const ran = await audit(lab.value);
      seconds.push(ran.seconds);
      last = ran.document;
      if (
        last.unknown.length > 0 ||
        last.versions.map((each) => each.suites.length).join() !== '0,0,6,6,18,4'
      ) {
        missed += 1;
        console.log(
          `MISSED  incomplete: ${JSON.stringify(last.unknown)} ${last.versions.map((each) => each.suites.length).join()}`,
        );
      }
      if (last.connections.mostAtOnce > 10) missed += 1;
    }
    const median = seconds.toSorted((a, b) => a - b)[Math.floor(rounds / 2)] ?? Number.NaN;
    const theirs = values['without-testssl'] ? undefined : await testssl(lab.value);
    const met = median <= limit;
    if (!met) missed += 1;
    const { made = 0, mostAtOnce = 0 } = last?.connections ?? {};
    const beside =
      theirs === undefined ? 'not run' : `${theirs.toFixed(1)} s (${(theirs / median).toFixed(0)} x)`;
    const ours = `${median.toFixed(2)} s (at most ${limit})`;
    console.log(
      [
        met ? 'ok    ' : 'MISSED',
        String(slots).padStart(8),
        ours.padStart(26),
        String(made).padStart(12),
        String(mostAtOnce).padStart(8),
        beside,
      ].join('  '),
    );
  }
  await limitSlots(lab.value, 20);
  await besideSenders(lab.value);
} finally {
  await lab.value.close();
}
process.exitCode = missed === 0 ? 0 : 1;

async function limitSlots(machine: Machine, slots: number): Promise<void> {
  const script = `sed -i /smtp_accept_max/d /etc/exim4/exim4.conf.localmacros
    echo 'smtp_accept_max = ${slots}' >> /etc/exim4/exim4.conf.localmacros
    update-exim4.conf; kill -HUP "$(cat /run/exim4/exim.pid)"; sleep 1`;
  const ran = await machine.succeed('set smtp_accept_max', ['sh', '-eu', '-c', script]);
  if (!ran.ok) throw new Error(ran.problem.message);
}

async function audit(machine: Machine): Promise<{ seconds: number; document: AuditDocument }> {
  const start = performance.now();
  const ran = await machine.run(
    [join(root, 'bin/portreeve'), '--json', 'tls', 'audit', mailHost, '--resolver', 'none'],
    // A checkout keeps what Node has compiled; the lab sees this one read-only.
    { env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', NODE_COMPILE_CACHE: '/tmp/node-compile' } },
  );
  const seconds = (performance.now() - start) / 1000;
  if (!ran.ok || ran.value.stdout === '') throw new Error(ran.ok ? ran.value.stderr : ran.problem.message);
  return { seconds, document: JSON.parse(ran.value.stdout) as AuditDocument };
}

async function testssl(machine: Machine): Promise<number> {
  const start = performance.now();
  const ran = await machine.run(
    [
      'bash',
      '/usr/bin/testssl',
      '--quiet',
      '--color',
      '0',
      '--warnings',
      'off',
      '--nodns',
      'min',
      '-t',
      'smtp',
      `${mailHost}:25`,
    ],
    {
      timeoutMs: 590_000,
      env: {
        PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
        TESTSSL_INSTALL_DIR: '/etc/testssl',
        HOME: '/root',
        TERM: 'dumb',
      },
    },
  );
  if (!ran.ok) throw new Error(ran.problem.message);
  return (performance.now() - start) / 1000;
}

/** The drill's senders alone, then with audits running beside them all the time: no message may be delayed. */
async function besideSenders(machine: Machine): Promise<void> {
  const alone = await drill(machine, async () => await Promise.resolve());
  let audits = 0;
  const beside = await drill(machine, async (signal) => {
    while (!signal.aborted) {
      await audit(machine);
      audits += 1;
    }
  });
  const words = ({ attempted, delivered, delaySeconds: { p95 } }: DrillFigures): string =>
    `${delivered} of ${attempted} delivered, p95 ${p95?.toFixed(2) ?? '-'} s`;
  // A sender that is turned away once tries again after 3 s; anything less is the machine's load.
  const met = beside.delivered === beside.attempted && (beside.delaySeconds.p95 ?? 9) < 1;
  if (!met) missed += 1;
  console.log(
    `${met ? 'ok    ' : 'MISSED'} 10 senders alone: ${words(alone)}; beside ${audits} audits: ${words(beside)}`,
  );
}

async function drill(
  machine: Machine,
  meanwhile: (signal: AbortSignal) => Promise<void>,
): Promise<DrillFigures> {
  const stop = new AbortController();
  const work = meanwhile(stop.signal);
  const figures = await runDrill(machine, {
    defence: 'none',
    seconds: 12,
    seed: 1,
    bots: [],
    senders: 10,
    known: 0,
    nat: false,
    signal: new AbortController().signal,
    tell: () => undefined,
  });
  stop.abort();
  await work;
  if (!figures.ok) throw new Error(figures.problem.message);
  return figures.value;
}
