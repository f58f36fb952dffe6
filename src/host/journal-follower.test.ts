import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Problem } from '../base/problem.ts';
import { systemClock } from './clock.ts';
import { JournalFollower } from './journal-follower.ts';

const entry = (cursor: string, message: unknown, at = 1_764_000_000_000_000): string =>
  JSON.stringify({ __CURSOR: cursor, __REALTIME_TIMESTAMP: String(at), MESSAGE: message });

test('JournalFollower hands over entries, starts journalctl again behind the last, and says so', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'journal-'));
  context.after(() => {
    rmSync(folder, { recursive: true });
  });
  const program = join(folder, 'journalctl');
  const first = [
    entry('c1', '2026-11-24 09:00:00 one'),
    '{ this is cut',
    entry('c2', [...Buffer.from('2026-11-24 09:00:01 t\xe4wo', 'latin1')]),
    entry('c3', 'no stamp of its own'),
  ];
  writeFileSync(join(folder, 'first'), `${first.join('\n')}\n`);
  writeFileSync(join(folder, 'then'), `${entry('c4', '2026-11-24 09:00:03 four')}\n`);
  writeFileSync(
    program,
    `#!/bin/sh
echo "$@" >> ${folder}/calls
case "$*" in *--after-cursor=c3*) cat ${folder}/then; exec cat ;; esac
cat ${folder}/first; echo 'journal was rotated' >&2; exit 1
`,
  );
  chmodSync(program, 0o755);
  const lines: string[] = [];
  const problems: Problem[] = [];
  const stop = new AbortController();
  const follower = new JournalFollower({
    identifiers: ['exim', 'exim4'],
    from: 'end',
    signal: stop.signal,
    clock: systemClock,
    onLine: (line) => lines.push(line),
    onProblem: (problem) => problems.push(problem),
    command: [program],
  });
  const running = follower.run();
  for (let waited = 0; waited < 8000 && lines.length < 4; waited += 20) await sleep(20);
  assert.deepEqual(lines.slice(0, 2), ['2026-11-24 09:00:00 one', '2026-11-24 09:00:01 t\xe4wo']);
  assert.match(lines[2] ?? '', /^2025-11-2\d \d\d:\d\d:\d\d no stamp of its own$/);
  assert.equal(lines[3], '2026-11-24 09:00:03 four');
  assert.deepEqual(follower.position, { cursor: 'c4' });
  assert.equal(problems.length, 1);
  assert.match(problems[0]?.message ?? '', /status 1: journal was rotated$/);
  stop.abort();
  await running;
  const calls = readFileSync(join(folder, 'calls'), 'utf8').split('\n');
  assert.match(
    calls[0] ?? '',
    /--follow .*--since=@\d+\.\d{3} --no-tail --identifier=exim --identifier=exim4$/,
  );
  assert.match(calls[1] ?? '', /--after-cursor=c3/);
});
