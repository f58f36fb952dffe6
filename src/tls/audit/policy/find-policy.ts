/**
 * What a domain says about its encryption: DANE, MTA-STS, TLS-RPT. The AD bit of an answer counts only if the
 * resolver proves to validate: the root's SOA is signed, so a validating resolver sets it there.
 */
import { askDns, type DnsAnswer, type Resolver } from '../../../host/ask-dns.ts';
import { fetchText } from '../../../host/fetch-policy.ts';
import type { ServedCertificate } from '../../../host/served-certificate.ts';
import type { PolicyFacts } from '../audit-document.ts';
import { matchDane, type Tlsa, tlsaText } from './dane.ts';
import { allowsMx, readStsPolicy, stsRecordId } from './mta-sts.ts';

export interface PolicyRequest {
  /** Undefined where the machine has none. */
  readonly resolver: Resolver | undefined;
  readonly timeoutMs: number;
  readonly roots: readonly string[];
  readonly host: string;
  readonly port: number;
  /** The domain whose mail the host receives; without it only DANE is asked. */
  readonly domain: string | undefined;
  readonly chains: readonly (readonly ServedCertificate[])[];
  /** Where policies are fetched: 443. */
  readonly policyPort: number;
}

export async function findPolicy(request: PolicyRequest): Promise<PolicyFacts> {
  const { resolver, domain } = request;
  if (resolver === undefined) return withoutResolver;
  const ask = async (name: string, type: Parameters<typeof askDns>[2]): Promise<DnsAnswer | string> => {
    const answer = await askDns(resolver, name, type, request.timeoutMs);
    return answer.ok ? answer.value : answer.problem.message;
  };
  const [root, tlsa, mx, sts, rpt] = await Promise.all([
    ask('.', 'SOA'),
    ask(`_${request.port}._tcp.${request.host}`, 'TLSA'),
    domain === undefined ? undefined : ask(domain, 'MX'),
    domain === undefined ? undefined : ask(`_mta-sts.${domain}`, 'TXT'),
    domain === undefined ? undefined : ask(`_smtp._tls.${domain}`, 'TXT'),
  ]);
  const validating = typeof root === 'string' ? null : root.authenticated;
  return {
    resolver: resolver.host,
    validating,
    mx: mx === undefined || typeof mx === 'string' ? null : mailHosts(mx),
    dane: dane(tlsa, validating, request),
    mtaSts: await mtaSts(sts, request, ask),
    tlsRpt: tlsRpt(rpt),
  };
}

const withoutResolver: PolicyFacts = {
  resolver: null,
  validating: null,
  mx: null,
  dane: { answer: 'unknown', evidence: 'this machine has no resolver', records: [] },
  mtaSts: { answer: 'unknown', evidence: 'this machine has no resolver', mx: [], maxAge: null },
  tlsRpt: { answer: 'unknown', evidence: 'this machine has no resolver' },
};

export function mailHosts({ records }: DnsAnswer): { host: string; preference: number }[] {
  return records
    .flatMap((record) =>
      record.type === 'MX' ? [{ host: record.data.exchange, preference: record.data.preference ?? 0 }] : [],
    )
    .toSorted((a, b) => a.preference - b.preference);
}

function dane(
  answer: DnsAnswer | string,
  validating: boolean | null,
  { chains }: PolicyRequest,
): PolicyFacts['dane'] {
  if (typeof answer === 'string') return { answer: 'unknown', evidence: answer, records: [] };
  if (answer.code !== 'NOERROR' && answer.code !== 'NXDOMAIN') {
    return { answer: 'unknown', evidence: `the resolver says ${answer.code}`, records: [] };
  }
  const found = answer.records.flatMap((record): Tlsa[] =>
    record.type === 'TLSA'
      ? [
          {
            usage: record.data.usage,
            selector: record.data.selector,
            matching: record.data.matchingType,
            data: Uint8Array.from(record.data.certificate).toHex(),
          },
        ]
      : [],
  );
  const records = found.map(tlsaText);
  if (found.length === 0) return { answer: 'none', evidence: 'no TLSA record', records };
  if (validating !== true) {
    return {
      answer: 'unknown',
      evidence: 'the resolver does not validate: ask one that does (--resolver)',
      records,
    };
  }
  if (!answer.authenticated)
    return { answer: 'insecure', evidence: 'the answer is not authenticated (no AD bit)', records };
  return { ...matchDane(found, chains), records };
}

function texts({ records }: DnsAnswer): string[] {
  return records.flatMap((record) => {
    if (record.type !== 'TXT') return [];
    const parts = Array.isArray(record.data) ? record.data : [record.data];
    return [
      parts
        .map((part) => (typeof part === 'string' ? part : new TextDecoder('latin1').decode(part)))
        .join(''),
    ];
  });
}

type Ask = (name: string, type: 'A' | 'AAAA') => Promise<DnsAnswer | string>;

async function mtaSts(
  answer: DnsAnswer | string | undefined,
  { domain, host, roots, timeoutMs, policyPort }: PolicyRequest,
  ask: Ask,
): Promise<PolicyFacts['mtaSts']> {
  const said = (verdict: PolicyFacts['mtaSts']['answer'], evidence: string): PolicyFacts['mtaSts'] => ({
    answer: verdict,
    evidence,
    mx: [],
    maxAge: null,
  });
  if (answer === undefined || domain === undefined) return said('not-asked', 'no domain is named (--domain)');
  if (typeof answer === 'string') return said('unknown', answer);
  const id = stsRecordId(texts(answer));
  if (id === undefined) return said('none', `no TXT record at _mta-sts.${domain}`);
  const policyHost = `mta-sts.${domain}`;
  const [v4, v6] = [await ask(policyHost, 'A'), await ask(policyHost, 'AAAA')];
  const address = [v4, v6]
    .flatMap((each) => (typeof each === 'string' ? [] : each.records))
    .flatMap((record) => (record.type === 'A' || record.type === 'AAAA' ? [record.data] : []))[0];
  if (address === undefined) return said('invalid', `${policyHost} has no address`);
  const fetched = await fetchText({
    host: policyHost,
    address,
    port: policyPort,
    path: '/.well-known/mta-sts.txt',
    roots,
    timeoutMs: timeoutMs * 2,
  });
  if (!fetched.ok) return said('invalid', fetched.problem.message);
  const policy = readStsPolicy(fetched.value);
  if (!policy.ok) return said('invalid', policy.problem.message);
  const { mode, mx, maxAge } = policy.value;
  const whole = { mx: [...mx], maxAge };
  if (mode !== 'none' && !allowsMx(policy.value, host)) {
    return { answer: 'invalid', evidence: `the policy does not name ${host}: ${mx.join(', ')}`, ...whole };
  }
  return { answer: mode, evidence: `mode ${mode}, id ${id}, for ${maxAge} s: ${mx.join(', ')}`, ...whole };
}

function tlsRpt(answer: DnsAnswer | string | undefined): PolicyFacts['tlsRpt'] {
  if (answer === undefined) return { answer: 'not-asked', evidence: 'no domain is named (--domain)' };
  if (typeof answer === 'string') return { answer: 'unknown', evidence: answer };
  const [record, another] = texts(answer).filter((text) => text.startsWith('v=TLSRPTv1'));
  if (record === undefined) return { answer: 'no', evidence: 'no TXT record at _smtp._tls' };
  if (another !== undefined) return { answer: 'invalid', evidence: 'more than one record' };
  return /;\s*rua=(?:mailto:|https:)/.test(record)
    ? { answer: 'yes', evidence: record.slice(0, 200) }
    : { answer: 'invalid', evidence: `no rua that can be used: ${record.slice(0, 200)}` };
}
