/** A difference in words: `passwd.client  mode 0640 → 0644`. */
import type { Difference } from './difference.ts';
import { sameContent } from './difference.ts';
import type { Entry } from './entry.ts';

export function describe({ path, before, after }: Difference): string {
  return `${path}  ${aspects(before, after).join(', ')}`;
}

function aspects(before: Entry | undefined, after: Entry | undefined): string[] {
  if (before === undefined) return after === undefined ? [] : [`new ${look(after)}`];
  if (after === undefined) return [`removed ${look(before)}`];
  const found: string[] = [];
  if (before.kind !== after.kind) found.push(`${before.kind} → ${after.kind}`);
  else if (!sameContent(before, after)) found.push(content(before, after));
  if (before.mode !== after.mode) found.push(`mode ${octal(before.mode)} → ${octal(after.mode)}`);
  if (before.owner !== after.owner) found.push(`owner ${before.owner} → ${after.owner}`);
  if (before.group !== after.group) found.push(`group ${before.group} → ${after.group}`);
  return found;
}

function content(before: Entry, after: Entry): string {
  if (before.fingerprint !== undefined && after.fingerprint !== undefined) return 'secret content';
  if (after.fingerprint !== undefined) return 'became a secret';
  if (before.fingerprint !== undefined) return 'is no secret any more';
  return before.kind === 'link' ? 'link target' : 'content';
}

function look({ kind, owner, group, mode, fingerprint }: Entry): string {
  const what = fingerprint === undefined ? kind : `${kind} (secret)`;
  return `${what} ${owner}:${group} ${octal(mode)}`;
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}
