/** A served chain as facts: order, what is too much, whose names it covers. */
import { isIssuedBy } from '../../host/certificate.ts';
import { readServedCertificate, type ServedCertificate } from '../../host/served-certificate.ts';
import { coversName } from '../covers-name.ts';
import type { Chain } from './audit-document.ts';
import type { ServedChain } from './find-certificates.ts';

export interface DescribedChain {
  readonly chain: Chain;
  readonly leaf: ServedCertificate;
  readonly certificates: readonly ServedCertificate[];
  /** What could not be read. */
  readonly unread: readonly string[];
}

/** Longer chains are cut off: no client follows them. */
const longest = 20;
const mostNames = 100;

/** Undefined where not even the first certificate can be read. */
export function describeChain(served: ServedChain, names: readonly string[]): DescribedChain | string {
  const unread: string[] = [];
  const certificates = served.chain.slice(0, longest).flatMap((der, index) => {
    const read = readServedCertificate(der);
    if (read.ok) return [read.value];
    unread.push(`certificate ${index + 1} of the ${served.key} chain: ${read.problem.message}`);
    return [];
  });
  if (served.chain.length > longest) unread.push(`certificates after the first ${longest}`);
  const [leaf] = certificates;
  if (leaf === undefined) return unread[0] ?? 'there is no certificate';
  const path = pathOf(certificates);
  const last = path.at(-1);
  return {
    leaf,
    certificates,
    unread,
    chain: {
      key: served.key,
      seenIn: served.version,
      certificates: certificates.map(describe),
      trusted: served.distrust === undefined ? 'yes' : served.distrust === 'unknown' ? 'unknown' : 'no',
      distrust: served.distrust === 'unknown' ? null : (served.distrust ?? null),
      inOrder: path.every((certificate, index) => certificate === certificates[index]),
      extra: certificates.filter((each) => !path.includes(each)).map(({ subject }) => subject),
      rootSent: path.length > 1 && last?.selfSigned === true,
      covers: Object.fromEntries(names.map((name) => [name, coversName(leaf.names, name)])),
      stapled: served.status !== undefined && served.status.length > 0,
      timestamps: served.timestamps || leaf.timestamps,
    },
  };
}

/** From the first certificate by way of whoever issued it, wherever that one lies in the list; no loops. */
function pathOf(certificates: readonly ServedCertificate[]): ServedCertificate[] {
  const path: ServedCertificate[] = [];
  let current = certificates[0];
  while (current !== undefined && !path.includes(current)) {
    path.push(current);
    const child = current;
    current = child.selfSigned
      ? undefined
      : certificates.find((each) => each !== child && isIssuedBy(child, each));
  }
  return path;
}

function describe(certificate: ServedCertificate): Chain['certificates'][number] {
  return {
    subject: certificate.subject,
    issuer: certificate.issuer,
    serial: certificate.serial,
    names: certificate.names.slice(0, mostNames),
    nameCount: certificate.names.length,
    notBefore: date(certificate.notBefore),
    notAfter: date(certificate.notAfter),
    key: certificate.key.text,
    keyKind: certificate.key.kind,
    keyBits: certificate.key.bits,
    signature: certificate.signature,
    sha256: certificate.fingerprint,
    sha1: certificate.sha1,
    keySha256: certificate.matches.key.sha256,
    selfSigned: certificate.selfSigned,
    authority: certificate.isAuthority,
    mustStaple: certificate.mustStaple,
    embeddedTimestamps: certificate.timestamps,
    forServers: certificate.forServers,
    ocsp: [...certificate.ocsp],
    crl: [...certificate.crl],
  };
}

function date(time: number): string {
  return Number.isFinite(time) ? new Date(time).toISOString() : new Date(0).toISOString();
}
