/**
 * fail2ban's own tags in an expression: `<HOST>` and kin become groups that find an address or a name,
 * `<F-NAME>…</F-NAME>` becomes a named group, `<SKIPLINES>` the lines between.
 */
import { fail, ok, type Result } from '../../base/result.ts';

/** `raw` and `yes` accept names as well; `no` accepts addresses alone. */
export type UseDns = 'yes' | 'warn' | 'no' | 'raw';

const ip4 = '(?:::f{4,6}:)?(?P<ip4>(?:\\d{1,3}\\.){3}\\d{1,3})';
const ip6 = '(?P<ip6>(?:[0-9a-fA-F]{1,4}::?|::){1,7}(?:[0-9a-fA-F]{1,4}|(?<=:):))';
const dns = '(?P<dns>[\\w\\-.^_]*\\w)';
const cidr = '(?P<cidr>\\d+)';
const address = `\\[?(?:${ip4}|${ip6})\\]?`;

const tags: Readonly<Record<string, string>> = {
  IP4: ip4,
  'F-IP4/': ip4,
  IP6: ip6,
  'F-IP6/': ip6,
  DNS: dns,
  'F-DNS/': dns,
  ADDR: address,
  'F-ADDR/': address,
  CIDR: cidr,
  'F-CIDR/': cidr,
  SUBNET: `\\[?(?:${ip4}|${ip6})(?:/${cidr})?\\]?`,
  'F-SUBNET/': `\\[?(?:${ip4}|${ip6})(?:/${cidr})?\\]?`,
  'F-ID/': '(?P<fid>\\S+)',
  'F-PORT/': '(?P<fport>\\w+)',
};

/** Groups whose name is not that of their tag. */
const renamed: Readonly<Record<string, string>> = { id: 'fid', port: 'fport' };

/** Whether it is meant for a tag of fail2ban, which would look for it as text. */
function isMisspelt(tag: string): boolean {
  const name = tag.replaceAll('/', '').toUpperCase();
  if (name.startsWith('F-')) return true;
  return ['HOST', 'ADDR', 'CIDR', 'SUBNET', 'SKIPLINES'].some((known) => isNear(name, known));
}

/** One letter more, less or other at most. */
function isNear(one: string, other: string): boolean {
  if (Math.abs(one.length - other.length) > 1) return false;
  let same = 0;
  while (same < one.length && one[same] === other[same]) same += 1;
  let end = 0;
  while (end < Math.min(one.length, other.length) - same && one.at(-1 - end) === other.at(-1 - end)) end += 1;
  return Math.max(one.length, other.length) - same - end <= 1;
}

export function groupOf(tag: string): string {
  const name = tag.toLowerCase();
  return renamed[name] ?? name;
}

export function resolveTags(source: string, useDns: UseDns): Result<string> {
  const open = new Set<string>();
  let skips = 0;
  const unknown: string[] = [];
  const resolved = source.replace(/<\/?[\w-]+\/?>/g, (whole, at: number) => {
    const tag = whole.slice(1, -1);
    if (tag === 'HOST') return useDns === 'no' ? address : `(?:${address}|${dns})`;
    if (tag === 'SKIPLINES') {
      skips += 1;
      return `\\n(?P<skiplines${skips - 1}>(?:(?:.*\\n)*?))`;
    }
    const known = Object.hasOwn(tags, tag) ? tags[tag] : undefined;
    if (known !== undefined) return known;
    const [, slash, name] = /^(\/?)F-([A-Z0-9_-]+)$/.exec(tag) ?? [];
    if (name !== undefined && slash === '') {
      open.add(name);
      return `(?P<${groupOf(name)}>`;
    }
    if (name !== undefined && open.has(name)) return ')';
    // Most are text to look for, such as <br> or <NOSRV>, or Python's own (?P<name>.
    if (!source.slice(0, at).endsWith('(?P') && isMisspelt(tag)) unknown.push(whole);
    return whole;
  });
  if (unknown.length > 0) {
    return fail(
      'configuration',
      `cannot use the expression: needs tags that fail2ban knows: ${unknown.join(' ')}`,
      {
        hint: 'its tags are HOST, ADDR, IP4, IP6, DNS, CIDR, SUBNET, SKIPLINES and F-NAME',
      },
    );
  }
  // `((?i)x)` becomes `(?i:x)`: flags for all of an expression may stand at its start alone.
  return ok(resolved.replace(/(?<!\\)\((?:\?:)?(\(\?[a-z]+)\)/g, '$1:'));
}
