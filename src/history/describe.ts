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
  if (before.device !== after.device) found.push(`device ${before.device ?? '-'} → ${after.device ?? '-'}`);
  if (before.sameAs !== after.sameAs) found.push(names(before.sameAs, after.sameAs));
  return [...found, ...attributes(before.attributes, after.attributes)];
}

function names(before: string | undefined, after: string | undefined): string {
  if (after === undefined) return `no hard link to ${before ?? ''} any more`;
  return `hard link to ${after}`;
}

/** An ACL is said in full, old and new; of any other attribute only that it differs: it may be bytes. */
function attributes(before: string | undefined, after: string | undefined): string[] {
  const [old, now] = [before, after].map(
    (text) => new Map((text ?? '').split(' ').map((word) => [word.split('=')[0] ?? '', word])),
  );
  const keys = new Set([...(old?.keys() ?? []), ...(now?.keys() ?? [])]);
  return [...keys].flatMap((key) => {
    const [from, to] = [old?.get(key), now?.get(key)];
    if (key === '' || from === to) return [];
    if (!key.endsWith('acl')) {
      return [`attribute ${key} ${from === undefined ? 'set' : to === undefined ? 'removed' : 'changed'}`];
    }
    const said = (word: string | undefined): string => word?.slice(key.length + 1) ?? 'none';
    return [`${key === 'acl' ? 'ACL' : 'default ACL'} ${said(from)} → ${said(to)}`];
  });
}

function content(before: Entry, after: Entry): string {
  if (before.fingerprint !== undefined && after.fingerprint !== undefined) return 'secret content';
  if (after.fingerprint !== undefined) return 'became a secret';
  if (before.fingerprint !== undefined) return 'is no secret any more';
  return before.kind === 'link' ? 'link target' : 'content';
}

function look(entry: Entry): string {
  const { kind, owner, group, mode, fingerprint, sameAs, device } = entry;
  const what = `${kind}${fingerprint === undefined ? '' : ' (secret)'}${device === undefined ? '' : ` ${device}`}`;
  const more = [
    ...(sameAs === undefined ? [] : [`hard link to ${sameAs}`]),
    ...attributes(undefined, entry.attributes),
  ];
  return [`${what} ${owner}:${group} ${octal(mode)}`, ...more].join(', ');
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}
