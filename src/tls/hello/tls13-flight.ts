/** What a server of TLS 1.3 says under encryption (RFC 8446, section 4.3 to 4.6), once it has been decrypted. */
import { ByteReader } from './byte-reader.ts';
import { bodyOf, decodeExtensions, type Extension, extensionTypes } from './extension.ts';
import { type HandshakeMessage, handshakeTypes, readMessages } from './handshake-message.ts';

export interface Tls13Flight {
  readonly extensions: readonly Extension[];
  readonly certificates: readonly Uint8Array[];
  /** The stapled OCSP response and the timestamps of the first certificate. */
  readonly status?: Uint8Array;
  readonly timestamps: boolean;
  /** The scheme of CertificateVerify. */
  readonly signature?: number;
  readonly certificateRequested: boolean;
  readonly tickets: readonly Tls13Ticket[];
}

export interface Tls13Ticket {
  /** Seconds. */
  readonly lifetime: number;
  /** How much may be sent in 0-RTT; 0 where none may. */
  readonly earlyData: number;
}

export function readTls13Flight(bytes: Uint8Array): Tls13Flight {
  const nothing: Tls13Flight = {
    extensions: [],
    certificates: [],
    timestamps: false,
    certificateRequested: false,
    tickets: [],
  };
  return readMessages(bytes).messages.reduce(onMessage, nothing);
}

function onMessage(flight: Tls13Flight, { type, body }: HandshakeMessage): Tls13Flight {
  const reader = new ByteReader(body);
  switch (type) {
    case handshakeTypes.encryptedExtensions:
      return { ...flight, extensions: decodeExtensions(reader) };
    case handshakeTypes.certificateRequest:
      return { ...flight, certificateRequested: true };
    case handshakeTypes.certificate:
      return { ...flight, ...certificates(reader) };
    case handshakeTypes.certificateVerify:
      return { ...flight, signature: reader.uint(2) };
    case handshakeTypes.newSessionTicket:
      return { ...flight, tickets: [...flight.tickets, ticket(reader)] };
    default:
      return flight;
  }
}

const mostCertificates = 100;

function certificates(reader: ByteReader): Pick<Tls13Flight, 'certificates' | 'status' | 'timestamps'> {
  reader.vector(1);
  const list = reader.vector(3);
  const found: { der: Uint8Array; extensions: readonly Extension[] }[] = [];
  while (list.left > 0 && found.length < mostCertificates) {
    const der = list.vector(3).rest();
    const extensions = decodeExtensions(list);
    if (list.short) break;
    found.push({ der, extensions });
  }
  const first = found[0]?.extensions ?? [];
  const status = bodyOf(first, extensionTypes.statusRequest);
  return {
    certificates: found.map(({ der }) => der),
    timestamps: bodyOf(first, extensionTypes.certificateTimestamps) !== undefined,
    // A type, a length of three bytes, the response.
    ...(status === undefined ? {} : { status: status.subarray(4) }),
  };
}

const earlyDataType = 42;

function ticket(reader: ByteReader): Tls13Ticket {
  const lifetime = reader.uint(4);
  reader.uint(4);
  reader.vector(1);
  reader.vector(2);
  const early = bodyOf(decodeExtensions(reader), earlyDataType);
  return { lifetime, earlyData: early === undefined ? 0 : new ByteReader(early).uint(4) };
}
