/** What one handshake has shown of the server, whoever made it and whatever it was made for. */
import type { HandshakeDone } from '../../host/full-handshake.ts';
import { openTls13 } from '../../host/open-tls13.ts';
import { type CipherSuite, cipherSuite } from '../hello/cipher-suite.ts';
import { bodyOf, type Extension } from '../hello/extension.ts';
import { decodeKeyExchange, type KeyExchange } from '../hello/key-exchange.ts';
import { type ProtocolVersion, versionOf } from '../hello/protocol-version.ts';
import { chosenGroup, chosenVersion } from '../hello/server-hello.ts';
import { emptyFlight, readFlight, type ServerFlight } from '../hello/server-flight.ts';
import { readTls13Flight, type Tls13Flight } from '../hello/tls13-flight.ts';

export interface Observation {
  readonly version: ProtocolVersion;
  readonly suite: CipherSuite;
  readonly compression: number;
  readonly sessionId: Uint8Array;
  readonly extensions: readonly Extension[];
  readonly certificates: readonly Uint8Array[];
  readonly status: Uint8Array | undefined;
  readonly keyExchange: KeyExchange | undefined;
  /** The named group of the key exchange. */
  readonly group: number | undefined;
  readonly signature: number | undefined;
  readonly certificateRequested: boolean;
  readonly ticket: { readonly lifetime: number; readonly ticket: Uint8Array } | undefined;
  readonly tls13: Tls13Flight | undefined;
}

/** Undefined where the server has agreed to nothing. */
export function observe(flight: ServerFlight, made?: HandshakeDone): Observation | undefined {
  const { hello } = flight;
  const version = hello === undefined ? undefined : versionOf(chosenVersion(hello));
  if (hello === undefined || version === undefined) return undefined;
  const suite = cipherSuite(hello.suite);
  const tls13 =
    version === 'TLSv1.3' && made !== undefined
      ? readTls13Flight(openTls13(flight.encrypted, made.secrets, suite.name))
      : undefined;
  const keyExchange =
    flight.keyExchange === undefined
      ? undefined
      : decodeKeyExchange(flight.keyExchange, suite.exchange, version === 'TLSv1.2');
  return {
    version,
    suite,
    compression: hello.compression,
    sessionId: hello.sessionId,
    extensions: [...(hello.extensions ?? []), ...(tls13?.extensions ?? [])],
    certificates: flight.certificates ?? tls13?.certificates ?? [],
    status: flight.status ?? tls13?.status,
    keyExchange,
    group: version === 'TLSv1.3' ? chosenGroup(hello) : keyExchange?.group,
    signature: keyExchange?.signature ?? tls13?.signature,
    certificateRequested: flight.certificateRequested || tls13?.certificateRequested === true,
    ticket: flight.ticket,
    tls13,
  };
}

/** What a handshake of OpenSSL's has shown up to now. */
export function observeHandshake(made: HandshakeDone): Observation | undefined {
  return observe(readFlight(emptyFlight, made.wire()), made);
}

export function offers(observation: Observation, type: number): boolean {
  return bodyOf(observation.extensions, type) !== undefined;
}
