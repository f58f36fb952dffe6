/**
 * What a server answers to a hello, read as it arrives: hello, certificates, key exchange, alert. What
 * is encrypted is kept as records. Hostile bytes end in `broken`, never in an exception, and no more
 * than `mostBytes` are kept.
 */
import { type Alert, alertOf } from './alert.ts';
import { ByteReader } from './byte-reader.ts';
import { type HandshakeMessage, handshakeTypes, readMessages } from './handshake-message.ts';
import { contentTypes, readRecords, type TlsRecord } from './record.ts';
import { chosenVersion, decodeServerHello, isRetry, type ServerHello } from './server-hello.ts';
import { joined } from './write-bytes.ts';

export interface ServerFlight {
  readonly hello?: ServerHello;
  readonly retry?: ServerHello;
  /** As sent, in DER; TLS 1.2 and earlier. */
  readonly certificates?: readonly Uint8Array[];
  /** An OCSP response (RFC 6066, section 8). */
  readonly status?: Uint8Array;
  /** The body of ServerKeyExchange. */
  readonly keyExchange?: Uint8Array;
  readonly certificateRequested: boolean;
  /** ServerHelloDone: the server waits for the client. */
  readonly done: boolean;
  /** The server's ChangeCipherSpec: what follows is encrypted. */
  readonly changed: boolean;
  readonly alert?: Alert;
  /** Records after the change, and all application data of TLS 1.3, in their order. */
  readonly encrypted: readonly TlsRecord[];
  readonly heartbeats: readonly Uint8Array[];
  /** A ticket in clear (RFC 5077): lifetime in seconds, and what to hand back. */
  readonly ticket?: { readonly lifetime: number; readonly ticket: Uint8Array };
  /** Why nothing more is read: not TLS, or too much of it. */
  readonly broken?: string;
  /** Handshake messages in clear, as they are hashed into a transcript. */
  readonly rest: Uint8Array;
  readonly pending: Uint8Array;
  readonly size: number;
}

export const mostBytes: number = 2 * 1024 * 1024;

export const emptyFlight: ServerFlight = {
  certificateRequested: false,
  done: false,
  changed: false,
  encrypted: [],
  heartbeats: [],
  rest: new Uint8Array(0),
  pending: new Uint8Array(0),
  size: 0,
};

export function readFlight(flight: ServerFlight, received: Uint8Array): ServerFlight {
  if (flight.broken !== undefined) return flight;
  const size = flight.size + received.length;
  if (size > mostBytes) return { ...flight, size, broken: `more than ${mostBytes} bytes` };
  const read = readRecords(joined([flight.rest, received]));
  const after = read.records.reduce(onRecord, { ...flight, size, rest: read.rest });
  return read.broken && after.broken === undefined ? { ...after, broken: 'not TLS' } : after;
}

function onRecord(flight: ServerFlight, record: TlsRecord): ServerFlight {
  if (flight.changed || record.type === contentTypes.applicationData) {
    return record.type === contentTypes.heartbeat
      ? { ...flight, heartbeats: [...flight.heartbeats, record.fragment] }
      : { ...flight, encrypted: [...flight.encrypted, record] };
  }
  switch (record.type) {
    case contentTypes.alert: {
      const [level = 0, code = 0] = record.fragment;
      return flight.alert?.fatal === true ? flight : { ...flight, alert: alertOf(level, code) };
    }
    case contentTypes.changeCipherSpec:
      // TLS 1.3 sends one for the sake of old middleboxes, after its retry too; only application data is encrypted there.
      return {
        ...flight,
        changed:
          flight.retry === undefined && (flight.hello === undefined || chosenVersion(flight.hello) < 0x0304),
      };
    case contentTypes.heartbeat:
      return { ...flight, heartbeats: [...flight.heartbeats, record.fragment] };
    default: {
      const { messages, rest } = readMessages(joined([flight.pending, record.fragment]));
      return messages.reduce(onMessage, { ...flight, pending: rest });
    }
  }
}

function onMessage(flight: ServerFlight, { type, body }: HandshakeMessage): ServerFlight {
  switch (type) {
    case handshakeTypes.serverHello: {
      const hello = decodeServerHello(body);
      if (hello === undefined) return { ...flight, broken: 'a ServerHello that cannot be read' };
      return isRetry(hello) ? { ...flight, retry: hello } : { ...flight, hello };
    }
    case handshakeTypes.certificate:
      return { ...flight, certificates: certificatesIn(body) };
    case handshakeTypes.certificateStatus: {
      const reader = new ByteReader(body);
      reader.uint(1);
      return { ...flight, status: reader.vector(3).rest() };
    }
    case handshakeTypes.serverKeyExchange:
      return { ...flight, keyExchange: body };
    case handshakeTypes.certificateRequest:
      return { ...flight, certificateRequested: true };
    case handshakeTypes.serverHelloDone:
      return { ...flight, done: true };
    case handshakeTypes.newSessionTicket: {
      const reader = new ByteReader(body);
      return { ...flight, ticket: { lifetime: reader.uint(4), ticket: reader.vector(2).rest() } };
    }
    default:
      return flight;
  }
}

const mostCertificates = 100;

/** The certificates of TLS 1.2 and earlier (RFC 5246, section 7.4.2). */
function certificatesIn(body: Uint8Array): Uint8Array[] {
  const list = new ByteReader(body).vector(3);
  const found: Uint8Array[] = [];
  while (list.left > 0 && found.length < mostCertificates) {
    const certificate = list.vector(3).rest();
    if (list.short) break;
    found.push(certificate);
  }
  return found;
}
