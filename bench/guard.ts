// How fast the guard enforces, and what it costs: npm run bench:guard [latency|burst|restore|memory…]
//
// All on a lab machine (namespaces of its own, no Exim), with Debian's fail2ban beside it where it can do the
// same: the same lines in the same log, banning through nftables, with inotify (python3-pyinotify).
//
// - latency  log line written → first datagram of that address that does not arrive, one after the other
// - burst    2,000 addresses in one write of the log → all of them in the kernel's set
// - restore  the agent's process started with 100,000 stored bans → all in the kernel, beside one `nft -f` of the same
// - memory   the agent as bin/portreeve starts it, a million addresses with one sighting each → resident over idle
//
// DESIGN §9 says how good each has to be; the exit status is 1 where one is not.

import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Result } from '../src/base/result.ts';
import { checkout } from '../src/host/checkout.ts';
import { type Service, startService } from '../src/host/service.ts';
import { type Machine, openMachine } from '../src/lab/machine.ts';
import { joinNetworks, serverAddress } from '../src/lab/network.ts';
import { preparePackages } from '../src/lab/packages.ts';

const node = process.execPath;
const probe = join(import.meta.dirname, 'guard-probe.ts');
const log = '/var/log/bench/mainlog';
const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', PORTREEVE_STATE: '/var/lib/bench' };
const ban = ['guard.relay.maxretry=1', 'guard.firewall.ports=all'].flatMap((one) => ['--set', one]);

const [latencies, burstSize, restored, tracked] = [500, 2000, 100_000, 1_000_000];
const ourSet = ['portreeve', 'banned4'];
const theirSet = ['f2b-table', 'addr-set-relay'];

function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.problem.message);
  return result.value;
}

const failures: string[] = [];

function report(name: string, ours: string, theirs: string, holds: boolean, asked: string): void {
  console.log(
    `${holds ? 'ok  ' : 'MISS'} ${name.padEnd(46)} ${ours.padEnd(26)} ${theirs.padEnd(24)} ${asked}`,
  );
  if (!holds) failures.push(name);
}

async function machine(): Promise<Machine> {
  const tree = must(
    await preparePackages({
      fail2ban: true,
      more: [{ name: 'python3-pyinotify', why: 'so that fail2ban hears of changes at once' }],
      tell: (line) => process.stderr.write(`${line}\n`),
    }),
  );
  const opened = must(await openMachine(tree, { name: 'mx.example.test', address: serverAddress }));
  must(await joinNetworks(opened));
  must(
    await opened.succeed('make folders', [
      'mkdir',
      '-p',
      '/var/log/bench',
      '/run/fail2ban',
      '/var/lib/fail2ban',
    ]),
  );
  return opened;
}

interface Agent {
  readonly service: Service;
  readonly pid: number;
  /** Milliseconds from its start until the bans of before were in force, and until it was ready. */
  readonly restoredMs: number;
  readonly readyMs: number;
  stop(): Promise<void>;
}

async function agentIn(on: Machine | undefined, argv: readonly string[], environment = env): Promise<Agent> {
  const errors: string[] = [];
  let ready: (pid: number) => void = () => undefined;
  const isReady = new Promise<number>((resolve) => {
    ready = resolve;
  });
  const options = {
    env: environment,
    onLine: (line: string): void => {
      const record = JSON.parse(line) as { type: string; pid?: number };
      if (record.type === 'restored') restoredMs = performance.now() - start;
      if (record.type === 'ready') ready(record.pid ?? 0);
    },
    onErrorLine: (line: string): void => void errors.push(line),
  };
  let restoredMs = Number.NaN;
  const start = performance.now();
  const service = on === undefined ? startService(argv, options) : on.start(argv, options);
  void service.ended.then(() => {
    ready(-1);
  });
  const pid = await isReady;
  if (pid === -1) throw new Error(`the agent has ended: ${errors.join(' | ')}`);
  const readyMs = performance.now() - start;
  const stop = async (): Promise<void> => {
    if (on === undefined) process.kill(pid, 'SIGTERM');
    else await on.run(['sh', '-c', 'kill -TERM "$1"', 'sh', String(pid)]);
    await service.ended;
  };
  return { service, pid, restoredMs, readyMs, stop };
}

const ours = [
  // As it is installed: with what Node has compiled before.
  `${checkout}/bin/portreeve`,
  '--json',
  'agent',
  '--firewall',
  'nft',
  '--log',
  log,
  ...ban,
];

async function startFail2ban(on: Machine): Promise<void> {
  const setup = `
rm -f /etc/fail2ban/jail.d/*
cat > /etc/fail2ban/filter.d/relay.conf <<'END'
[Definition]
failregex = ^ H=\\S+ \\[<HOST>\\] F=<[^>]*> rejected RCPT .*relay not permitted$
ignoreregex =
END
cat > /etc/fail2ban/jail.d/relay.conf <<'END'
[DEFAULT]
banaction = nftables-allports
[relay]
enabled = true
filter = relay
protocol = udp
logpath = ${log}
maxretry = 1
bantime = 3600
END
`;
  must(await on.succeed('set up fail2ban', ['sh', '-eu', '-c', setup]));
  must(await on.succeed('start fail2ban', ['fail2ban-client', '-x', 'start'], { timeoutMs: 30_000 }));
  for (let tries = 0; tries < 100; tries += 1) {
    const status = must(await on.run(['fail2ban-client', 'status', 'relay']));
    if (status.status === 0) break;
    await sleep(100);
  }
}

async function probeIn<T>(on: Machine, mode: readonly (string | number)[], network?: string): Promise<T> {
  const argv = on.enter([node, probe, ...mode.map(String)], network);
  const lines: string[] = [];
  const errors: string[] = [];
  const service = startService(argv, {
    cwd: '/',
    env,
    onLine: (line) => void lines.push(line),
    onErrorLine: (line) => void errors.push(line),
  });
  await service.ended;
  if (lines[0] === undefined) throw new Error(`${mode[0]}: ${errors.join(' | ')}`);
  return JSON.parse(lines[0]) as T;
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

interface Latency {
  readonly p50: number;
  readonly p99: number;
  readonly never: number;
}

async function latency(on: Machine, count: number, wait: number): Promise<Latency> {
  const said: string[] = [];
  const sink = on.start([node, probe, 'sink'], { env, onLine: (line) => void said.push(line) });
  while (!said.includes('ready')) await sleep(20);
  const all = await probeIn<(number | null)[]>(on, ['latency', log, count, wait], 'wild');
  sink.finish();
  await sink.ended;
  const found = all.filter((one) => one !== null).toSorted((one, other) => one - other);
  return { p50: quantile(found, 0.5), p99: quantile(found, 0.99), never: all.length - found.length };
}

interface Burst {
  readonly seconds: number;
  readonly banned: number;
}

async function latencyAndBurst(which: ReadonlySet<string>): Promise<void> {
  const here = await machine();
  try {
    must(await here.succeed('make the log', ['touch', log]));
    const agent = await agentIn(here, ours);
    await sleep(1500);
    const own = which.has('latency') ? await latency(here, latencies, 3000) : undefined;
    const ownBurst = which.has('burst')
      ? await probeIn<Burst>(here, ['burst', log, burstSize, ...ourSet])
      : undefined;
    await agent.stop();
    must(await here.succeed('empty the log', ['truncate', '-s', '0', log]));
    must(await here.succeed('empty the firewall', ['nft', 'flush', 'ruleset']));
    await startFail2ban(here);
    await sleep(1500);
    if (own !== undefined) {
      const theirs = await latency(here, 15, 8000);
      const { p50, p99, never } = own;
      report(
        `line → packet dropped, ${latencies} bans`,
        `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms${never > 0 ? `, ${never} never` : ''}`,
        `p50 ${theirs.p50.toFixed(0)} ms of 15`,
        p50 <= 5 && p99 <= 25 && never === 0,
        'p50 ≤ 5 ms, p99 ≤ 25 ms',
      );
    }
    if (ownBurst !== undefined) {
      const theirs = await probeIn<Burst>(here, ['burst', log, burstSize, ...theirSet, 60]);
      report(
        `${burstSize.toLocaleString('en')} addresses in one burst, all banned`,
        `${ownBurst.seconds.toFixed(2)} s${ownBurst.banned < burstSize ? ` (${ownBurst.banned})` : ''}`,
        `${theirs.seconds.toFixed(1)} s for ${theirs.banned}`,
        ownBurst.banned === burstSize && ownBurst.seconds <= 0.5,
        '≤ 0.5 s',
      );
    }
    await here.run(['fail2ban-client', 'stop']);
  } finally {
    await here.close();
  }
}

function inSeconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}

async function restore(): Promise<void> {
  const here = await machine();
  try {
    must(await here.succeed('make the log', ['touch', log]));
    // The first start ever has all to compile; an agent that comes back has not.
    await (await agentIn(here, ours)).stop();
    const empty = await agentIn(here, ours);
    await empty.stop();
    await probeIn(here, ['fill', restored]);
    must(await here.succeed('empty the firewall', ['nft', 'flush', 'ruleset']));
    const agent = await agentIn(here, ours);
    const there = await probeIn<number>(here, ['count', ...ourSet]);
    const listed = must(
      await here.succeed('list the set', ['nft', 'list', 'ruleset'], { outputCap: 1 << 26 }),
    );
    await agent.stop();
    must(await here.succeed('empty the firewall', ['nft', 'flush', 'ruleset']));
    // The very same: table, rules and elements, as nft itself lists them.
    must(await here.succeed('write the set', ['sh', '-c', 'cat > /tmp/set.nft'], { input: listed.stdout }));
    const start = performance.now();
    must(await here.succeed('load the set', ['nft', '-f', '/tmp/set.nft']));
    const nft = performance.now() - start;
    const held = await probeIn<number>(here, ['count', ...ourSet]);
    if (held !== there) throw new Error(`nft -f put ${held} there, not ${there}`);
    report(
      `${there.toLocaleString('en')} stored bans in force after a start`,
      `${inSeconds(agent.restoredMs)} (ready ${inSeconds(agent.readyMs)}, with none ${inSeconds(empty.readyMs)})`,
      `nft -f: ${(nft / 1000).toFixed(2)} s`,
      there === restored && agent.restoredMs <= 1.5 * nft,
      `≤ 1.5 × nft -f = ${((1.5 * nft) / 1000).toFixed(2)} s`,
    );
  } finally {
    await here.close();
  }
}

/** Megabytes, as /proc/PID/status says; `VmHWM` is the most it ever was. */
function megabytes(pid: number, field: 'VmRSS' | 'VmHWM'): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const found = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status);
  return (Number(found?.[1]) * 1024) / 1e6;
}

function now(): string {
  const stamp = new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString();
  return `${stamp.slice(0, 10)} ${stamp.slice(11, 19)}`;
}

/** When a process stopped working, by performance.now(): it has all of the log behind it then, and has saved what it knows. */
async function untilIdle(pid: number): Promise<number> {
  let idleSince = performance.now();
  for (let before = cpuTicks(pid); performance.now() - idleSince < 3000; await sleep(250)) {
    const ticks = cpuTicks(pid);
    // Now and then it looks whether there is anything to do.
    if (ticks > before + 1) idleSince = performance.now();
    before = ticks;
  }
  return idleSince;
}

/** User and system time of all threads, in hundredths of a second (proc_pid_stat(5)). */
function cpuTicks(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return Number(fields[11]) + Number(fields[12]);
}

async function memory(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'portreeve-bench-'));
  const file = join(folder, 'mainlog');
  writeFileSync(file, '');
  const agent = await agentIn(undefined, [`${checkout}/bin/portreeve`, '--json', 'agent', '--log', file], {
    PATH: process.env['PATH'] ?? env.PATH,
    PORTREEVE_STATE: join(folder, 'state'),
  });
  try {
    await sleep(3000);
    const idle = megabytes(agent.pid, 'VmRSS');
    const start = performance.now();
    for (let from = 0; from < tracked; from += 20_000) {
      const time = now();
      const lines = Array.from({ length: 20_000 }, (_, at) => {
        const one = from + at;
        const peer =
          one % 2 === 0
            ? `${10 + (one >> 22)}.${(one >> 14) & 255}.${(one >> 6) & 255}.${one & 63}`
            : `2001:db8:${(one >> 12).toString(16)}:${(one & 0xfff).toString(16)}::1`;
        return `${time} plain authenticator failed for (x) [${peer}]: 535 Incorrect authentication data (set_id=user${one})\n`;
      });
      appendFileSync(file, lines.join(''));
      await sleep(50);
    }
    const seconds = (await untilIdle(agent.pid)) / 1000 - start / 1000;
    // What was read is rubbish by now; V8 clears it away when it has been idle for some seconds.
    await sleep(10_000);
    const over = megabytes(agent.pid, 'VmRSS') - idle;
    report(
      `${tracked.toLocaleString('en')} tracked addresses, over idle`,
      `${over.toFixed(0)} MB (idle ${idle.toFixed(0)}, peak ${megabytes(agent.pid, 'VmHWM').toFixed(0)})`,
      `${Math.round(tracked / seconds / 1000)} k lines/s`,
      over <= 128,
      '≤ 128 MB',
    );
  } finally {
    await agent.stop();
    rmSync(folder, { recursive: true });
  }
}

const asked = new Set(process.argv.slice(2));
const wants = (name: string): boolean => asked.size === 0 || asked.has(name);
console.log(`     ${''.padEnd(46)} ${'Portreeve'.padEnd(26)} ${'fail2ban, or peer'.padEnd(24)} asked`);
const pair = new Set(['latency', 'burst'].filter(wants));
if (pair.size > 0) await latencyAndBurst(pair);
if (wants('restore')) await restore();
if (wants('memory')) await memory();
process.exitCode = failures.length === 0 ? 0 : 1;
