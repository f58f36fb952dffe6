/** The answers of a server as the facts of the document: plain words and three-valued answers. */
import { sha256 } from '../../host/sha256.ts';
import type { DialogueFacts } from '../dialogue.ts';
import type { CipherSuite } from '../hello/cipher-suite.ts';
import { extensionTypes } from '../hello/extension.ts';
import { bitLength } from '../hello/key-exchange.ts';
import { type ProtocolVersion, protocolVersions } from '../hello/protocol-version.ts';
import type { Answers } from './ask-everything.ts';
import type { Answer, AuditFacts } from './audit-document.ts';
import { harmless } from './client-renegotiation.ts';
import { derivedFlaws } from './derived-flaws.ts';
import { dheKeys } from './dhe-keys.ts';
import { type DescribedChain, describeChain } from './describe-chain.ts';
import type { HelloVersion } from './find-suites.ts';
import type { FirstLook } from './first-look.ts';
import { knownPrime } from './known-prime.ts';
import { type Observation, offers } from './observation.ts';
import { softwareOf } from './software.ts';
import type { Verdict } from './verdict.ts';

export interface FrameOfAudit {
  readonly target: Omit<AuditFacts['target'], 'names'> & { readonly names: readonly string[] };
  /** Milliseconds since 1970. */
  readonly began: number;
  readonly ended: number;
  readonly connections: number;
  readonly busy: number;
  readonly most: number;
}

type Unknowns = { what: string; reason: string }[];

/** There is a mail server, and no TLS to be had of it. */
export function factsWithoutTls(
  frame: FrameOfAudit,
  { facts, words }: { readonly facts: DialogueFacts; readonly words: string },
): AuditFacts {
  return {
    ...common(frame, facts),
    smtp: { ...smtpFacts(facts, {}), starttls: withoutTls(facts), evidence: words },
    versions: [],
    primes: [],
    features: nothingKnown,
    chains: [],
    vulnerabilities: {},
    policy: null,
    unknown: [],
  };
}

export function factsWithTls(
  frame: FrameOfAudit,
  look: FirstLook,
  answers: Answers,
  seen: readonly Observation[],
): { facts: AuditFacts; chains: readonly DescribedChain[] } {
  const unknown: Unknowns = answers.certificates.missing.map((text) => {
    const [what = '', ...reason] = text.split(': ');
    return { what, reason: reason.join(': ') };
  });
  const chains = answers.certificates.chains.flatMap((served) => {
    const described = describeChain(served, frame.target.names);
    if (typeof described !== 'string') {
      unknown.push(...described.unread.map((reason) => ({ what: 'a certificate', reason })));
      return [described];
    }
    unknown.push({ what: `the ${served.key} chain`, reason: described });
    return [];
  });
  const versions = protocolVersions.map((version) => versionFacts(version, answers, unknown));
  const primes = primesOf(seen);
  const vulnerabilities = flaws(answers, seen, primes);
  for (const [what, { answer, evidence }] of Object.entries(vulnerabilities)) {
    if (answer === 'unknown') unknown.push({ what, reason: evidence });
  }
  return {
    chains,
    facts: {
      ...common(frame, look.facts),
      smtp: {
        ...smtpFacts(look.facts, look.answers),
        starttls: frame.target.implicit ? 'implicit' : 'offered',
        evidence: look.tls ? 'a whole handshake succeeds' : 'no whole handshake succeeds',
      },
      versions,
      primes,
      features: features(answers, seen, look),
      chains: chains.map(({ chain }) => chain),
      vulnerabilities,
      policy: null,
      unknown,
    },
  };
}

function common(
  { target, began, ended, connections, busy, most }: FrameOfAudit,
  facts: DialogueFacts,
): Pick<AuditFacts, 'schema' | 'target' | 'at' | 'seconds' | 'connections' | 'software'> {
  return {
    schema: 'portreeve-audit-1',
    target: { ...target, names: [...target.names] },
    at: new Date(began).toISOString(),
    seconds: (ended - began) / 1000,
    connections: { made: connections, turnedAway: busy, mostAtOnce: most },
    software: softwareOf(facts.greeting?.lines[0] ?? '') ?? null,
  };
}

function smtpFacts(
  facts: DialogueFacts,
  answers: FirstLook['answers'],
): Omit<AuditFacts['smtp'], 'starttls' | 'evidence'> {
  const reply = (command: string): string | null => {
    const found = answers[command];
    return found === undefined ? null : `${found.code} ${found.lines.join(' ')}`;
  };
  const list = (keywords: DialogueFacts['inClear']): string[] | null =>
    keywords === undefined
      ? null
      : [...keywords].map(([name, parameters]) => [name, ...parameters].join(' '));
  const last = facts.underTls ?? facts.inClear;
  return {
    banner: facts.greeting?.lines[0] ?? null,
    keywordsInClear: list(facts.inClear),
    keywordsUnderTls: list(facts.underTls),
    authInClear: facts.inClear === undefined ? 'no' : yesNo(facts.inClear.has('AUTH')),
    vrfy: reply('VRFY postmaster'),
    expn: reply('EXPN postmaster'),
    requireTls: last === undefined ? 'unknown' : yesNo(last.has('REQUIRETLS')),
  };
}

/** A device on the way that does not want encryption writes X over the keyword. */
function withoutTls({ inClear, starttlsRefused, broken }: DialogueFacts): AuditFacts['smtp']['starttls'] {
  if (starttlsRefused !== undefined) return 'refused';
  if (broken !== undefined && inClear?.has('STARTTLS') === true) return 'broken';
  if (inClear === undefined) return 'unknown';
  return [...inClear.keys()].some((keyword) => /^X{4,}[A-Z]?$/.test(keyword)) ? 'stripped' : 'not-offered';
}

function versionFacts(
  version: ProtocolVersion,
  answers: Answers,
  unknown: Unknowns,
): AuditFacts['versions'][number] {
  const base = { version, order: 'unknown' as const, groups: null, signatures: null };
  if (version === 'SSLv2') {
    if (!answers.ssl2.known) {
      unknown.push({ what: version, reason: answers.ssl2.reason });
      return { ...base, accepted: 'unknown', evidence: answers.ssl2.reason, suites: [] };
    }
    const { accepted, suites, evidence } = answers.ssl2.value;
    return { ...base, accepted: yesNo(accepted), evidence, suites: suites.map(ssl2Suite) };
  }
  const found = answers.suites.get(version);
  if (found?.known !== true) {
    const reason = found?.reason ?? 'it was not asked';
    unknown.push({ what: version, reason });
    return { ...base, accepted: 'unknown', evidence: reason, suites: [] };
  }
  const { suites, order, evidence, incomplete } = found.value;
  if (incomplete !== undefined) unknown.push({ what: `more suites of ${version}`, reason: incomplete });
  return {
    version,
    accepted: yesNo(suites.length > 0),
    evidence,
    suites: suites.map(suiteFacts),
    order,
    groups: listed(answers.groups.get(version), `the groups of ${version}`, unknown, ({ groups }) => groups),
    signatures: listed(
      answers.signatures.get(version),
      `the signature schemes of ${version}`,
      unknown,
      ({ signatures }) => signatures,
    ),
  };
}

function listed<T extends { readonly incomplete?: string }>(
  found: Answers['groups'] extends ReadonlyMap<HelloVersion, unknown>
    ?
        | { readonly known: true; readonly value: T }
        | { readonly known: false; readonly reason: string }
        | undefined
    : never,
  what: string,
  unknown: Unknowns,
  names: (value: T) => readonly { readonly name: string }[],
): string[] | null {
  if (found === undefined) return null;
  if (!found.known) {
    unknown.push({ what, reason: found.reason });
    return null;
  }
  if (found.value.incomplete !== undefined)
    unknown.push({ what: `more of ${what}`, reason: found.value.incomplete });
  return names(found.value).map(({ name }) => name);
}

function suiteFacts(suite: CipherSuite): AuditFacts['versions'][number]['suites'][number] {
  const { code, name, openssl, exchange, authentication, bits, forwardSecret } = suite;
  return {
    code: code.toString(16).padStart(4, '0'),
    name,
    openssl: openssl ?? null,
    exchange,
    authentication,
    bits,
    forwardSecret,
  };
}

function ssl2Suite(name: string): AuditFacts['versions'][number]['suites'][number] {
  const bits = /EXPORT40/.test(name) ? 40 : /DES_64/.test(name) ? 56 : /192/.test(name) ? 112 : 128;
  return {
    code: '',
    name,
    openssl: null,
    exchange: 'RSA',
    authentication: 'RSA',
    bits,
    forwardSecret: false,
  };
}

function primesOf(seen: readonly Observation[]): AuditFacts['primes'] {
  const found = new Map<string, AuditFacts['primes'][number]>();
  for (const { keyExchange, suite } of seen) {
    const prime = keyExchange?.prime;
    if (prime === undefined || suite.exchange === 'RSA') continue;
    const text = prime.toHex();
    found.set(text, {
      bits: bitLength(prime),
      name: knownPrime(text) ?? null,
      sha256: sha256(prime),
      exported: suite.name.includes('EXPORT'),
    });
  }
  return [...found.values()];
}

function flaws(
  answers: Answers,
  seen: readonly Observation[],
  primes: AuditFacts['primes'],
): Record<string, Verdict> {
  const { odd } = answers;
  const looked = typeof odd === 'object' ? odd : undefined;
  const suites = new Map<ProtocolVersion, readonly CipherSuite[]>(
    [...answers.suites].map(([version, found]) => [version, found.known ? found.value.suites : []]),
  );
  const incomplete = [...answers.suites]
    .filter(([, found]) => !found.known || found.value.incomplete !== undefined)
    .map(([version]) => version);
  const keys = dheKeys(seen);
  return {
    'command-injection': answers.injection,
    heartbleed: answers.heartbleed,
    'ccs-injection': answers.ccs,
    robot: answers.robot,
    ticketbleed: answers.ticketbleed,
    ...derivedFlaws({
      suites,
      incomplete,
      ssl2: answers.ssl2.known ? answers.ssl2.value.accepted : undefined,
      primes: primes.map(({ bits, name }) => ({ bits, name: name ?? undefined })),
      compression: odd === undefined ? false : looked === undefined ? undefined : looked.compression !== 0,
      encryptThenMac: looked === undefined ? undefined : offers(looked, extensionTypes.encryptThenMac),
      dhKeyReused: keys.length < 2 ? undefined : new Set(keys).size < keys.length,
    }),
  };
}

const nothingKnown: AuditFacts['features'] = {
  secureRenegotiation: 'unknown',
  clientRenegotiation: 'unknown',
  renegotiations: null,
  compression: 'unknown',
  extendedMasterSecret: 'unknown',
  encryptThenMac: 'unknown',
  fallbackScsv: 'unknown',
  heartbeat: 'unknown',
  sessionTickets: 'unknown',
  ticketLifetime: null,
  resumptionByTicket: 'unknown',
  resumptionById: 'unknown',
  earlyData: 'unknown',
  alpn: null,
  clientCertificate: 'unknown',
  postQuantum: 'unknown',
};

function features(answers: Answers, seen: readonly Observation[], look: FirstLook): AuditFacts['features'] {
  const { odd, resumption, resumption13, renegotiations, fallback } = answers;
  const classic = seen.filter(({ version }) => version !== 'TLSv1.3');
  const extension = (type: number): Answer => {
    if (odd === undefined) return 'no';
    if (typeof odd === 'object' && offers(odd, type)) return 'yes';
    if (classic.some((each) => offers(each, type))) return 'yes';
    return typeof odd === 'string' ? 'unknown' : 'no';
  };
  const groups = [...answers.groups.values()].flatMap((found) =>
    found?.known === true ? found.value.groups : [],
  );
  const groupsKnown =
    answers.suites.get('TLSv1.3')?.known === true && answers.groups.get('TLSv1.3')?.known !== false;
  const lifetime = resumption?.ticketLifetime ?? resumption13?.ticketLifetime;
  return {
    secureRenegotiation: extension(extensionTypes.renegotiationInfo),
    clientRenegotiation: typeof renegotiations === 'string' ? 'unknown' : yesNo(renegotiations > 0),
    renegotiations: typeof renegotiations === 'string' ? null : Math.min(renegotiations, harmless + 1),
    compression:
      odd === undefined ? 'no' : typeof odd === 'string' ? 'unknown' : yesNo(odd.compression !== 0),
    extendedMasterSecret: extension(extensionTypes.extendedMasterSecret),
    encryptThenMac: extension(extensionTypes.encryptThenMac),
    fallbackScsv: typeof fallback === 'string' ? 'unknown' : yesNo(fallback),
    heartbeat: extension(extensionTypes.heartbeat),
    sessionTickets: lifetime === undefined ? either(resumption?.byTicket, resumption13?.byTicket) : 'yes',
    ticketLifetime: lifetime ?? null,
    resumptionByTicket: either(resumption?.byTicket, resumption13?.byTicket),
    resumptionById: either(resumption?.byId),
    earlyData:
      typeof resumption13?.byTicket === 'string' ? 'unknown' : yesNo((resumption13?.earlyData ?? 0) > 0),
    alpn: answers.alpn ?? null,
    clientCertificate: yesNo(
      look.observation?.certificateRequested === true || seen.some((each) => each.certificateRequested),
    ),
    postQuantum: groupsKnown ? yesNo(groups.some(({ kind }) => kind === 'hybrid')) : 'unknown',
  };
}

function either(...values: readonly (boolean | string | undefined)[]): Answer {
  if (values.includes(true)) return 'yes';
  return values.some((value) => typeof value === 'string') ? 'unknown' : 'no';
}

function yesNo(value: boolean): Answer {
  return value ? 'yes' : 'no';
}
