/** All of standard input as text, refused above a cap; undefined where a person sits there and nothing is piped in. */
import { fail, ok, type Result } from '../base/result.ts';

export async function readInput(cap: number): Promise<Result<string | undefined>> {
  if (process.stdin.isTTY) return ok(undefined);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > cap) return fail('usage', `cannot read the input: needs at most ${cap} bytes: there are more`);
    chunks.push(chunk);
  }
  return ok(Buffer.concat(chunks).toString('utf8'));
}
