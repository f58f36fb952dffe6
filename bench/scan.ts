// How fast logs are read, against the programs that people use for it, and how well:
//
//     npm run bench:scan [-- --lines N] [--small] [--corpus DIR]
//
//   guard scan   against fail2ban-regex (Debian's, exim[mode=aggressive], on the first 200,000 lines)
//                and against `rg -c` with four literals
//   log stats    against eximstats (exim4-base), on the first 200,000 lines, with the same counts
//
// All in one run on one machine, one after another in turn, medians of five; every figure is a ratio. Then the
// peak memory on ten times the log (3.8 GB; --small leaves that out), what the hostile corpus does to the grammar,
// and with --corpus what tools/conformance.ts says of the logs of Exim's test suite in that folder. Peers are unpacked from Debian's packages into
// .cache/bench, never installed. Exit status 1 if a target is missed.

import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { unpackDeb } from '../src/host/unpack-deb.ts';
import { writeAttackLog } from './attack-log.ts';
import { tryHostileCorpus } from './hostile-corpus.ts';

interface Ran {
  readonly seconds: number;
  /** Peak resident memory, megabytes. */
  readonly memory: number;
  readonly output: string;
}

const { values } = parseArgs({
  options: {
    lines: { type: 'string', default: '3000000' },
    small: { type: 'boolean', default: false },
    corpus: { type: 'string' },
  },
});
const lines = Number(values.lines);
const headLines = Math.min(200_000, lines);
const root = join(import.meta.dirname, '..');
const folder = join(root, '.cache', 'bench');
const peers = join(folder, 'peers');
const log = join(folder, 'attack.log');
const head = join(folder, 'head.log');
const runs = 5;

mkdirSync(folder, { recursive: true });
await preparePeers();
const size = writeAttackLog(log, lines);
writeAttackLog(head, headLines);
const headSize = statSync(head).size;
console.log(`${lines} lines, ${(size / 1e6).toFixed(0)} MB; medians of ${runs}, in turn`);

const literals = [
  'refused: too many connections',
  'authenticator failed',
  'rejected RCPT',
  'synchronization error',
];
const portreeve = join(root, 'bin', 'portreeve');
const commands = {
  scan: [portreeve, 'guard', 'scan', log, '--json'],
  ripgrep: [join(peers, 'usr/bin/rg'), '-c', ...literals.flatMap((literal) => ['-e', literal]), log],
  stats: [portreeve, 'log', 'stats', log, '--json'],
  headStats: [portreeve, 'log', 'stats', head, '--json'],
  eximstats: ['/usr/bin/perl', join(peers, 'usr/sbin/eximstats'), '-t0', '-nr', head],
  fail2ban: [
    '/usr/bin/python3',
    join(peers, 'usr/bin/fail2ban-regex'),
    '-c',
    join(peers, 'etc/fail2ban'),
    head,
    'exim[mode=aggressive]',
  ],
} as const;

const results = new Map<keyof typeof commands, Ran[]>();
for (let round = 0; round < runs; round += 1) {
  for (const name of Object.keys(commands) as (keyof typeof commands)[]) {
    results.set(name, [...(results.get(name) ?? []), await run(commands[name])]);
  }
}

const median = (name: keyof typeof commands): Ran => {
  const sorted = (results.get(name) ?? []).toSorted((a, b) => a.seconds - b.seconds);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error(`${name} has not run`);
  return middle;
};

let missed = 0;
const scan = median('scan');
const linesPerSecond = lines / scan.seconds;
show(
  'guard scan, lines/s over fail2ban-regex',
  linesPerSecond / (headLines / median('fail2ban').seconds),
  100,
);
show('guard scan, speed over rg -c (4 literals)', median('ripgrep').seconds / scan.seconds, 0.4);
show(
  'log stats, bytes/s over eximstats',
  size / median('stats').seconds / (headSize / median('eximstats').seconds),
  15,
);
atMost('guard scan, peak memory, MB', scan.memory, 150);
if (!values.small) {
  const large = join(folder, 'large.log');
  copyFileSync(log, large);
  const once = readFileSync(log);
  for (let copy = 1; copy < 10; copy += 1) appendFileSync(large, once);
  const ran = await run([portreeve, 'guard', 'scan', large, '--json']);
  atMost(
    `the same on ${(statSync(large).size / 1e9).toFixed(1)} GB (${ran.seconds.toFixed(1)} s)`,
    ran.memory,
    150,
  );
  rmSync(large);
}
compare();
const hostile = tryHostileCorpus();
atMost(`hostile corpus (${hostile.lines} lines), wrong addresses`, hostile.wrongAddresses, 0);
atMost('hostile corpus, slowest line, ms', hostile.milliseconds, 5);
if (values.corpus !== undefined) conform(values.corpus);
process.exitCode = missed === 0 ? 0 : 1;

function show(what: string, ratio: number, target: number): void {
  report(what, `${ratio.toFixed(2)} x`, `at least ${target} x`, ratio >= target);
}

function atMost(what: string, value: number, target: number): void {
  report(what, value.toFixed(0), `at most ${target}`, value <= target);
}

function report(what: string, value: string, target: string, met: boolean): void {
  if (!met) missed += 1;
  console.log(`${met ? 'ok    ' : 'MISSED'}  ${what.padEnd(46)} ${value.padStart(10)}  (${target})`);
}

function conform(corpus: string): void {
  const argv = [join(root, 'tools', 'conformance.ts'), '--corpus', corpus];
  const ran = spawnSync(process.execPath, argv, { encoding: 'utf8' });
  const figures = /([\d.]+) % other without.*, (\d+) rendered differently, (\d+) exceptions/.exec(ran.stdout);
  const [, other = '100', differ = '-1', exceptions = '-1'] = figures ?? [];
  report("Exim's test logs, other without a reason, %", other, 'at most 0.5', Number(other) <= 0.5);
  report("Exim's test logs, rendered differently", differ, 'none', differ === '0');
  report("Exim's test logs, exceptions", exceptions, 'none', exceptions === '0');
}

/** The same messages, volumes and rejects as eximstats gives on the same file. */
function compare(): void {
  const ours = JSON.parse(median('headStats').output) as {
    received: { messages: number; bytes: number };
    delivered: { messages: number; addresses: number; bytes: number };
    rejects: number;
    temporaryRejects: number;
  };
  const theirs = median('eximstats').output;
  const row = (name: string): string[] =>
    new RegExp(`^  ${name} +(.*)$`, 'm').exec(theirs)?.[1]?.split(/ +/) ?? [];
  const volume = (bytes: number): string => `${Math.round(bytes / 1024 / 1024)}MB`;
  const [receivedVolume, received] = row('Received');
  const [deliveredVolume, delivered, addresses] = row('Delivered');
  const equal =
    received === String(ours.received.messages) &&
    receivedVolume === volume(ours.received.bytes) &&
    delivered === String(ours.delivered.messages) &&
    addresses === String(ours.delivered.addresses) &&
    deliveredVolume === volume(ours.delivered.bytes) &&
    (row('Rejects')[0] ?? '0') === String(ours.rejects) &&
    (row('Temp Rejects')[0] ?? '0') === String(ours.temporaryRejects);
  report('log stats, same figures as eximstats', equal ? 'equal' : 'different', 'equal', equal);
}

async function run(argv: readonly string[]): Promise<Ran> {
  const [program = '', ...args] = argv;
  const start = performance.now();
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, PYTHONPATH: join(peers, 'usr/lib/python3/dist-packages') },
  });
  let output = '';
  let memory = 0;
  const watch = setInterval(() => {
    memory = Math.max(memory, peakMemory(child.pid));
  }, 20);
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    memory = Math.max(memory, peakMemory(child.pid));
  });
  await new Promise((resolve) => child.on('close', resolve));
  clearInterval(watch);
  return { seconds: (performance.now() - start) / 1000, memory, output };
}

function peakMemory(pid: number | undefined): number {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0; // It has just ended.
  }
}

async function preparePeers(): Promise<void> {
  const wanted = ['ripgrep', 'fail2ban', 'exim4-base'];
  if (existsSync(join(peers, 'usr/sbin/eximstats')) && existsSync(join(peers, 'usr/bin/rg'))) return;
  const archives = join(folder, 'archives');
  mkdirSync(archives, { recursive: true });
  const fetched = spawnSync('apt-get', ['-qq', '-o', 'APT::Sandbox::User=root', 'download', ...wanted], {
    cwd: archives,
  });
  if (fetched.status !== 0)
    throw new Error(`apt-get download ${wanted.join(' ')}: ${fetched.stderr.toString()}`);
  const listed = spawnSync('ls', [archives], { encoding: 'utf8' }).stdout.trim().split('\n');
  for (const archive of listed) {
    const unpacked = await unpackDeb(join(archives, archive), peers);
    if (!unpacked.ok) throw new Error(unpacked.problem.message);
  }
  rmSync(archives, { recursive: true });
}
