/** Extensions of a hello (RFC 8446, section 4.2; RFC 6066 and others, named at each). */
import { ByteReader } from './byte-reader.ts';
import { joined, text, uint, uints, vector } from './write-bytes.ts';

export interface Extension {
  readonly type: number;
  readonly body: Uint8Array;
}

export const extensionTypes = {
  /** RFC 6066. */
  serverName: 0,
  statusRequest: 5,
  supportedGroups: 10,
  pointFormats: 11,
  signatureAlgorithms: 13,
  /** RFC 6520. */
  heartbeat: 15,
  /** RFC 7301. */
  alpn: 16,
  /** RFC 6962. */
  certificateTimestamps: 18,
  /** RFC 7366. */
  encryptThenMac: 22,
  /** RFC 7627. */
  extendedMasterSecret: 23,
  /** RFC 5077. */
  sessionTicket: 35,
  supportedVersions: 43,
  pskModes: 45,
  keyShare: 51,
  /** RFC 5746. */
  renegotiationInfo: 0xff01,
} as const;

export function encodeExtensions(extensions: readonly Extension[]): Uint8Array {
  return vector(2, ...extensions.map(({ type, body }) => joined([uint(2, type), vector(2, body)])));
}

/** The reader stands before the length of the list. */
export function decodeExtensions(reader: ByteReader): Extension[] {
  const list = reader.vector(2);
  const found: Extension[] = [];
  while (list.left > 0) found.push({ type: list.uint(2), body: list.vector(2).rest() });
  return found;
}

const { serverName, statusRequest, supportedGroups, signatureAlgorithms, alpn, supportedVersions, keyShare } =
  extensionTypes;

export const extension: {
  serverName: (name: string) => Extension;
  groups: (codes: readonly number[]) => Extension;
  signatures: (codes: readonly number[]) => Extension;
  alpn: (names: readonly string[]) => Extension;
  versions: (codes: readonly number[]) => Extension;
  keyShares: (shares: readonly KeyShare[]) => Extension;
  statusRequest: () => Extension;
  empty: (type: number) => Extension;
} = {
  serverName: (name) => ({ type: serverName, body: vector(2, uint(1, 0), vector(2, text(name))) }),
  groups: (codes) => ({ type: supportedGroups, body: vector(2, uints(2, codes)) }),
  signatures: (codes) => ({ type: signatureAlgorithms, body: vector(2, uints(2, codes)) }),
  alpn: (names) => ({ type: alpn, body: vector(2, ...names.map((name) => vector(1, text(name)))) }),
  versions: (codes) => ({ type: supportedVersions, body: vector(1, uints(2, codes)) }),
  keyShares: (shares) => ({
    type: keyShare,
    body: vector(2, ...shares.map(({ group, key }) => joined([uint(2, group), vector(2, key)]))),
  }),
  /** OCSP, any responder, no extensions. */
  statusRequest: () => ({ type: statusRequest, body: joined([uint(1, 1), uint(2, 0), uint(2, 0)]) }),
  empty: (type) => ({ type, body: new Uint8Array(0) }),
};

export interface KeyShare {
  readonly group: number;
  readonly key: Uint8Array;
}

export function bodyOf(extensions: readonly Extension[], type: number): Uint8Array | undefined {
  return extensions.find((each) => each.type === type)?.body;
}

/** A list of 16-bit numbers after its length: groups, signature schemes. */
export function codesIn(body: Uint8Array | undefined, width: 1 | 2 = 2): number[] {
  return body === undefined ? [] : new ByteReader(body).vector(width).uints(2);
}
