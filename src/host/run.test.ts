import assert from 'node:assert/strict';
import { test } from 'node:test';
import { run } from './run.ts';

test('run() gives status and output, whatever the status', async () => {
  const ran = await run(['sh', '-c', 'cat; echo oops >&2; exit 3'], { input: 'text' });
  assert.deepEqual(ran, {
    ok: true,
    value: { status: 3, stdout: 'text', stderr: 'oops\n', truncated: false },
  });
});

test('run() says that a program is missing', async () => {
  const ran = await run(['/no/such/program']);
  assert.equal(ran.ok ? '' : ran.problem.kind, 'missing');
});

test('run() ends what takes too long, a grandchild with the pipe in its hand too', async () => {
  const begun = performance.now();
  const ran = await run(['sh', '-c', 'sleep 20 & wait'], { timeoutMs: 200 });
  assert.equal(ran.ok ? '' : ran.problem.kind, 'timeout');
  assert.ok(performance.now() - begun < 10_000);
});

test('run() caps what it keeps', async () => {
  const ran = await run(['sh', '-c', 'yes | head -c 100000'], { outputCap: 1000 });
  assert.ok(ran.ok);
  assert.equal(ran.value.stdout.length, 1000);
  assert.equal(ran.value.truncated, true);
});

test('run() passes arguments as they are: there is no shell', async () => {
  const ran = await run(['printf', '%s', '$(id); `id` *']);
  assert.equal(ran.ok && ran.value.stdout, '$(id); `id` *');
});
