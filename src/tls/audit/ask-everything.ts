/**
 * All questions to one server, each as early as what it needs is known, in as few connections as they take.
 * The order of waiting is the order of need: versions and suites first, then what is asked with them.
 */
import type { Known } from './known.ts';
import type { CipherSuite } from '../hello/cipher-suite.ts';
import type { Offer } from '../hello/offer.ts';
import { type Extension, extensionTypes } from '../hello/extension.ts';
import type { HandshakeRequest } from '../../host/full-handshake.ts';
import { ccsInjection } from './ccs-injection.ts';
import { clientRenegotiations } from './client-renegotiation.ts';
import { commandInjection } from './command-injection.ts';
import { fallbackRefused } from './fallback-scsv.ts';
import {
  type CertificatesFound,
  findCertificates,
  type ServedChain,
  withoutRepeats,
} from './find-certificates.ts';
import { findGroups, type GroupsFound } from './find-groups.ts';
import { findSignatures, type SignaturesFound } from './find-signatures.ts';
import {
  classicGroups,
  findSuites,
  type HelloVersion,
  opensslVersion,
  type SuitesFound,
} from './find-suites.ts';
import { heartbleed } from './heartbleed.ts';
import { type Observation, observe, offers } from './observation.ts';
import { isWhole, type Prober } from './prober.ts';
import { findResumption, type Resumption } from './resumption.ts';
import { robot } from './robot.ts';
import { probeSsl2, type Ssl2Found } from './ssl2-probe.ts';
import { ticketbleed } from './ticketbleed.ts';
import type { OpensslVersion } from './unseen-first.ts';
import type { Verdict } from './verdict.ts';
import { readServedCertificate } from '../../host/served-certificate.ts';

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

/** The best version before TLS 1.3, with all its suites: much is seen in clear there alone. */
interface Classic {
  readonly version: Exclude<HelloVersion, 'TLSv1.3'>;
  readonly suites: readonly CipherSuite[];
  readonly offer: Offer;
  /** There may be more suites. */
  readonly incomplete: string | undefined;
}

/** Undefined: only TLS 1.3 is spoken; text: why that is not known. */
type MaybeClassic = Classic | string | undefined;

export async function askEverything(prober: Prober, roots: readonly string[]): Promise<Answers> {
  const search = new Map(helloVersions.map((version) => [version, findSuites(prober, version)] as const));
  const found = async (version: HelloVersion): Promise<readonly CipherSuite[]> => {
    const answer = await search.get(version);
    return answer?.known === true ? answer.value.suites : [];
  };
  const classic = classicOf(search);
  const modern = found('TLSv1.3');
  const request = classic.then((best) => (typeof best === 'object' ? wholeRequest(best) : best));
  const request13 = modern.then(async (suites): Promise<WholeRequest | string | undefined> => {
    if (suites.length > 0) return { version: 'TLSv1.3', suites: names(suites) };
    const answer = await search.get('TLSv1.3');
    return answer?.known === false ? answer.reason : undefined;
  });
  const odd = classic.then(async (best) =>
    typeof best === 'object' ? await oddHello(prober, best.offer) : best,
  );
  const groups = mapOf(
    groupVersions,
    async (version) => await groupsOf(prober, version, await found(version)),
  );
  const schemes13 = modern.then(async (suites) => await signaturesOf(prober, 'TLSv1.3', suites));
  const signatures = mapOf(schemeVersions, async (version) =>
    version === 'TLSv1.3' ? await schemes13 : await signaturesOf(prober, version, await found(version)),
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
    suites: mapOf(
      helloVersions,
      async (version) => await (search.get(version) ?? findSuites(prober, version)),
    ),
    groups,
    signatures,
    certificates,
    injection,
    heartbleed: Promise.all([classic, odd]).then(
      async ([best, seen]) => await heartbleedOf(prober, best, seen),
    ),
    ccs: classic.then(async (best) =>
      typeof best === 'object' ? await ccsInjection(prober, best.offer) : without(best),
    ),
    robot: Promise.all([classic, older]).then(
      async ([best, { chains }]) => await robotOf(prober, best, chains),
    ),
    ticketbleed: Promise.all([classic, resumption]).then(
      async ([best, given]) => await ticketbleedOf(prober, best, given),
    ),
    odd,
    fallback: fallbackOf(prober, found),
    renegotiations: request.then(async (asked) =>
      typeof asked === 'object' ? await clientRenegotiations(prober, asked) : (asked ?? 0),
    ),
    resumption,
    resumption13,
    alpn,
  };
  return await allOf<Answers>(started);
}

const tls13Only = 'no version before TLS 1.3 is spoken';

/** What is to be said of older versions where there are none, or where that is not known. */
function without(best: string | undefined): Verdict {
  return best === undefined ? no(tls13Only) : { answer: 'unknown', evidence: best };
}

function no(evidence: string): Verdict {
  return { answer: 'no', evidence };
}

async function classicOf(
  search: ReadonlyMap<HelloVersion, Promise<Known<SuitesFound>>>,
): Promise<MaybeClassic> {
  let lost: string | undefined;
  for (const version of ['TLSv1.2', 'TLSv1.1', 'TLSv1.0', 'SSLv3'] as const) {
    const answer = await search.get(version);
    if (answer?.known !== true) lost ??= `${version} could not be asked: ${answer?.reason ?? ''}`;
    else if (answer.value.suites.length > 0) {
      const { suites, incomplete } = answer.value;
      return { version, suites, offer: { version, suites: codes(suites) }, incomplete };
    }
  }
  return lost;
}

function codes(suites: readonly CipherSuite[]): number[] {
  return suites.map(({ code }) => code);
}

function names(suites: readonly CipherSuite[]): string[] {
  return suites.flatMap(({ openssl }) => openssl ?? []);
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
): Promise<Known<GroupsFound> | undefined> {
  const fitting = suites.filter(
    ({ exchange }) => exchange === 'any' || exchange.startsWith('ECDHE') || exchange === 'ECDH_anon',
  );
  const others = suites.filter((suite) => !fitting.includes(suite));
  return fitting.length === 0 ? undefined : await findGroups(prober, version, fitting, others);
}

async function signaturesOf(
  prober: Prober,
  version: 'TLSv1.2' | 'TLSv1.3',
  suites: readonly CipherSuite[],
): Promise<Known<SignaturesFound> | undefined> {
  const fitting = suites.filter(
    ({ exchange, authentication }) =>
      exchange === 'any' || (/^(?:EC)?DHE$/.test(exchange) && authentication !== 'anon'),
  );
  const others = suites.filter((suite) => !fitting.includes(suite));
  return fitting.length === 0 ? undefined : await findSignatures(prober, version, fitting, others);
}

/** Timestamps by extension (RFC 6962). */
const oddExtensions: readonly Extension[] = [
  { type: extensionTypes.certificateTimestamps, body: new Uint8Array(0) },
];

/** Offers what nobody should take: compression, heartbeats. Why nothing is known of it is text. */
async function oddHello(prober: Prober, offer: Offer): Promise<Observation | string> {
  const answer = await prober.ask(
    {
      ...offer,
      compressions: [1, 0],
      heartbeat: true,
      extendedMasterSecret: true,
      encryptThenMac: true,
      more: oddExtensions,
    },
    isWhole,
  );
  if (!answer.known) return answer.reason;
  if (answer.value.type === 'refused')
    return `the hello with compression and heartbeats is refused: ${answer.value.evidence}`;
  return (
    observe(answer.value.flight) ?? 'the answer to the hello with compression and heartbeats cannot be read'
  );
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

async function robotOf(prober: Prober, best: MaybeClassic, chains: readonly ServedChain[]): Promise<Verdict> {
  if (typeof best !== 'object') return without(best);
  const suites = best.suites.filter(({ exchange, name }) => exchange === 'RSA' && !name.includes('EXPORT'));
  if (suites.length === 0) {
    return best.incomplete === undefined
      ? no('no suite with RSA key exchange')
      : { answer: 'unknown', evidence: best.incomplete };
  }
  for (const { chain } of chains) {
    const leaf = chain[0] === undefined ? undefined : readServedCertificate(chain[0]);
    if (leaf?.ok === true && leaf.value.rsa !== undefined) {
      return await robot(prober, { version: best.version, suites: codes(suites) }, leaf.value.rsa);
    }
  }
  return { answer: 'unknown', evidence: 'the RSA certificate is not known' };
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

async function fallbackOf(
  prober: Prober,
  found: (version: HelloVersion) => Promise<readonly CipherSuite[]>,
): Promise<boolean | string> {
  const spoken: { version: HelloVersion; suites: readonly CipherSuite[] }[] = [];
  for (const version of helloVersions) {
    const suites = await found(version);
    if (suites.length > 0) spoken.push({ version, suites });
  }
  const [, second] = spoken;
  if (second === undefined) return 'there is no older version to fall back to';
  return await fallbackRefused(prober, { version: second.version, suites: codes(second.suites) });
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
