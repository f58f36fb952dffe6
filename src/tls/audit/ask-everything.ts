/**
 * All questions to one server, each as early as what it needs is known, in as few connections as they take.
 * The order of waiting is the order of need: versions and suites first, then what is asked with them.
 */
import type { Known } from './known.ts';
import type { CipherSuite } from '../hello/cipher-suite.ts';
import { extensionTypes } from '../hello/extension.ts';
import type { NamedGroup } from '../hello/named-group.ts';
import type { HandshakeRequest } from '../../host/full-handshake.ts';
import {
  type Classic,
  classicOf,
  codes,
  earliestOf,
  likely,
  type MaybeClassic,
  no,
  type Searches,
  searchAll,
  without,
} from './classic.ts';
import { clientRenegotiations } from './client-renegotiation.ts';
import { commandInjection } from './command-injection.ts';
import { seeTwoKeys } from './dhe-keys.ts';
import { fallbackRefused } from './fallback-scsv.ts';
import { type CertificatesFound, findCertificates, withoutRepeats } from './find-certificates.ts';
import { findCostlyGroups, findGroups, type GroupsFound } from './find-groups.ts';
import {
  findRareSignatures,
  findSignatures,
  noneAsked,
  type RareAsked,
  type SignaturesFound,
} from './find-signatures.ts';
import { classicGroups, type HelloVersion, opensslVersion, type SuitesFound } from './find-suites.ts';
import { heartbleed } from './heartbleed.ts';
import { oddityOf } from './oddity.ts';
import { type Observation, offers } from './observation.ts';
import type { Prober } from './prober.ts';
import { findResumption, type Resumption } from './resumption.ts';
import { robot } from './robot.ts';
import { probeSsl2, type Ssl2Found } from './ssl2-probe.ts';
import { ticketbleed } from './ticketbleed.ts';
import type { OpensslVersion } from './unseen-first.ts';
import type { Verdict } from './verdict.ts';

export interface Answers {
  readonly ssl2: Known<Ssl2Found>;
  readonly suites: ReadonlyMap<HelloVersion, Known<SuitesFound>>;
  /** Undefined where no suite of the version has such a group. */
  readonly groups: ReadonlyMap<HelloVersion, Known<GroupsFound> | undefined>;
  readonly signatures: ReadonlyMap<HelloVersion, Known<SignaturesFound> | undefined>;
  readonly certificates: CertificatesFound;
  readonly injection: Verdict;
  readonly heartbleed: Verdict;
  readonly ccs: Verdict;
  readonly robot: Verdict;
  readonly ticketbleed: Verdict;
  /** The hello that offers what nobody should take. */
  readonly odd: Observation | undefined | string;
  readonly fallback: boolean | string;
  readonly renegotiations: number | string;
  /** Of TLS 1.2 or earlier, and of TLS 1.3. */
  readonly resumption: Resumption | undefined;
  readonly resumption13: Resumption | undefined;
  readonly alpn: string | undefined;
}

const helloVersions: readonly HelloVersion[] = ['TLSv1.3', 'TLSv1.2', 'TLSv1.1', 'TLSv1.0', 'SSLv3'];
const groupVersions = ['TLSv1.3', 'TLSv1.2', 'TLSv1.1', 'TLSv1.0'] as const;
const schemeVersions = ['TLSv1.3', 'TLSv1.2'] as const;

type WholeRequest = Omit<HandshakeRequest, 'name'>;

export async function askEverything(prober: Prober, roots: readonly string[]): Promise<Answers> {
  const search = searchAll(prober);
  const found = async (version: HelloVersion): Promise<readonly CipherSuite[]> => {
    const answer = await search[version].all;
    return answer.known ? answer.value.suites : [];
  };
  const classic = classicOf(search);
  const earliest = earliestOf(search);
  const modern = found('TLSv1.3');
  const request = earliest.then(async (version) => {
    const early = version === undefined ? undefined : earlyRequest(version, await search[version].first);
    if (early !== undefined) return early;
    const best = await classic;
    return typeof best === 'object' ? wholeRequest(best) : best;
  });
  const request13 = search['TLSv1.3'].first.then(
    async (suite): Promise<WholeRequest | string | undefined> => {
      if (suite !== undefined) return { version: 'TLSv1.3', suites: names([suite]) };
      const answer = await search['TLSv1.3'].all;
      return answer.known ? undefined : answer.reason;
    },
  );
  const oddity = oddityOf(prober, earliest, classic);
  const odd = oddity.then(({ seen }) => seen);
  const costly = search['TLSv1.3'].first.then(async (suite) =>
    suite === undefined ? [] : await findCostlyGroups(prober, suite),
  );
  const groups = mapOf(groupVersions, async (version) => {
    const suites = await found(version);
    return await groupsOf(prober, version, suites, version === 'TLSv1.3' ? await costly : []);
  });
  const schemes13 = modern.then(async (suites) => await signaturesOf(prober, 'TLSv1.3', suites, noneAsked));
  const rare = search['TLSv1.2'].first.then(async (suite) =>
    suite === undefined || !isSigned(suite) ? noneAsked : await findRareSignatures(prober, suite),
  );
  const signatures = mapOf(schemeVersions, async (version) =>
    version === 'TLSv1.3'
      ? await schemes13
      : await signaturesOf(prober, version, await found(version), await rare),
  );
  const older = classic.then(async (best) => await olderCertificates(prober, roots, best));
  const certificates = certificatesOf(
    older,
    Promise.all([modern, schemes13]).then(
      async ([suites, schemes]) => await modernCertificates(prober, roots, suites, schemes),
    ),
  );
  const whole = Promise.all([request13, request]).then(([best, second]) =>
    typeof best === 'object' ? best : second,
  );
  const injection = whole.then(async (asked) => await injectionOf(prober, asked));
  const alpn = whole.then(async (asked) => await alpnOf(prober, asked));
  const resumption = request.then(async (asked) => await resumptionOf(prober, asked));
  const resumption13 = request13.then(async (asked) => await resumptionOf(prober, asked));
  const started: { readonly [K in keyof Answers]: Promise<Answers[K]> } = {
    ssl2: probeSsl2(prober),
    suites: mapOf(helloVersions, async (version) => await search[version].all),
    groups,
    signatures,
    certificates,
    injection,
    heartbleed: Promise.all([classic, odd]).then(
      async ([best, seen]) => await heartbleedOf(prober, best, seen),
    ),
    ccs: oddity.then(({ ccs }) => ccs),
    robot: robotOf(prober, earliest, classic),
    ticketbleed: Promise.all([classic, resumption]).then(
      async ([best, given]) => await ticketbleedOf(prober, best, given),
    ),
    odd,
    fallback: fallbackOf(prober, search),
    renegotiations: request.then(async (asked) =>
      typeof asked === 'object' ? await clientRenegotiations(prober, asked) : (asked ?? 0),
    ),
    resumption,
    resumption13,
    alpn,
  };
  const answers = await allOf<Answers>(started);
  const best = await classic;
  if (typeof best === 'object') await seeTwoKeys(prober, best.version, best.suites);
  return answers;
}

function names(suites: readonly CipherSuite[]): string[] {
  return suites.flatMap(({ openssl }) => openssl ?? []);
}

/** With the suite that was found first; undefined where OpenSSL cannot take part. */
function earlyRequest(version: Classic['version'], suite: CipherSuite | undefined): WholeRequest | undefined {
  return version === 'SSLv3' || suite?.openssl === undefined
    ? undefined
    : { version: opensslVersion(version), suites: [suite.openssl], groups: classicGroups };
}

/** Undefined where OpenSSL cannot take part. */
function wholeRequest({ version, suites }: Classic): WholeRequest | undefined {
  return version === 'SSLv3'
    ? undefined
    : { version: opensslVersion(version), suites: names(suites), groups: classicGroups };
}

async function groupsOf(
  prober: Prober,
  version: OpensslVersion,
  suites: readonly CipherSuite[],
  already: readonly NamedGroup[],
): Promise<Known<GroupsFound> | undefined> {
  const fitting = suites.filter(
    ({ exchange }) => exchange === 'any' || exchange.startsWith('ECDHE') || exchange === 'ECDH_anon',
  );
  const others = suites.filter((suite) => !fitting.includes(suite));
  return fitting.length === 0 ? undefined : await findGroups(prober, version, fitting, others, already);
}

async function signaturesOf(
  prober: Prober,
  version: 'TLSv1.2' | 'TLSv1.3',
  suites: readonly CipherSuite[],
  rare: RareAsked,
): Promise<Known<SignaturesFound> | undefined> {
  const fitting = suites.filter(isSigned);
  const others = suites.filter((suite) => !fitting.includes(suite));
  return fitting.length === 0 ? undefined : await findSignatures(prober, version, fitting, others, rare);
}

/** Its key exchange is. */
function isSigned({ exchange, authentication }: CipherSuite): boolean {
  return exchange === 'any' || (/^(?:EC)?DHE$/.test(exchange) && authentication !== 'anon');
}

async function olderCertificates(
  prober: Prober,
  roots: readonly string[],
  best: MaybeClassic,
): Promise<CertificatesFound> {
  if (typeof best !== 'object') return { chains: [], missing: [] };
  return await findCertificates(
    prober,
    { version: best.version, suites: best.suites, signatures: [] },
    roots,
  );
}

async function modernCertificates(
  prober: Prober,
  roots: readonly string[],
  suites: readonly CipherSuite[],
  schemes: Known<SignaturesFound> | undefined,
): Promise<CertificatesFound> {
  if (suites.length === 0 || schemes?.known !== true) return { chains: [], missing: [] };
  const { signatures } = schemes.value;
  return await findCertificates(prober, { version: 'TLSv1.3', suites, signatures }, roots);
}

/** Those of TLS 1.3 first; a certificate that both have shown is told once. */
async function certificatesOf(
  older: Promise<CertificatesFound>,
  modern: Promise<CertificatesFound>,
): Promise<CertificatesFound> {
  const found = [await modern, await older];
  return {
    chains: withoutRepeats(found.flatMap(({ chains }) => chains)),
    missing: found.flatMap(({ missing }) => missing),
  };
}

async function injectionOf(prober: Prober, request: WholeRequest | string | undefined): Promise<Verdict> {
  if (prober.options.implicit) return no('TLS from the first byte: there is no STARTTLS');
  if (typeof request !== 'object') {
    return { answer: 'unknown', evidence: request ?? 'no whole handshake succeeds' };
  }
  const answer = await commandInjection(prober, request);
  return answer.known ? answer.value : { answer: 'unknown', evidence: answer.reason };
}

async function heartbleedOf(
  prober: Prober,
  best: MaybeClassic,
  odd: Observation | string | undefined,
): Promise<Verdict> {
  if (typeof best !== 'object') return without(best);
  if (typeof odd === 'string') return { answer: 'unknown', evidence: odd };
  return odd === undefined || !offers(odd, extensionTypes.heartbeat)
    ? no('heartbeats are offered and not taken')
    : await heartbleed(prober, best.offer);
}

async function robotOf(
  prober: Prober,
  earliest: Promise<Classic['version'] | undefined>,
  classic: Promise<MaybeClassic>,
): Promise<Verdict> {
  const fits = ({ exchange, name }: CipherSuite): boolean => exchange === 'RSA' && !name.includes('EXPORT');
  const version = await earliest;
  if (version !== undefined) {
    const early = await robot(prober, { version, suites: likely(version, fits) });
    if (early !== undefined) return early;
  }
  const best = await classic;
  if (typeof best !== 'object') return without(best);
  const suites = best.suites.filter(fits);
  if (suites.length === 0) {
    return best.incomplete === undefined
      ? no('no suite with RSA key exchange')
      : { answer: 'unknown', evidence: best.incomplete };
  }
  const answer = await robot(prober, { version: best.version, suites: codes(suites) });
  return answer ?? { answer: 'unknown', evidence: 'no agreement on RSA key exchange' };
}

async function ticketbleedOf(
  prober: Prober,
  best: MaybeClassic,
  resumption: Resumption | undefined,
): Promise<Verdict> {
  if (typeof best !== 'object') return without(best);
  if (
    resumption === undefined ||
    (typeof resumption.byTicket === 'string' && resumption.ticket === undefined)
  ) {
    return { answer: 'unknown', evidence: String(resumption?.byTicket ?? 'no whole handshake succeeds') };
  }
  return resumption.ticket === undefined
    ? no('no tickets are given')
    : await ticketbleed(prober, best.offer, resumption.ticket);
}

async function fallbackOf(prober: Prober, search: Searches): Promise<boolean | string> {
  const spoken: { version: HelloVersion; suite: CipherSuite }[] = [];
  for (const version of helloVersions) {
    const suite = await search[version].first;
    if (suite !== undefined) spoken.push({ version, suite });
    const [, second] = spoken;
    if (second === undefined) continue;
    const suites = [second.suite.code, ...likely(second.version, (each) => each !== second.suite)];
    return await fallbackRefused(prober, { version: second.version, suites: suites.slice(0, 63) });
  }
  return 'there is no older version to fall back to';
}

async function resumptionOf(
  prober: Prober,
  request: WholeRequest | string | undefined,
): Promise<Resumption | undefined> {
  if (typeof request === 'string') return { byTicket: request, byId: request };
  return request === undefined ? undefined : await findResumption(prober, request);
}

async function alpnOf(
  prober: Prober,
  request: WholeRequest | string | undefined,
): Promise<string | undefined> {
  if (typeof request !== 'object') return undefined;
  const answer = await prober.handshake({ ...request, alpn: ['smtp'] });
  return answer.known && answer.value.type === 'agreed' ? answer.value.made.alpn : undefined;
}

async function mapOf<K, V>(keys: readonly K[], work: (key: K) => Promise<V>): Promise<ReadonlyMap<K, V>> {
  return new Map(await Promise.all(keys.map(async (key) => [key, await work(key)] as const)));
}

/** All have begun already; a record of what they come to. */
async function allOf<T extends object>(
  promises: {
    readonly [K in keyof T]: Promise<T[K]>;
  },
): Promise<T> {
  const entries = Object.entries(promises).map(async ([key, value]) => [key, await value] as const);
  return Object.fromEntries(await Promise.all(entries)) as T;
}
