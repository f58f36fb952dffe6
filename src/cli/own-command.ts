/** Runs a command of ours as a person would type it, with its output passed through, indented. */
import { fail, ok, type Result } from '../base/result.ts';
import { run } from '../host/run.ts';
import type { Speaker } from './speak.ts';
import { ownProgram } from '../host/own-program.ts';

const timeoutMs = 300_000;

export async function ownCommand(speak: Speaker, words: readonly string[]): Promise<Result<void>> {
  const ran = await run([...ownProgram, ...words], { timeoutMs });
  if (!ran.ok) return ran;
  const { status, stdout, stderr } = ran.value;
  for (const line of stdout.split('\n')) if (line !== '') speak.line(`    ${line}`);
  if (status === 0) return ok();
  const said = stderr
    .split('\n')
    .map((line) => line.replace(/^portreeve: /, '').trim())
    .filter((line) => line !== '');
  const [message = `it ended with status ${status}`, ...rest] = said;
  const hint = rest.find((line) => line.startsWith('hint: '))?.slice(6);
  return fail(
    status === 4 ? 'undone' : 'unavailable',
    `cannot go on: portreeve ${words.slice(0, 2).join(' ')}: ${message}`,
    hint === undefined ? {} : { hint },
  );
}
