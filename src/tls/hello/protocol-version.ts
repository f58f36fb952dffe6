/** The versions of the protocol: as they are written on the wire, and as people call them. */
export const versionCodes = {
  SSLv2: 0x0002,
  SSLv3: 0x0300,
  'TLSv1.0': 0x0301,
  'TLSv1.1': 0x0302,
  'TLSv1.2': 0x0303,
  'TLSv1.3': 0x0304,
} as const;

export type ProtocolVersion = keyof typeof versionCodes;

export const protocolVersions: readonly ProtocolVersion[] = [
  'SSLv2',
  'SSLv3',
  'TLSv1.0',
  'TLSv1.1',
  'TLSv1.2',
  'TLSv1.3',
];

/** Undefined for a number that is no version (GREASE, drafts, DTLS). */
export function versionOf(code: number): ProtocolVersion | undefined {
  return protocolVersions.find((version) => versionCodes[version] === code);
}
