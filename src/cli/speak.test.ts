import assert from 'node:assert/strict';
import { test } from 'node:test';
import { run } from '../host/run.ts';

const speak = new URL('speak.ts', import.meta.url).href;

async function say(script: string, json = false): Promise<{ stdout: string; stderr: string }> {
  const ran = await run([
    process.execPath,
    '--input-type=module',
    '--eval',
    `import { createSpeaker } from ${JSON.stringify(speak)}; const speak = createSpeaker(${String(json)}); ${script}`,
  ]);
  assert.ok(ran.ok);
  return ran.value;
}

test('createSpeaker() never passes control characters of outside text', async () => {
  const { stdout, stderr } = await say(
    String.raw`speak.line('a\u001b[31mb\u0007'); speak.problem({ kind: 'no', message: 'x\u001b]0;y\u0007', hint: 'do\rthis' });`,
  );
  assert.equal(stdout, 'a\\x1b[31mb\\x07\n');
  assert.equal(stderr, 'portreeve: x\\x1b]0;y\\x07\n  hint: do\\x0dthis\n');
});

test('createSpeaker() does not colour what is no terminal', async () => {
  assert.equal((await say("speak.line(speak.style.bad('red'));")).stdout, 'red\n');
});

test('createSpeaker() with --json prints documents alone on standard output', async () => {
  const { stdout } = await say("speak.line('for people'); speak.document({ a: 1 });", true);
  assert.equal(stdout, '{"a":1}\n');
});
