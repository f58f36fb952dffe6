/** TLS records (RFC 8446, section 5.1): framing in both directions, nothing of what is in them. */
import { joined, uint } from './write-bytes.ts';

export const contentTypes = {
  changeCipherSpec: 20,
  alert: 21,
  handshake: 22,
  applicationData: 23,
  heartbeat: 24,
} as const;

export interface TlsRecord {
  readonly type: number;
  readonly version: number;
  readonly fragment: Uint8Array;
}

/** The most that a record may hold, with what encryption may add (RFC 5246, section 6.2.3). */
const largest = 2 ** 14 + 2048;

export function encodeRecord({ type, version, fragment }: TlsRecord): Uint8Array {
  return joined([uint(1, type), uint(2, version), uint(2, fragment.length), fragment]);
}

/** A message in as many records as it takes. */
export function encodeRecords(type: number, version: number, message: Uint8Array): Uint8Array {
  const records: Uint8Array[] = [];
  for (let at = 0; at < message.length || at === 0; at += 2 ** 14) {
    records.push(encodeRecord({ type, version, fragment: message.subarray(at, at + 2 ** 14) }));
  }
  return joined(records);
}

export interface RecordsRead {
  readonly records: readonly TlsRecord[];
  /** What has arrived of a record that is not complete. */
  readonly rest: Uint8Array;
  /** What came is no TLS: its type, version or length cannot be. The rest is left unread. */
  readonly broken: boolean;
}

export function readRecords(bytes: Uint8Array): RecordsRead {
  const records: TlsRecord[] = [];
  let at = 0;
  while (bytes.length - at >= 5) {
    const [type = 0, major = 0, minor = 0, high = 0, low = 0] = bytes.subarray(at, at + 5);
    const length = high * 256 + low;
    if (type < 20 || type > 24 || major !== 3 || length > largest) {
      return { records, rest: bytes.subarray(at), broken: true };
    }
    if (bytes.length - at - 5 < length) break;
    const fragment = bytes.subarray(at + 5, at + 5 + length);
    records.push({ type, version: major * 256 + minor, fragment });
    at += 5 + length;
  }
  const rest = bytes.subarray(at);
  const [first] = rest;
  return { records, rest, broken: first !== undefined && (first < 20 || first > 24) };
}
