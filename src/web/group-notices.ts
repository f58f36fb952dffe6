/**
 * Notices that say the same of several ports, as one: a person reads and mends them together. The newest stands for
 * all, with the lines of evidence of all. Pure.
 */
import type { ApiNotice } from '../server/api/notice.ts';

const port = /\bport (\d+)\b/;

export function groupNotices(notices: readonly ApiNotice[]): readonly ApiNotice[] {
  const groups = new Map<string, ApiNotice[]>();
  for (const notice of notices) {
    const said = [notice.kind, notice.urgency, notice.title.replace(port, 'port'), notice.hint ?? ''].join(
      '\n',
    );
    // What is of no port is a group of its own.
    const key = port.test(notice.title) ? said : `${said} ${notice.at} ${notice.subject}`;
    groups.set(key, [...(groups.get(key) ?? []), notice]);
  }
  return [...groups.values()].map(joined);
}

function joined(group: readonly ApiNotice[]): ApiNotice {
  const [first, ...others] = group;
  if (first === undefined) throw new Error('a group has a first notice');
  if (others.length === 0) return first;
  const ports = group
    .map(({ title }) => Number(port.exec(title)?.[1] ?? 0))
    .toSorted((one, other) => one - other);
  return {
    ...first,
    title: first.title.replace(port, `ports ${ports.join(', ')}`),
    lines: group.flatMap(({ subject, lines }) => [`${subject}:`, ...lines]),
  };
}
