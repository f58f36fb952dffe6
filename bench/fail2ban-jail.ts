// The well-known recipe's two files, in Debian's fail2ban and in Portreeve's agent, on one machine and one log:
// node bench/fail2ban-jail.ts [--addresses N]
//
// Both ban through nftables, each in a table of its own. A line for each address is written to the log; what is
// measured is the time until the kernel has the ban, as `nft monitor` tells of both, and whether the same
// addresses are banned. First in a busy log, a line each 100 ms; then, with a tenth of the addresses, in a calm
// one, a line each 2.5 s: fail2ban looks at the log the more seldom the calmer it is. Last, alone, the floor: a
// program that does nothing else but read the line and write the ban (jail-floor.ts). Needs root; everything
// happens in namespaces. Exit status 1 if a ban is missing or the agent is not a thousand times as soon.

import { appendFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { checkout } from '../src/host/checkout.ts';
import { systemClock } from '../src/host/clock.ts';
import { nodePath } from '../src/host/node-path.ts';
import { startFail2ban } from '../src/lab/defence/fail2ban.ts';
import { openMachine } from '../src/lab/machine.ts';
import { preparePackages } from '../src/lab/packages.ts';

const { values } = parseArgs({ options: { addresses: { type: 'string', default: '100' } } });
const count = Number(values.addresses);
const tree = await preparePackages({ fail2ban: true, tell: (line) => console.log(line) });
if (!tree.ok) throw new Error(tree.problem.message);
const opened = await openMachine(tree.value, { name: 'mx.example.test', address: '192.0.2.25' });
if (!opened.ok) throw new Error(opened.problem.message);
const machine = opened.value;
try {
  await measure();
} finally {
  await machine.close();
}

async function measure(): Promise<void> {
  const log = '/var/log/exim4/mainlog';
  await machine.succeed('make the logs', [
    'sh',
    '-eu',
    '-c',
    `mkdir -p /var/log/exim4; : > ${log}; : > /var/log/exim4/other`,
  ]);
  const fail2ban = await startFail2ban(machine, () => undefined);
  if (!fail2ban.ok) throw new Error(fail2ban.problem.message);
  await machine.succeed('make the table of the floor', [
    'nft',
    'add table inet floor; add set inet floor banned4 { type ipv4_addr; flags timeout; }',
  ]);
  const banned = {
    ours: new Map<string, number>(),
    theirs: new Map<string, number>(),
    floor: new Map<string, number>(),
  };
  const errors: string[] = [];
  const ready: unknown[] = [];
  const agent = machine.start(
    [
      nodePath,
      `${checkout}/src/cli/main.ts`,
      '--json',
      'agent',
      '--firewall=nft',
      '--log=/var/log/exim4/other',
      '--set=fail2ban.config=/etc/fail2ban',
    ],
    {
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', PORTREEVE_STATE: '/tmp/portreeve' },
      onLine: (line) => {
        const record = JSON.parse(line) as { readonly type: string };
        if (record.type === 'jails') ready.push(record);
      },
      onErrorLine: (line) => errors.push(line),
    },
  );
  for (let waited = 0; ready.length === 0 && waited < 30_000; waited += 50) await systemClock.sleep(50);
  if (ready.length === 0) throw new Error(errors.join('\n'));
  // It knows the sets that are there when it starts.
  const monitor = machine.start(['nft', 'monitor'], {
    onLine: (line) => {
      const at = now();
      const [, table = '', address = ''] =
        /^(?:add|create) element inet (\S+) \S+ \{ ([\d.]+)/.exec(line) ?? [];
      const by =
        table === 'floor' ? banned.floor : table.startsWith('portreeve') ? banned.ours : banned.theirs;
      if (address !== '' && !by.has(address)) by.set(address, at);
    },
  });
  await systemClock.sleep(1500);

  const busy = await write(log, 1, count, 100);
  const calm = await write(log, count + 1, Math.ceil(count / 10), 2500);
  await systemClock.sleep(8000);
  const theirs = await fail2ban.value.bans();
  const listed = await machine.succeed('look at the bans', ['nft', 'list', 'table', 'inet', 'portreeve_all']);
  agent.signal('SIGTERM');
  await fail2ban.value.stop();
  const least = await writeToFloor();
  monitor.signal('SIGTERM');
  if (!theirs.ok || !listed.ok) throw new Error(JSON.stringify([theirs, listed]));

  const missing = theirs.value.filter(({ address }) => !listed.value.stdout.includes(`${address} timeout`));
  console.log(
    `${busy.size + calm.size} addresses, a line each; banned by fail2ban: ${theirs.value.length}, of these missing with Portreeve: ${missing.length}`,
  );
  const ratios = [
    tell('busy log, a line each 100 ms', busy, banned),
    tell('calm log, a line each 2.5 s', calm, banned),
  ];
  const floor = took(least, banned.floor);
  console.log(
    `the floor, a line each 100 ms: median ${middle(floor).toFixed(2)} ms, the slowest ${late(floor).toFixed(2)} ms`,
  );
  process.exitCode = missing.length === 0 && ratios.every((ratio) => ratio >= 1000) ? 0 : 1;
}

/** The same lines for the program that does the least; returns when. */
async function writeToFloor(): Promise<Map<string, number>> {
  const log = '/var/log/exim4/floor';
  await machine.succeed('make the log of the floor', ['sh', '-c', `: > ${log}`]);
  const ready: string[] = [];
  const program = machine.start([nodePath, `${checkout}/bench/jail-floor.ts`, log], {
    onLine: (line) => ready.push(line),
  });
  for (let waited = 0; ready.length === 0 && waited < 10_000; waited += 50) await systemClock.sleep(50);
  const written = await write(log, 1, count, 100);
  await systemClock.sleep(500);
  program.signal('SIGTERM');
  return written;
}

/** Writes a line about each of so many addresses; returns when. */
async function write(log: string, from: number, many: number, pace: number): Promise<Map<string, number>> {
  const written = new Map<string, number>();
  for (let place = from; place < from + many; place += 1) {
    const address = `198.18.${place >> 8}.${place & 255}`;
    const stamp = new Date().toISOString().slice(0, 19).replace('T', ' ');
    const line = `${stamp} Connection from [${address}] refused: too many connections\n`;
    written.set(address, now());
    appendFileSync(`${machine.root}${log}`, line);
    await systemClock.sleep(pace);
  }
  return written;
}

/** Prints how long both took from the line to the kernel, and returns how many times as soon ours was. */
function tell(
  name: string,
  written: ReadonlyMap<string, number>,
  banned: { readonly ours: ReadonlyMap<string, number>; readonly theirs: ReadonlyMap<string, number> },
): number {
  const [mine, other] = [took(written, banned.ours), took(written, banned.theirs)];
  const ratio = middle(other) / middle(mine);
  console.log(
    `${name}: from the line to the kernel, median: fail2ban ${middle(other).toFixed(0)} ms, Portreeve ${middle(mine).toFixed(2)} ms: ${ratio.toFixed(0)} times as soon (at least 1000 are asked for); the slowest of a hundred: ${late(other).toFixed(0)} ms, ${late(mine).toFixed(2)} ms: ${(late(other) / late(mine)).toFixed(0)} times`,
  );
  return ratio;
}

/** Milliseconds from each line to its ban. */
function took(written: ReadonlyMap<string, number>, by: ReadonlyMap<string, number>): number[] {
  return [...written].map(([address, at]) => (by.get(address) ?? Number.POSITIVE_INFINITY) - at);
}

/** Milliseconds since 1970, to the microsecond: the wall clock's, as in fail2ban's own log. */
function now(): number {
  return performance.timeOrigin + performance.now();
}

function middle(values_: readonly number[]): number {
  return values_.toSorted((a, b) => a - b)[values_.length >> 1] ?? Number.NaN;
}

function late(values_: readonly number[]): number {
  return values_.toSorted((a, b) => a - b)[Math.floor(values_.length * 0.99)] ?? Number.NaN;
}
