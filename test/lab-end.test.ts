/** How a lab ends: nothing stays behind, however it dies, and what it says when it cannot run. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { checkout } from '../src/host/checkout.ts';
import { run } from '../src/host/run.ts';
import { openLab } from '../src/lab/lab.ts';
import { startExim } from '../src/lab/mail-server.ts';
import { eachNight } from './each-night.ts';
import { labDrill } from './lab-drill.ts';

const portreeve = new URL('../bin/portreeve', import.meta.url).pathname;
const skip = process.geteuid?.() === 0 ? false : 'needs root for namespaces and a real Exim';

const patient = { timeoutMs: 300_000 };

/** Stands in the environment of whatever these tests start: other labs may run on this machine. */
const mark = `PORTREEVE_TEST_MARK=${process.pid}`;
Object.assign(process.env, Object.fromEntries([mark.split('=')]));

interface Traces {
  /**
   * Command lines of what these tests have started. Process 1 of a machine is among them, and when it is
   * gone, so is by the kernel's word everything in the machine's process namespace.
   */
  readonly processes: readonly string[];
  readonly mounts: readonly string[];
  readonly interfaces: readonly string[];
}

/** What a lab could leave behind on this machine. */
function traces(): Traces {
  const processes = readdirSync('/proc').flatMap((pid) => {
    try {
      if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return [];
      if (!readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(mark)) return [];
      return [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')];
    } catch {
      return [];
    }
  });
  return {
    processes: processes.toSorted(),
    mounts: readFileSync('/proc/self/mounts', 'utf8').split('\n').toSorted(),
    interfaces: readdirSync('/sys/class/net').toSorted(),
  };
}

/** The kernel clears a machine away within moments of its end. */
async function assertNoTraces(before: Traces): Promise<void> {
  assert.deepEqual(before.processes, []);
  for (let waited = 0; waited < 10_000; waited += 100) {
    if (JSON.stringify(traces()) === JSON.stringify(before)) return;
    await pause(100);
  }
  assert.deepEqual(traces(), before);
}

async function pause(milliseconds: number): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}

/** Waits until the bots of a lab of ours are at work. */
async function attackIsOn(): Promise<void> {
  const isOn = (): boolean => traces().processes.some((command) => command.includes('lab/bin/bots'));
  for (let waited = 0; waited < 60_000 && !isOn(); waited += 100) await pause(100);
  assert.ok(isOn(), 'the attack is on');
}

test('kill -9 of the lab leaves nothing, and the next one works', { skip }, async () => {
  const before = traces();
  const child = spawn(portreeve, ['lab', 'drill', '--seconds', '60', '--bots', '5', '--senders', '2'], {
    stdio: 'ignore',
  });
  await attackIsOn();
  child.kill('SIGKILL');
  await assertNoTraces(before);
  const figures = await labDrill('--seconds', '5', '--bots', '0', '--senders', '2');
  assert.equal(figures.delivered, figures.attempted);
  await assertNoTraces(before);
});

test('Ctrl-C ends the drill in order', { skip: skip === false ? eachNight : skip }, async () => {
  const before = traces();
  const child = spawn(portreeve, ['lab', 'drill', '--seconds', '60', '--bots', '3', '--senders', '2'], {
    stdio: 'ignore',
  });
  const ended = new Promise<number | null>((resolve) => {
    child.on('close', resolve);
  });
  await attackIsOn();
  child.kill('SIGINT');
  assert.equal(await ended, 3);
  await assertNoTraces(before);
});

test('two labs run side by side', { skip: skip === false ? eachNight : skip }, async () => {
  const both = await Promise.all([
    labDrill('--seconds', '5', '--bots', '0', '--senders', '1'),
    labDrill('--seconds', '5', '--bots', '0', '--senders', '1'),
  ]);
  for (const figures of both) assert.equal(figures.delivered, figures.attempted);
});

test('the lab says in one problem with a hint why it cannot run', { skip }, async (context) => {
  const before = traces();
  const nothing = mkdtempSync(join(tmpdir(), 'nothing-'));
  context.after(() => {
    rmSync(nothing, { recursive: true });
  });
  const drillArgv = [portreeve, 'lab', 'drill', '--seconds', '5', '--bots', '0', '--senders', '1'];
  for (const [why, argv, says] of [
    [
      'no root',
      // The checkout may lie where only root can read.
      ['setpriv', '--reuid=65534', '--inh-caps=+dac_override', '--ambient-caps=+dac_override', ...drillArgv],
      /need root/,
    ],
    [
      'no right to namespaces',
      ['setpriv', '--bounding-set=-sys_admin', '--inh-caps=-sys_admin', ...drillArgv],
      /namespaces/,
    ],
    [
      'no apt-get',
      [
        'unshare',
        '--mount',
        'sh',
        '-c',
        'mount --bind /dev/null /usr/bin/apt-get && PORTREEVE_CACHE="$1" && export PORTREEVE_CACHE && shift && exec "$@"',
        'sh',
        nothing,
        ...drillArgv,
      ],
      /apt-get/,
    ],
  ] as const) {
    const ran = await run(argv, patient);
    assert.ok(ran.ok);
    assert.equal(ran.value.status, 3, `${why}: ${ran.value.stderr}`);
    assert.match(ran.value.stderr, says, why);
    assert.match(ran.value.stderr, /hint: /, why);
    assert.doesNotMatch(ran.value.stderr, /\n\s+at /, 'no stack trace');
  }
  await assertNoTraces(before);
});

test('a full /tmp does not stop the lab: it keeps nothing there', {
  skip: skip === false ? eachNight : skip,
}, async () => {
  const ran = await run(
    [
      'unshare',
      '--mount',
      'sh',
      '-c',
      // The checkout may lie below /tmp.
      'exec 4< "$1" && mount -t tmpfs -o size=16k full /tmp && mkdir -p "$1" &&' +
        ' mount --no-canonicalize --bind /proc/self/fd/4 "$1" && exec 4<&- && shift &&' +
        ' (yes > /tmp/filler 2>/dev/null || true) && exec "$@"',
      'sh',
      checkout,
      portreeve,
      'lab',
      'drill',
      '--json',
      '--seconds',
      '5',
      '--bots',
      '0',
      '--senders',
      '1',
    ],
    patient,
  );
  assert.ok(ran.ok);
  assert.equal(ran.value.status, 0, ran.value.stderr);
});

test('an Exim that cannot start is quoted', { skip }, async () => {
  const machine = await openLab({ tell: () => undefined });
  assert.ok(machine.ok);
  try {
    const again = await startExim(machine.value);
    assert.ok(!again.ok);
    assert.match(again.problem.message, /Address already in use/, 'a port in use');
    await machine.value.succeed('end Exim', ['sh', '-c', 'kill "$(cat /run/exim4/exim.pid)"; sleep 0.3']);
    await machine.value.succeed('break the configuration', [
      'sed',
      '-i',
      '1i tls_require_ciphers = NONSENSE',
      '/var/lib/exim4/config.autogenerated',
    ]);
    const broken = await startExim(machine.value);
    assert.ok(!broken.ok);
    assert.match(broken.problem.message, /tls_require_ciphers invalid/);
    assert.equal(broken.problem.kind, 'unavailable');
    assert.ok(broken.problem.hint !== undefined);
  } finally {
    await machine.value.close();
  }
});
