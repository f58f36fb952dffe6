import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFile,
  copyFile,
  mkdir,
  mkdtemp,
  readFile,
  rename,
  rm,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { Problem } from '../base/problem.ts';
import { type FollowOptions, LogFollower, type LogPosition } from './log-follower.ts';

interface Followed {
  readonly path: string;
  readonly lines: string[];
  readonly problems: Problem[];
  /** Waits until so many lines have come. */
  until(count: number): Promise<void>;
  position(): LogPosition | undefined;
  stop(): Promise<void>;
}

async function followed(
  context: TestContext,
  content?: string,
  from: FollowOptions['from'] = 'end',
  at?: string,
): Promise<Followed> {
  const folder = await mkdtemp(join(tmpdir(), 'follow-'));
  const path = at ?? join(folder, 'mainlog');
  if (content !== undefined) await writeFile(path, content);
  const lines: string[] = [];
  const problems: Problem[] = [];
  const stop = new AbortController();
  const follower = new LogFollower(path, {
    from,
    signal: stop.signal,
    pollMs: 20,
    onLine: (line) => lines.push(line),
    onProblem: (problem) => problems.push(problem),
  });
  const running = follower.run();
  const end = async (): Promise<void> => {
    stop.abort();
    await running;
  };
  context.after(async () => {
    await end();
    await rm(folder, { recursive: true });
  });
  // The end of the file has to be found before a test adds to it.
  await pause(100);
  return {
    path,
    lines,
    problems,
    position: () => follower.position,
    stop: end,
    until: async (count) => {
      for (let waited = 0; lines.length < count && waited < 10_000; waited += 10) await pause(10);
    },
  };
}

async function pause(milliseconds: number): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}

test('LogFollower gives new lines only, each once', async (context) => {
  const log = await followed(context, 'old\n');
  await appendFile(log.path, 'one\ntwo\n');
  await log.until(2);
  await appendFile(log.path, 'three\n');
  await log.until(3);
  assert.deepEqual(log.lines, ['one', 'two', 'three']);
});

test('LogFollower reads from the beginning where asked', async (context) => {
  const log = await followed(context, 'old\n', 'beginning');
  await log.until(1);
  assert.deepEqual(log.lines, ['old']);
});

test('LogFollower waits for the rest of a partial line', async (context) => {
  const log = await followed(context, '');
  await appendFile(log.path, 'half a ');
  await pause(60);
  assert.deepEqual(log.lines, []);
  await appendFile(log.path, 'line\n');
  await log.until(1);
  assert.deepEqual(log.lines, ['half a line']);
});

test('LogFollower survives rotation by rename, old lines first', async (context) => {
  const log = await followed(context, '');
  await appendFile(log.path, 'before\n');
  await log.until(1);
  await rename(log.path, `${log.path}.1`);
  await appendFile(`${log.path}.1`, 'late in the old one\n');
  await writeFile(log.path, 'first of the new\n');
  await log.until(3);
  assert.deepEqual(log.lines, ['before', 'late in the old one', 'first of the new']);
});

test('LogFollower survives copytruncate', async (context) => {
  const log = await followed(context, 'a long line that was there before\n');
  await truncate(log.path, 0);
  await pause(80);
  await appendFile(log.path, 'new\n');
  await log.until(1);
  assert.deepEqual(log.lines, ['new']);
});

test('LogFollower waits for a log that does not exist yet, and says so once', async (context) => {
  const log = await followed(context);
  assert.deepEqual(
    log.problems.map(({ kind, path }) => [kind, path]),
    [['missing', log.path]],
  );
  await writeFile(log.path, 'first\n');
  await log.until(1);
  assert.deepEqual(log.lines, ['first']);
});

test('LogFollower cuts a line without end, and reads on behind it', async (context) => {
  const log = await followed(context, '');
  await appendFile(log.path, `${'x'.repeat(300_000)}\nnext\n`);
  await log.until(2);
  assert.equal(log.lines.length, 2);
  assert.equal(log.lines[0]?.length, 65_536);
  assert.equal(log.lines[1], 'next');
});

test('LogFollower sees a log that was truncated and has grown past the place at once', async (context) => {
  const log = await followed(context, 'old line one\nold line two\n');
  await appendFile(log.path, 'last of the old\n');
  await log.until(1);
  await writeFile(log.path, `${Array.from({ length: 20 }, (_, at) => `new line ${at}`).join('\n')}\n`);
  await log.until(21);
  assert.deepEqual(log.lines.slice(0, 3), ['last of the old', 'new line 0', 'new line 1']);
  assert.equal(log.lines.length, 21);
});

test('LogFollower drops half a line that was truncated away', async (context) => {
  const log = await followed(context, '');
  await appendFile(log.path, 'half a ');
  await pause(60);
  await writeFile(log.path, 'another line\n');
  await log.until(1);
  assert.deepEqual(log.lines, ['another line']);
});

test('LogFollower drops the rest of a line that was begun before it came', async (context) => {
  const log = await followed(context, 'begun');
  await appendFile(log.path, ' [8.8.8.8] injected\nnext\n');
  await log.until(1);
  assert.deepEqual(log.lines, ['next']);
});

test('LogFollower waits for a folder that does not exist yet', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'follow-'));
  const log = await followed(context, undefined, 'end', join(folder, 'exim4', 'mainlog'));
  assert.equal(log.problems.length, 1);
  await mkdir(join(folder, 'exim4'));
  await writeFile(log.path, 'first\n');
  await log.until(1);
  await appendFile(log.path, 'second\n');
  await log.until(2);
  assert.deepEqual(log.lines, ['first', 'second']);
  await rm(folder, { recursive: true });
});

const rotations: Record<string, (path: string) => Promise<void>> = {
  none: async () => await Promise.resolve(),
  rename: async (path) => await rename(path, `${path}.1`),
  'rename, gzip': async (path) => {
    await writeFile(`${path}.1.gz`, gzipSync(await readFile(path)));
    await rm(path);
  },
  copytruncate: async (path) => {
    await copyFile(path, `${path}.1`);
    await truncate(path, 0);
  },
  'two renames, dates, gzip': async (path) => {
    await writeFile(`${path}-20261122.gz`, gzipSync(await readFile(path)));
    await utimes(`${path}-20261122.gz`, 1000, 1000);
    await writeFile(`${path}-20261123`, 'between\n');
    await utimes(`${path}-20261123`, 2000, 2000);
    await rm(path);
  },
};

for (const [name, rotate] of Object.entries(rotations)) {
  test(`LogFollower goes on where it was after: ${name}`, async (context) => {
    const first = await followed(context, '');
    await appendFile(first.path, 'one\ntwo\n');
    await first.until(2);
    const from = first.position();
    await first.stop();
    assert.ok(from !== undefined);
    await appendFile(first.path, 'three\nfour\n');
    await rotate(first.path);
    await appendFile(first.path, 'five\n');
    const second = await followed(context, undefined, from, first.path);
    const between = name.startsWith('two') ? ['between'] : [];
    await second.until(3 + between.length);
    assert.deepEqual(second.lines, ['three', 'four', ...between, 'five']);
    assert.deepEqual(second.problems, []);
    const [{ offset, tail = '' } = { offset: -1 }] = [second.position()];
    assert.ok(offset > 0 && tail.endsWith('five\n'));
  });
}

test('LogFollower says so when its place is gone', async (context) => {
  const first = await followed(context, '');
  await appendFile(first.path, 'one\n');
  await first.until(1);
  const from = first.position();
  await first.stop();
  await writeFile(first.path, 'quite another log\n');
  assert.ok(from !== undefined);
  const second = await followed(context, undefined, from, first.path);
  await second.until(1);
  assert.deepEqual(second.lines, ['quite another log']);
  assert.match(second.problems[0]?.message ?? '', /^cannot read all of .*: it is in none$/);
});

test('LogFollower loses and doubles no line of 20,000 a second, whatever the rotation', {
  timeout: 60_000,
}, async (context) => {
  const log = await followed(context, '');
  const writer = spawn(process.execPath, ['-e', writerScript, log.path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let written = '';
  writer.stdout.on('data', (chunk: Buffer) => {
    written += chunk.toString();
  });
  await once(writer, 'close');
  const { lines: count, perSecond } = JSON.parse(written) as { lines: number; perSecond: number };
  await log.until(count);
  const numbers = log.lines.map((line) => Number(line.slice(line.lastIndexOf(' ') + 1)));
  const wrong = numbers.findIndex((number, at) => number !== at);
  assert.equal(wrong, -1, `line ${wrong} is ${log.lines[wrong]}, after ${log.lines[wrong - 1]}`);
  assert.equal(numbers.length, count);
  context.diagnostic(`${count} lines, ${Math.round(perSecond)} a second`);
});

/** Writes as Exim does, a line a write; rotates in turn by rename, copytruncate, rename and gzip. */
const writerScript = `
const fs = require('node:fs'); const { gzipSync } = require('node:zlib');
const [path] = process.argv.slice(1);
let file = fs.openSync(path, 'a'); let line = 0; const start = performance.now();
const rotations = [
  () => { fs.renameSync(path, path + '.1'); write('late '); fs.closeSync(file); file = fs.openSync(path, 'a'); },
  () => { fs.copyFileSync(path, path + '.1'); fs.ftruncateSync(file, 0); },
  () => { fs.renameSync(path, path + '.1'); fs.closeSync(file); file = fs.openSync(path, 'a');
          fs.writeFileSync(path + '.1.gz', gzipSync(fs.readFileSync(path + '.1'))); fs.unlinkSync(path + '.1'); },
  () => { fs.copyFileSync(path, path + '.1'); fs.ftruncateSync(file, 0); for (let i = 0; i < 1500; i += 1) write('burst '); },
];
const write = (what) => { fs.writeSync(file, '2026-11-24 09:00:00 ' + what + 'H=(x) [198.18.0.11] rejected ' + line++ + '\\n'); };
let turn = 0;
const tick = () => {
  const due = (performance.now() - start) * 20;
  while (line < due) write('');
  if (line > (turn + 1) * 4000) { for (const old of ['.1', '.1.gz']) fs.rmSync(path + old, { force: true }); rotations[turn++ % rotations.length](); }
  if (line < 50000) setImmediate(tick);
  else { fs.closeSync(file); console.log(JSON.stringify({ lines: line, perSecond: line / (performance.now() - start) * 1000 })); }
};
tick();
`;
