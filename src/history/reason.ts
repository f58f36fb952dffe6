/** A reason: why something was changed. Data, whatever it holds; but there has to be one. */
import { fail, ok, type Result } from '../base/result.ts';

declare const reason: unique symbol;
export type Reason = string & { readonly [reason]: true };

const longest = 10_000;

export function parseReason(text: string | undefined): Result<Reason> {
  const hint = 'say why: --reason "TLS for the new MX"';
  // oxlint-disable-next-line no-control-regex -- git ends a message at NUL
  const trimmed = (text ?? '').replaceAll(/\u0000/g, '').trim();
  if (trimmed === '') {
    return fail('usage', 'cannot record a change: it must have a reason: none was given', { hint });
  }
  if (trimmed.length > longest) {
    return fail(
      'usage',
      `cannot record a change: its reason must have at most ${longest} characters: it has ${trimmed.length}`,
      { hint: 'put the rest into a file of the folder, or into your ticket' },
    );
  }
  return ok(trimmed as Reason);
}
