// How fast filters of fail2ban's run, against fail2ban-regex of Debian's package: node bench/fail2ban.ts [--lines N]
//
//   exim[mode=aggressive] and the one-line recipe on Exim's log under attack; sshd and postfix on logs of
//   the same size, made of the shapes of lines that those write
//
// All in one run on one machine, one after another in turn, medians of three; every figure is a ratio of the
// whole commands' times, and both must count the same lines. The package is unpacked into the cache, never
// installed. Exit status 1 if a target is missed or the counts differ.

import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { preparePackages } from '../src/lab/packages.ts';
import { writeAttackLog } from './attack-log.ts';

const { values } = parseArgs({ options: { lines: { type: 'string', default: '200000' } } });
const lines = Number(values.lines);
const root = join(import.meta.dirname, '..');
const folder = join(root, '.cache', 'bench');
const runs = 3;

mkdirSync(folder, { recursive: true });
const tree = await preparePackages({ fail2ban: true, tell: (line) => console.log(line) });
if (!tree.ok) throw new Error(tree.problem.message);
const configuration = join(tree.value, 'etc/fail2ban');

const exim = join(folder, 'fail2ban-exim.log');
const sshd = join(folder, 'fail2ban-sshd.log');
const postfix = join(folder, 'fail2ban-postfix.log');
writeAttackLog(exim, lines);
writeSyslog(sshd, sshdLine);
writeSyslog(postfix, postfixLine);

const cases = [
  { log: exim, filter: 'exim[mode=aggressive]', target: 20 },
  { log: exim, filter: '\\[<HOST>\\] .*refused: too many connections', target: 20 },
  { log: sshd, filter: 'sshd', target: 10 },
  { log: postfix, filter: 'postfix', target: 10 },
] as const;

let missed = 0;
console.log(`${lines} lines a log; medians of ${runs}, in turn`);
for (const { log, filter, target } of cases) {
  const ours: number[] = [];
  const theirs: number[] = [];
  const counts = new Set<string>();
  for (let round = 0; round < runs; round += 1) {
    const mine = timed([
      join(root, 'bin/portreeve'),
      'fail2ban',
      'check',
      log,
      filter,
      '--folder',
      configuration,
    ]);
    const other = timed([
      '/usr/bin/python3',
      join(tree.value, 'usr/bin/fail2ban-regex'),
      '-r',
      '-c',
      configuration,
      log,
      filter,
    ]);
    ours.push(mine.seconds);
    theirs.push(other.seconds);
    counts.add(
      /lines: \d+: (\d+) ignored, (\d+) matched/.exec(mine.output)?.slice(1).join(' ') ?? 'none of ours',
    );
    counts.add(
      /Lines: \d+ lines, (\d+) ignored, (\d+) matched/.exec(other.output)?.slice(1).join(' ') ??
        'none of theirs',
    );
  }
  const ratio = median(theirs) / median(ours);
  const met = ratio >= target && counts.size === 1;
  if (!met) missed += 1;
  console.log(
    `${met ? 'ok    ' : 'MISSED'}  ${filter.padEnd(44)} ${ratio.toFixed(1).padStart(6)} x (at least ${target} x)  ` +
      `${median(ours).toFixed(2)} s against ${median(theirs).toFixed(2)} s, ignored and matched: ${[...counts].join(' | ')}`,
  );
}
process.exitCode = missed === 0 ? 0 : 1;

function median(seconds: readonly number[]): number {
  return seconds.toSorted((a, b) => a - b)[Math.floor(seconds.length / 2)] ?? Number.NaN;
}

function timed([program = '', ...args]: readonly string[]): {
  readonly seconds: number;
  readonly output: string;
} {
  const packages = tree.ok ? join(tree.value, 'usr/lib/python3/dist-packages') : '';
  const start = performance.now();
  const ran = spawnSync(program, args, {
    encoding: 'utf8',
    env: { ...process.env, PYTHONPATH: packages },
    maxBuffer: 64 * 1024 * 1024,
  });
  return { seconds: (performance.now() - start) / 1000, output: ran.stdout };
}

function writeSyslog(path: string, line: (random: (below: number) => number) => string): void {
  const file = openSync(path, 'w');
  let state = 20_261_124;
  const random = (below: number): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
  let block = '';
  for (let count = 0; count < lines; count += 1) {
    const at = new Date(Date.UTC(2026, 10, 1) + count * 1000);
    const stamp = `Nov ${String(at.getUTCDate()).padStart(2)} ${at.toISOString().slice(11, 19)}`;
    block += `${stamp} mx ${line(random)}\n`;
    if (block.length < 1_000_000) continue;
    writeSync(file, block);
    block = '';
  }
  writeSync(file, block);
  closeSync(file);
}

function attacker(random: (below: number) => number): string {
  return `198.${18 + random(2)}.${random(40)}.${random(256)}`;
}

/** Nine in ten are guesses, as on a server that is found. */
function sshdLine(random: (below: number) => number): string {
  const process_ = `sshd[${1000 + random(30_000)}]`;
  const peer = `${attacker(random)} port ${1024 + random(60_000)}`;
  const user = ['root', 'admin', 'test', 'oracle', 'git'][random(5)];
  const choice = random(10);
  if (choice < 3) return `${process_}: Failed password for invalid user ${user} from ${peer} ssh2`;
  if (choice < 5) return `${process_}: Failed password for root from ${peer} ssh2`;
  if (choice < 7) return `${process_}: Invalid user ${user} from ${peer}`;
  if (choice < 8) return `${process_}: Connection closed by authenticating user ${user} ${peer} [preauth]`;
  if (choice < 9) return `${process_}: Received disconnect from ${peer}:11: Bye Bye [preauth]`;
  return `CRON[${random(30_000)}]: pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)`;
}

function postfixLine(random: (below: number) => number): string {
  const process_ = `postfix/smtpd[${1000 + random(30_000)}]`;
  const peer = `unknown[${attacker(random)}]`;
  const choice = random(10);
  if (choice < 3) return `${process_}: warning: ${peer}: SASL LOGIN authentication failed: UGFzc3dvcmQ6`;
  if (choice < 6) {
    return `${process_}: NOQUEUE: reject: RCPT from ${peer}: 554 5.7.1 <u${random(9000)}@example.com>: Relay access denied; from=<a@b.example> to=<u@example.com> proto=ESMTP helo=<x>`;
  }
  if (choice < 7) return `${process_}: lost connection after AUTH from ${peer}`;
  if (choice < 8) return `${process_}: connect from ${peer}`;
  if (choice < 9) return `${process_}: disconnect from ${peer} ehlo=1 auth=0/1 quit=1 commands=2/3`;
  return `postfix/qmgr[812]: ${random(900_000)}A: from=<a@b.example>, size=${random(90_000)}, nrcpt=1 (queue active)`;
}
