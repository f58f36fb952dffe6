/**
 * The groups and signature schemes of an offer, with those in front that the server has not chosen yet. All
 * are offered each time, so that nothing is refused for want of one; but where a server follows the client's
 * order, each handshake, whatever it is made for, shows a group and a scheme more.
 */
import type { HandshakeRequest } from '../../host/full-handshake.ts';
import { type NamedGroup, namedGroups } from '../hello/named-group.ts';
import type { ProtocolVersion } from '../hello/protocol-version.ts';
import { type SignatureScheme, signatureSchemes } from '../hello/signature-scheme.ts';
import type { Observation } from './observation.ts';

export type OpensslVersion = Exclude<ProtocolVersion, 'SSLv2' | 'SSLv3'>;

export function unseenFirst(
  seen: readonly Observation[],
  version: OpensslVersion,
): Pick<HandshakeRequest, 'groups' | 'signatures'> {
  const groups = unseen(
    groupsOf(version).filter(({ code }) => !costly(code)),
    seenGroups(seen, version),
  );
  if (version !== 'TLSv1.3' && version !== 'TLSv1.2') return { groups: opensslGroups(groups) };
  const schemes = unseen(schemesOf(version), seenSchemes(seen, version));
  // Those of TLS 1.2 alone may still sign a certificate.
  const others = version === 'TLSv1.3' ? signatureSchemes.filter(({ tls13 }) => !tls13) : [];
  return { groups: opensslGroups(groups), signatures: opensslSchemes([...schemes, ...others]) };
}

/** Those that a version can use, the likely ones first. */
export function groupsOf(version: ProtocolVersion): readonly NamedGroup[] {
  return version === 'TLSv1.3' ? modernGroups : olderGroups;
}

export function schemesOf(version: ProtocolVersion): readonly SignatureScheme[] {
  return signatureSchemes.filter(({ tls13 }) => version !== 'TLSv1.3' || tls13);
}

export function seenGroups(seen: readonly Observation[], version: ProtocolVersion): NamedGroup[] {
  const codes = new Set(seen.flatMap((each) => (each.version === version ? (each.group ?? []) : [])));
  return [...codes].flatMap((code) => groupsOf(version).find((each) => each.code === code) ?? []);
}

export function seenSchemes(seen: readonly Observation[], version: ProtocolVersion): SignatureScheme[] {
  const codes = new Set(seen.flatMap((each) => (each.version === version ? (each.signature ?? []) : [])));
  return [...codes].flatMap((code) => schemesOf(version).find((each) => each.code === code) ?? []);
}

export function opensslGroups(groups: readonly NamedGroup[]): string[] {
  return groups.flatMap(({ openssl }) => openssl ?? []);
}

/** OpenSSL writes those of TLS 1.2 alone as pairs, and has no MD5 to offer. */
export function opensslSchemes(schemes: readonly SignatureScheme[]): string[] {
  return schemes.flatMap(({ name, hash }) => {
    if (hash === 'MD5') return [];
    const [, key = '', digest = ''] = /^(ecdsa|rsa_pkcs1|dsa)_(sha\d+)$/.exec(name) ?? [];
    return key === '' ? [name] : [`${key.replace('rsa_pkcs1', 'RSA').toUpperCase()}+${digest.toUpperCase()}`];
  });
}

function unseen<T>(all: readonly T[], seen: readonly T[]): T[] {
  return [...all.filter((each) => !seen.includes(each)), ...seen];
}

/** Groups over the integers of 4096 bits and more: a tenth of a second of the server's time each. */
export function costly(code: number): boolean {
  return code >= 0x0102 && code <= 0x0104;
}

const likely = [0x1d, 0x17, 0x18, 0x19, 0x1e, 0x11ec, 0x11eb, 0x11ed, 0x100, 0x101];

function rank({ code }: NamedGroup): number {
  const at = likely.indexOf(code);
  return at === -1 ? likely.length : at;
}

const modernGroups = namedGroups.filter(({ tls13 }) => tls13).toSorted((a, b) => rank(a) - rank(b));

/** RFC 9189 and RFC 8998 give GC256A and curveSM2 to suites of their own, not to those with ECDHE. */
const olderGroups = namedGroups
  .filter(({ kind, openssl, name }) => kind === 'curve' && openssl !== undefined && !name.endsWith('tls13'))
  .toSorted((a, b) => rank(a) - rank(b));
