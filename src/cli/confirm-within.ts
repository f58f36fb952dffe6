/** The option `--confirm-within`: how long a change may stay without a confirmation. */
import { fail, ok, type Result } from '../base/result.ts';
import { type Duration, parseDuration } from '../base/duration.ts';

const least = 1000;
const most = 86_400_000;

export function confirmWithin(text: string | undefined): Result<{ confirmWithinMs?: Duration }> {
  if (text === undefined) return ok({});
  const read = parseDuration(text);
  if (!read.ok) return read;
  if (read.value >= least && read.value <= most) return ok({ confirmWithinMs: read.value });
  return fail('usage', `cannot wait for a confirmation: needs one second to one day: ${text}`, {
    hint: 'for example --confirm-within 10m',
  });
}
