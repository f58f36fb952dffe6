// Runs the tests: npm test [-- FILE-OR-FOLDER... [--name PATTERN]...]
//
// With --name, those alone whose full name (suites, then the test) holds PATTERN, a regular expression.
// Unit tests (src) run two at a time; end-to-end tests (test) three at a time, because part of their time
// is waiting for Exim; those that measure time run last, one after another. What was left out is listed with
// its reason; node:test's summary comes last.
// Exit status 1 if a test failed, or if none ran: a test run that ran nothing has proved nothing.

import { once } from 'node:events';
import { globSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { parseArgs } from 'node:util';
import { compiledProgram } from './compile.ts';
import { runInTestRoom } from './test-room.ts';

type Event = {
  type: string;
  data: { name?: string; skip?: string | boolean; message?: string; nesting?: number; file?: string };
};
type Counts = Record<string, number>;

const statusInRoom = await runInTestRoom();
if (statusInRoom !== undefined) process.exit(statusInRoom);

const root = join(import.meta.dirname, '..');
// What the tests start is what bin/portreeve starts. What is compiled once is compiled for all, in labs too.
process.env['PORTREEVE_PROGRAM'] = await compiledProgram();
process.env['NODE_COMPILE_CACHE'] = join(root, '.cache', 'node-compile');
const minutes = 60_000;

const asked = parseArgs({ allowPositionals: true, options: { name: { type: 'string', multiple: true } } });
const chosen = asked.positionals.map((path) => relative(root, resolve(path)));
const testNamePatterns = (asked.values.name ?? []).map((pattern) => new RegExp(pattern));
const files = globSync(['src/**/*.test.ts', 'test/**/*.test.ts'], { cwd: root })
  .filter(
    (file) => chosen.length === 0 || chosen.some((path) => file === path || file.startsWith(`${path}/`)),
  )
  .toSorted();

/** For one file. Whoever asks for single files may have asked for hundreds of rounds. */
const patience = (chosen.length > 0 || process.env['PORTREEVE_NIGHTLY'] !== undefined ? 240 : 15) * minutes;

interface Group {
  readonly files: readonly string[];
  readonly concurrency: number;
  readonly timeout: number;
}

const groups: readonly Group[] = [
  { files: files.filter((file) => !isEndToEnd(file)), concurrency: 2, timeout: 5 * minutes },
  { files: files.filter((file) => isEndToEnd(file) && !isTimed(file)), concurrency: 3, timeout: patience },
  { files: files.filter(isTimed), concurrency: 1, timeout: patience },
];

function isEndToEnd(file: string): boolean {
  return file.startsWith('test/');
}

/** What is measured in these is time. */
function isTimed(file: string): boolean {
  return /^test\/(?:lab|tour|undo-time)\.test\.ts$/.test(file);
}

const counts: Counts = {};
/** Reason → names. */
const leftOut = new Map<string, string[]>();

const report = new spec();
report.pipe(process.stdout, { end: false });
for (const { files: some, concurrency, timeout } of groups) {
  if (some.length === 0) continue;
  const events = run({
    files: some.map((file) => join(root, file)),
    concurrency,
    timeout,
    cwd: root,
    testNamePatterns,
  });
  for await (const event of events as AsyncIterable<Event>) tell(event);
}
report.end();
await once(report, 'end');

for (const [reason, names] of leftOut) console.log(`\nLeft out: ${reason}:\n  ${names.join('\n  ')}`);
console.log();
const ran =
  (counts['pass'] ?? 0) - (counts['empty'] ?? 0) + (counts['fail'] ?? 0) + (counts['cancelled'] ?? 0);
if (ran === 0) console.log(`No test ran${chosen.length > 0 ? ` in ${chosen.join(', ')}` : ''}.`);
for (const [name, count] of Object.entries(counts)) {
  if (name !== 'empty') console.log(`ℹ ${name} ${count}`);
}
const bad = (counts['fail'] ?? 0) + (counts['cancelled'] ?? 0) + (counts['empty'] ?? 0);
process.exitCode = bad > 0 || ran === 0 ? 1 : 0;

function tell(event: Event): void {
  const { name = '', skip } = event.data;
  if (event.type === 'test:pass' && typeof skip === 'string') {
    leftOut.set(skip, [...(leftOut.get(skip) ?? []), name]);
  }
  if (event.type === 'test:pass' && files.includes(relative(root, name))) {
    // node:test counts a file without tests as a test that passed.
    counts['empty'] = (counts['empty'] ?? 0) + 1;
    leftOut.set('it holds no test', [...(leftOut.get('it holds no test') ?? []), relative(root, name)]);
  }
  if (!add(event)) report.write(event);
}

/** Adds a line of a run's own summary to the sums of all runs; false for any other event. */
function add(event: Event): boolean {
  if (event.type === 'test:summary') return true;
  if (event.type !== 'test:diagnostic' || event.data.nesting !== 0 || event.data.file !== undefined)
    return false;
  const [, name, count] =
    /^(tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) ([\d.]+)$/.exec(event.data.message ?? '') ??
    [];
  if (name === undefined) return false;
  counts[name] = (counts[name] ?? 0) + Number(count);
  return true;
}
