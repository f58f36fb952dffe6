/**
 * What an offer to a server looks like as a ClientHello: in words of versions, suites and groups here,
 * in records there. It is only ever meant to be answered, so its key shares are well-formed and belong to
 * nobody.
 */
import { encodeClientHello } from './client-hello.ts';
import { extension, type Extension, extensionTypes, type KeyShare } from './extension.ts';
import { encodeMessage, handshakeTypes } from './handshake-message.ts';
import { type ProtocolVersion, versionCodes } from './protocol-version.ts';
import { contentTypes, encodeRecords } from './record.ts';
import { signatureSchemes } from './signature-scheme.ts';

export interface Offer {
  /** The one version that is offered. */
  readonly version: Exclude<ProtocolVersion, 'SSLv2'>;
  readonly suites: readonly number[];
  /** Sent as server name (RFC 6066); none for an address. */
  readonly name?: string;
  readonly groups?: readonly number[];
  readonly signatures?: readonly number[];
  /** Groups to send a key share of; without one a server of TLS 1.3 asks for the group it wants. */
  readonly shares?: readonly number[];
  readonly compressions?: readonly number[];
  readonly sessionId?: Uint8Array;
  readonly alpn?: readonly string[];
  readonly ticket?: Uint8Array;
  readonly heartbeat?: boolean;
  readonly extendedMasterSecret?: boolean;
  readonly encryptThenMac?: boolean;
  readonly status?: boolean;
  /** Extensions that only a probe would send. */
  readonly more?: readonly Extension[];
}

/** TLS_FALLBACK_SCSV (RFC 7507). */
export const fallbackScsv = 0x5600;
/** TLS_EMPTY_RENEGOTIATION_INFO_SCSV (RFC 5746). */
const renegotiationScsv = 0x00ff;

/** Groups that servers of TLS 1.2 and earlier can be expected to read. */
const classicGroups: readonly number[] = [0x1d, 0x17, 0x18, 0x19, 0x1e];
const everySignature: readonly number[] = signatureSchemes.map(({ code }) => code);

/** `random`: 32 bytes. */
export function encodeOffer(offer: Offer, random: Uint8Array): Uint8Array {
  const code = versionCodes[offer.version];
  const hello = encodeClientHello({
    version: Math.min(code, versionCodes['TLSv1.2']),
    random,
    sessionId: offer.sessionId ?? (offer.version === 'TLSv1.3' ? random : new Uint8Array(0)),
    suites: offer.version === 'TLSv1.3' ? offer.suites : [...offer.suites, renegotiationScsv],
    compressions: offer.compressions ?? [0],
    extensions: offer.version === 'SSLv3' ? undefined : extensionsOf(offer),
  });
  // Old servers refuse a record that is newer than TLS 1.0 before they have read the hello (RFC 8446, 5.1).
  const recordVersion = Math.min(code, versionCodes['TLSv1.0']);
  return encodeRecords(
    contentTypes.handshake,
    recordVersion,
    encodeMessage({ type: handshakeTypes.clientHello, body: hello }),
  );
}

function extensionsOf(offer: Offer): Extension[] {
  const { empty } = extension;
  const has = (wanted: boolean | undefined, type: number): Extension[] =>
    wanted === true ? [empty(type)] : [];
  const tls13 = offer.version === 'TLSv1.3';
  const groups = offer.groups ?? classicGroups;
  return [
    ...(offer.name === undefined ? [] : [extension.serverName(offer.name)]),
    ...(groups.length === 0 ? [] : [extension.groups(groups)]),
    ...(tls13 || groups.length === 0
      ? []
      : [{ type: extensionTypes.pointFormats, body: Uint8Array.of(1, 0) }]),
    ...(offer.version === 'TLSv1.2' || tls13
      ? [extension.signatures(offer.signatures ?? everySignature)]
      : []),
    ...(offer.alpn === undefined ? [] : [extension.alpn(offer.alpn)]),
    ...(offer.status === true ? [extension.statusRequest()] : []),
    ...has(offer.extendedMasterSecret, extensionTypes.extendedMasterSecret),
    ...has(offer.encryptThenMac, extensionTypes.encryptThenMac),
    ...(offer.ticket === undefined ? [] : [{ type: extensionTypes.sessionTicket, body: offer.ticket }]),
    ...(offer.heartbeat === true ? [{ type: extensionTypes.heartbeat, body: Uint8Array.of(1) }] : []),
    ...(offer.more ?? []),
    ...(tls13
      ? [
          extension.versions([versionCodes['TLSv1.3']]),
          { type: extensionTypes.pskModes, body: Uint8Array.of(1, 1) },
          extension.keyShares((offer.shares ?? [0x1d]).flatMap(shareOf)),
        ]
      : []),
  ];
}

/** The base point of P-256 (FIPS 186-5): a point that every server accepts as a public key. */
const p256 =
  '046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296' +
  '4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5';

function shareOf(group: number): KeyShare[] {
  if (group === 0x1d) return [{ group, key: Uint8Array.of(9, ...new Uint8Array(31)) }];
  return group === 0x17 ? [{ group, key: Uint8Array.fromHex(p256) }] : [];
}
