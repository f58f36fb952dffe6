import assert from 'node:assert/strict';
import { appendFile, mkdtemp, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Problem } from '../base/problem.ts';
import { follow } from './follow.ts';

interface Followed {
  readonly path: string;
  readonly lines: string[];
  readonly problems: Problem[];
  /** Waits until so many lines have come. */
  until(count: number): Promise<void>;
}

async function followed(
  context: TestContext,
  content?: string,
  from: 'end' | 'beginning' = 'end',
): Promise<Followed> {
  const folder = await mkdtemp(join(tmpdir(), 'follow-'));
  const path = join(folder, 'mainlog');
  if (content !== undefined) await writeFile(path, content);
  const lines: string[] = [];
  const problems: Problem[] = [];
  const stop = new AbortController();
  const running = follow(path, {
    from,
    signal: stop.signal,
    pollMs: 20,
    onLine: (line) => lines.push(line),
    onProblem: (problem) => problems.push(problem),
  });
  context.after(async () => {
    stop.abort();
    await running;
    await rm(folder, { recursive: true });
  });
  // The end of the file has to be found before a test adds to it.
  await pause(100);
  return {
    path,
    lines,
    problems,
    until: async (count) => {
      for (let waited = 0; lines.length < count && waited < 5000; waited += 10) await pause(10);
    },
  };
}

async function pause(milliseconds: number): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}

test('follow() gives new lines only, each once', async (context) => {
  const log = await followed(context, 'old\n');
  await appendFile(log.path, 'one\ntwo\n');
  await log.until(2);
  await appendFile(log.path, 'three\n');
  await log.until(3);
  assert.deepEqual(log.lines, ['one', 'two', 'three']);
});

test('follow() reads from the beginning where asked', async (context) => {
  const log = await followed(context, 'old\n', 'beginning');
  await log.until(1);
  assert.deepEqual(log.lines, ['old']);
});

test('follow() waits for the rest of a partial line', async (context) => {
  const log = await followed(context, '');
  await appendFile(log.path, 'half a ');
  await pause(60);
  assert.deepEqual(log.lines, []);
  await appendFile(log.path, 'line\n');
  await log.until(1);
  assert.deepEqual(log.lines, ['half a line']);
});

test('follow() survives rotation by rename, old lines first', async (context) => {
  const log = await followed(context, '');
  await appendFile(log.path, 'before\n');
  await log.until(1);
  await rename(log.path, `${log.path}.1`);
  await appendFile(`${log.path}.1`, 'late in the old one\n');
  await writeFile(log.path, 'first of the new\n');
  await log.until(3);
  assert.deepEqual(log.lines, ['before', 'late in the old one', 'first of the new']);
});

test('follow() survives copytruncate', async (context) => {
  const log = await followed(context, 'a long line that was there before\n');
  await truncate(log.path, 0);
  await pause(80);
  await appendFile(log.path, 'new\n');
  await log.until(1);
  assert.deepEqual(log.lines, ['new']);
});

test('follow() waits for a log that does not exist yet, and says so once', async (context) => {
  const log = await followed(context);
  assert.deepEqual(
    log.problems.map(({ kind, path }) => [kind, path]),
    [['missing', log.path]],
  );
  await writeFile(log.path, 'first\n');
  await log.until(1);
  assert.deepEqual(log.lines, ['first']);
});

test('follow() cuts a line without end, and reads on behind it', async (context) => {
  const log = await followed(context, '');
  await appendFile(log.path, `${'x'.repeat(300_000)}\nnext\n`);
  await log.until(2);
  assert.equal(log.lines.length, 2);
  assert.equal(log.lines[0]?.length, 65_536);
  assert.equal(log.lines[1], 'next');
});
