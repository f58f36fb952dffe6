// How long a look at a mail server takes, against swaks, start-up included:
//
//     npm run bench:tls-test [-- --runs N]
//
// `portreeve tls test HOST` and `swaks --server HOST -a -tls -q HELO` in turn, on one Exim of Debian's in a lab machine,
// medians, both in the same plain environment: what a developer's machine adds to it (such as NODE_EXTRA_CA_CERTS, which
// has Node read more certificates at every start) would count against one alone. Ours makes two more handshakes, for TLS 1.0 and 1.1. Exit status 1
// if the ratio is over 1.5.

import { parseArgs } from 'node:util';
import { checkout } from '../src/host/checkout.ts';
import { mailHost, openLab } from '../src/lab/lab.ts';

const { values } = parseArgs({ options: { runs: { type: 'string', default: '15' } } });
const runs = Number(values.runs);
const target = 1.5;

const opened = await openLab({ tell: () => undefined });
if (!opened.ok) throw new Error(opened.problem.message);
const machine = opened.value;

/** Milliseconds of each run, after one that warms up; measured in the machine, so that entering it does not count. */
const script = `
runs=$1; shift
"$@" >/dev/null 2>&1
while [ $runs -gt 0 ]; do
  start=$(date +%s%N); "$@" >/dev/null 2>&1; end=$(date +%s%N)
  echo $(( (end - start) / 1000 )); runs=$((runs - 1))
done`;

async function measured(argv: readonly string[], times: number): Promise<number[]> {
  const { PATH = '' } = process.env;
  const env = { PATH, HOME: '/root', LANG: 'C.UTF-8', NODE_COMPILE_CACHE: '/root/compiled' };
  const ran = await machine.succeed('measure', ['sh', '-c', script, 'sh', String(times), ...argv], { env });
  if (!ran.ok) throw new Error(ran.problem.message);
  return ran.value.stdout
    .trim()
    .split('\n')
    .map((line) => Number(line) / 1000);
}

const commands = {
  swaks: ['swaks', '--server', mailHost, '-a', '-tls', '-q', 'HELO'],
  ours: [`${checkout}/bin/portreeve`, 'tls', 'test', mailHost],
} as const;
const times: Record<keyof typeof commands, number[]> = { swaks: [], ours: [] };
// A few of each in turn: a machine that is busy for a while is busy for both.
for (let round = 0; round < 3; round += 1) {
  for (const name of ['swaks', 'ours'] as const)
    times[name].push(...(await measured(commands[name], Math.ceil(runs / 3))));
}
await machine.close();

function median(all: readonly number[]): number {
  return all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? Number.NaN;
}
const ratio = median(times.ours) / median(times.swaks);
for (const name of ['swaks', 'ours'] as const)
  console.log(`${name.padEnd(6)} ${median(times[name]).toFixed(0)} ms (${commands[name].join(' ')})`);
console.log(`ratio  ${ratio.toFixed(2)} (asked: at most ${target})`);
process.exitCode = ratio <= target ? 0 : 1;
