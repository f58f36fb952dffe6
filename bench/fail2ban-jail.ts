// The well-known recipe's two files, in Debian's fail2ban and in Portreeve's agent, on one machine and one log:
// node bench/fail2ban-jail.ts [--addresses N]
//
// Both ban through nftables, each in a table of its own. A line for each address is written to the log; what is
// measured is the time until it is banned, by fail2ban's own log and by the agent's records, and whether the
// same addresses are banned. Needs root; everything happens in namespaces. Exit status 1 if a ban is missing
// or the agent is not a thousand times as soon.

import { appendFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { GuardRecord } from '../src/guard/record.ts';
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
  const ours = new Map<string, number>();
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
        const record = JSON.parse(line) as GuardRecord | { readonly type: 'jails' };
        if (record.type === 'jails') ready.push(record);
        else if (record.type === 'jail-ban') ours.set(record.address, now());
      },
      onErrorLine: (line) => errors.push(line),
    },
  );
  for (let waited = 0; ready.length === 0 && waited < 30_000; waited += 50) await systemClock.sleep(50);
  if (ready.length === 0) throw new Error(errors.join('\n'));
  await systemClock.sleep(1500);

  const written = new Map<string, number>();
  for (let place = 1; place <= count; place += 1) {
    const address = `198.18.${place >> 8}.${place & 255}`;
    const stamp = new Date().toISOString().slice(0, 19).replace('T', ' ');
    written.set(address, now());
    appendFileSync(
      `${machine.root}${log}`,
      `${stamp} Connection from [${address}] refused: too many connections\n`,
    );
    await systemClock.sleep(100);
  }
  await systemClock.sleep(8000);
  const theirs = await fail2ban.value.bans();
  const listed = await machine.succeed('look at the bans', ['nft', 'list', 'table', 'inet', 'portreeve_all']);
  agent.signal('SIGTERM');
  await fail2ban.value.stop();
  if (!theirs.ok || !listed.ok) throw new Error(JSON.stringify([theirs, listed]));

  const banned = new Set(theirs.value.map(({ address }) => address));
  const inKernel = [...written.keys()].filter((address) =>
    listed.value.stdout.includes(`${address} timeout`),
  );
  const missing = [...banned].filter((address) => !inKernel.includes(address));
  const mine = [...ours].map(([address, at]) => at - (written.get(address) ?? at));
  const other = theirs.value.map(({ address, at }) => at - (written.get(address) ?? at));
  const ratio = middle(other) / middle(mine);
  console.log(
    `${count} addresses, a line each; banned by fail2ban: ${banned.size}, by Portreeve: ${inKernel.length}, of fail2ban's missing: ${missing.length}`,
  );
  console.log(
    `from the line to the ban, median: fail2ban ${middle(other).toFixed(0)} ms, Portreeve ${middle(mine).toFixed(2)} ms: ${ratio.toFixed(0)} times as soon (at least 1000 are asked for)`,
  );
  console.log(
    `and the slowest of a hundred: fail2ban ${late(other).toFixed(0)} ms, Portreeve ${late(mine).toFixed(2)} ms`,
  );
  process.exitCode = missing.length === 0 && inKernel.length === count && ratio >= 1000 ? 0 : 1;
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
