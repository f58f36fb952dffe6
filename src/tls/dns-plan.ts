/**
 * What a domain should publish about the encryption of its mail, and how that compares with what it does: TLSA
 * (RFC 7672), MTA-STS (RFC 8461), TLS reports (RFC 8460). Pure.
 *
 * TLSA 3 1 1 names the key alone, so it outlives a renewal with the same key. With a new key both have to be
 * published before the new one is served, for as long as resolvers may remember the old answer.
 */
import type { TlsaRecord } from '../host/dns-records.ts';

export interface Published {
  /** MX host → its TLSA records on port 25. */
  readonly tlsa: ReadonlyMap<string, readonly TlsaRecord[]>;
  /** TXT at `_mta-sts` and `_smtp._tls`. */
  readonly mtaSts: readonly string[];
  readonly tlsReports: readonly string[];
  /** The policy file, where it could be fetched. */
  readonly policy: string | undefined;
}

export interface DnsRequest {
  readonly domain: string;
  /** The MX hosts of the domain. */
  readonly exchangers: readonly string[];
  /** Which of them is this host, and SHA-256 of its key (SubjectPublicKeyInfo), and of the next one. */
  readonly host: string;
  readonly key: string;
  readonly nextKey?: string | undefined;
  readonly mode: 'testing' | 'enforce';
  readonly reportsTo: string;
  readonly published: Published;
  readonly now: number;
}

export interface DnsItem {
  readonly what: string;
  /** Lines of a zone file, or the text of a file. */
  readonly publish: readonly string[];
  readonly state: 'published' | 'missing' | 'differs';
  readonly notes: readonly string[];
}

const maxAge = 604_800;

export function planDns(request: DnsRequest): DnsItem[] {
  return [tlsaItem(request), ...mtaStsItems(request), reportsItem(request)];
}

function tlsaItem({ host, key, nextKey, exchangers, published }: DnsRequest): DnsItem {
  const wanted = [key, ...(nextKey === undefined || nextKey === key ? [] : [nextKey])];
  const there = published.tlsa.get(host) ?? [];
  const ours = there.filter(
    ({ usage, selector, matching }) => usage === 3 && selector === 1 && matching === 1,
  );
  const missing = wanted.filter((data) => !ours.some((record) => record.data === data));
  const stale = there.filter((record) => !(ours.includes(record) && wanted.includes(record.data)));
  const notes: string[] = [];
  if (!exchangers.includes(host)) notes.push(`${host} is no MX of the domain: nobody asks for its records`);
  if (there.length > 0 && !ours.some(({ data }) => data === key)) {
    notes.push(
      'none of the published ones names the key in use: senders that look at DANE refuse to deliver',
    );
  }
  if (nextKey !== undefined && nextKey !== key) {
    notes.push(
      'in this order: publish both; wait twice the TTL; tls enable or tls renew with the new key; take the old record out',
    );
  }
  if (stale.length > 0) notes.push(`take out when no longer in use: ${stale.map(tlsaText).join('; ')}`);
  notes.push('senders believe it only where the zone is signed (DNSSEC)');
  return {
    what: 'TLSA',
    publish: wanted.map((data) => `_25._tcp.${host}. IN TLSA 3 1 1 ${data}`),
    state: missing.length === 0 ? 'published' : there.length === 0 ? 'missing' : 'differs',
    notes,
  };
}

function tlsaText({ usage, selector, matching, data }: TlsaRecord): string {
  return `${usage} ${selector} ${matching} ${data.slice(0, 16)}…`;
}

function mtaStsItems({ domain, exchangers, mode, published, now }: DnsRequest): DnsItem[] {
  const lines = [
    'version: STSv1',
    `mode: ${mode}`,
    ...exchangers.map((mx) => `mx: ${mx}`),
    `max_age: ${maxAge}`,
  ];
  const same = published.policy !== undefined && samePolicy(published.policy, lines);
  const [record, ...more] = published.mtaSts.filter((text) => /^v=STSv1\s*;/.test(text));
  const id = /;\s*id=([A-Za-z0-9]{1,32})\s*;?/.exec(record ?? '')?.[1];
  // Whoever has fetched the policy looks again only when the id is another.
  const wantedId =
    same && id !== undefined ? id : new Date(now).toISOString().replaceAll(/\D/g, '').slice(0, 14);
  return [
    {
      what: `MTA-STS policy, at https://mta-sts.${domain}/.well-known/mta-sts.txt`,
      publish: lines,
      state: published.policy === undefined ? 'missing' : same ? 'published' : 'differs',
      notes:
        mode === 'testing'
          ? ['in testing nothing is refused: read the reports for a while, then: --mode enforce']
          : ['each MX has to serve a certificate of a public authority that covers its name'],
    },
    {
      what: 'MTA-STS',
      publish: [`_mta-sts.${domain}. IN TXT "v=STSv1; id=${wantedId}"`],
      state:
        record === undefined
          ? 'missing'
          : more.length === 0 && same && id !== undefined
            ? 'published'
            : 'differs',
      notes:
        more.length > 0
          ? ['there are several records: senders ignore all of them (RFC 8461, section 3.1)']
          : [],
    },
  ];
}

/** Lines in any order, blanks and the length of max_age aside (RFC 8461, section 3.2). */
function samePolicy(text: string, lines: readonly string[]): boolean {
  const plain = (all: readonly string[]): string =>
    all
      .map((line) =>
        line
          .replace(/\s*:\s*/, ': ')
          .trim()
          .toLowerCase(),
      )
      .filter((line) => line !== '' && !line.startsWith('max_age'))
      .toSorted()
      .join('\n');
  return plain(text.split(/\r?\n/)) === plain(lines);
}

function reportsItem({ domain, reportsTo, published }: DnsRequest): DnsItem {
  const there = published.tlsReports.filter((text) => /^v=TLSRPTv1\s*;/.test(text));
  const good = there.length === 1 && /;\s*rua=(?:mailto|https):/.test(there[0] ?? '');
  return {
    what: 'TLS reports',
    publish: [`_smtp._tls.${domain}. IN TXT "v=TLSRPTv1; rua=mailto:${reportsTo}"`],
    state: there.length === 0 ? 'missing' : good ? 'published' : 'differs',
    notes:
      there.length > 1 ? ['there are several records: senders ignore all of them (RFC 8460, section 3)'] : [],
  };
}
