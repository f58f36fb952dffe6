/** Addresses and networks of a command: its arguments, or with `-` the words of standard input. */
import { fail, ok, type Result } from '../base/result.ts';
import { readStandardInput } from '../host/standard-input.ts';

const mostBytes = 8 * 1024 * 1024;

/** On standard input one a line; what stands behind it in the line, and from a `#` on, is not read. */
export async function namedTargets(act: string, args: readonly string[]): Promise<Result<readonly string[]>> {
  if (!args.includes('-')) return ok(args);
  const text = await readStandardInput(mostBytes);
  if (text === undefined)
    return fail('usage', `cannot ${act}: needs at most ${mostBytes} bytes on standard input: there are more`);
  const read = text.split('\n').flatMap((line) => line.replace(/#.*/, '').trim().split(/\s+/)[0] || []);
  return ok([...args.filter((arg) => arg !== '-'), ...read]);
}
