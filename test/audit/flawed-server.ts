/**
 * A server of TLS 1.2 and earlier (and SSL 2.0) that has flaws on purpose, so that every check has somebody to
 * say yes to. It never finishes a handshake: what it is there for happens before that.
 */
import { constants, createPrivateKey, privateDecrypt, X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import { alertOf } from '../../src/tls/hello/alert.ts';
import { cipherSuite } from '../../src/tls/hello/cipher-suite.ts';
import { type ClientHello, decodeClientHello } from '../../src/tls/hello/client-hello.ts';
import { bodyOf, type Extension, extensionTypes } from '../../src/tls/hello/extension.ts';
import { encodeMessage, handshakeTypes, readMessages } from '../../src/tls/hello/handshake-message.ts';
import {
  contentTypes,
  encodeRecord,
  encodeRecords,
  readRecords,
  type TlsRecord,
} from '../../src/tls/hello/record.ts';
import { encodeServerHello } from '../../src/tls/hello/server-hello.ts';
import { encodeSsl2ServerHello } from '../../src/tls/hello/ssl2.ts';
import { joined, uint, vector } from '../../src/tls/hello/write-bytes.ts';

export interface Flaws {
  /** RSA, in PEM; or bytes, whatever they are. */
  readonly certificate: string | Uint8Array;
  /** What is sent after it. */
  readonly more?: readonly Uint8Array[];
  readonly key: string;
  readonly suites: readonly number[];
  readonly versions: readonly number[];
  readonly ssl2?: boolean;
  readonly heartbleed?: boolean;
  /** Heartbeats are answered as they should be. */
  readonly heartbeat?: boolean;
  readonly earlyCcs?: boolean;
  readonly oracle?: boolean;
  readonly compression?: boolean;
  /** The finite field that DHE suites use. */
  readonly prime?: Uint8Array;
  /** TLS_FALLBACK_SCSV is passed over. */
  readonly withoutScsv?: boolean;
  /** Suites with this key exchange are chosen, and then the server hangs up. */
  readonly brokenExchange?: string;
  /** The whole session id is always 32 bytes long. */
  readonly longIds?: boolean;
}

export function speakFlawed(socket: Socket, flaws: Flaws): void {
  let rest: Uint8Array = new Uint8Array(0);
  let version = 0x0303;
  let early = 0;
  let keyExchanged = false;
  const alert = (name: string): void => {
    const code =
      Array.from({ length: 256 }, (_, each) => each).find((each) => alertOf(2, each).name === name) ?? 80;
    socket.write(encodeRecord({ type: contentTypes.alert, version, fragment: Uint8Array.of(2, code) }));
    socket.end();
  };
  const onRecord = (record: TlsRecord): void => {
    if (record.type === contentTypes.heartbeat) {
      if (flaws.heartbleed === true) {
        const claimed = (record.fragment[1] ?? 0) * 256 + (record.fragment[2] ?? 0);
        const leak = joined([
          Uint8Array.of(2),
          uint(2, claimed),
          new Uint8Array(claimed).fill(0x41),
          new Uint8Array(16),
        ]);
        socket.write(encodeRecord({ type: contentTypes.heartbeat, version, fragment: leak }));
      }
      return;
    }
    if (record.type === contentTypes.changeCipherSpec && !keyExchanged) {
      early += 1;
      if (flaws.earlyCcs !== true) alert('unexpected_message');
      else if (early > 1) alert('bad_record_mac');
      return;
    }
    if (record.type !== contentTypes.handshake || keyExchanged) {
      if (keyExchanged && record.type === contentTypes.handshake) alert('bad_record_mac');
      return;
    }
    for (const { type, body } of readMessages(record.fragment).messages) {
      if (type === handshakeTypes.clientHello) {
        const hello = decodeClientHello(body);
        if (hello !== undefined) version = answer(socket, hello, flaws, alert) ?? version;
      } else if (type === handshakeTypes.clientKeyExchange) {
        keyExchanged = true;
        if (flaws.oracle === true && !isPadded(body.subarray(2), flaws.key)) alert('illegal_parameter');
      }
    }
  };
  socket.on('data', (chunk: Buffer) => {
    rest = joined([rest, chunk]);
    if ((rest[0] ?? 0) >= 0x80) {
      if (flaws.ssl2 === true) {
        const certificate = derOf(flaws.certificate);
        socket.write(encodeSsl2ServerHello({ certificate, suites: [0x010080, 0x0700c0] }));
      } else socket.end();
      return;
    }
    const read = readRecords(rest);
    rest = read.rest;
    for (const record of read.records) onRecord(record);
  });
  socket.resume();
}

function answer(
  socket: Socket,
  hello: ClientHello,
  flaws: Flaws,
  alert: (name: string) => void,
): number | undefined {
  const version = flaws.versions.filter((each) => each <= hello.version).toSorted((a, b) => b - a)[0];
  if (version === undefined) {
    alert('protocol_version');
    return undefined;
  }
  if (hello.suites.includes(0x5600) && flaws.withoutScsv !== true && version < Math.max(...flaws.versions)) {
    alert('inappropriate_fallback');
    return undefined;
  }
  const suite = hello.suites.find((each) => flaws.suites.includes(each));
  if (suite === undefined) {
    alert('handshake_failure');
    return undefined;
  }
  if (cipherSuite(suite).exchange === flaws.brokenExchange) {
    socket.end();
    return undefined;
  }
  const offered = hello.extensions ?? [];
  const extensions: Extension[] = [];
  if (
    (flaws.heartbleed ?? flaws.heartbeat) === true &&
    bodyOf(offered, extensionTypes.heartbeat) !== undefined
  ) {
    extensions.push({ type: extensionTypes.heartbeat, body: Uint8Array.of(1) });
  }
  const compressed = flaws.compression === true && hello.compressions.includes(1);
  const sessionId =
    flaws.longIds === true && hello.sessionId.length > 0
      ? joined([hello.sessionId, new Uint8Array(32).fill(0x42)]).subarray(0, 32)
      : new Uint8Array(32).fill(1);
  const { exchange } = cipherSuite(suite);
  const messages = [
    encodeMessage({
      type: handshakeTypes.serverHello,
      body: encodeServerHello({
        version,
        random: new Uint8Array(32).fill(9),
        sessionId,
        suite,
        compression: compressed ? 1 : 0,
        extensions: extensions.length === 0 ? undefined : extensions,
      }),
    }),
    encodeMessage({
      type: handshakeTypes.certificate,
      body: vector(3, ...[derOf(flaws.certificate), ...(flaws.more ?? [])].map((each) => vector(3, each))),
    }),
    ...(exchange === 'DHE'
      ? [encodeMessage({ type: handshakeTypes.serverKeyExchange, body: keyExchange(flaws, version) })]
      : []),
    encodeMessage({ type: handshakeTypes.serverHelloDone, body: new Uint8Array(0) }),
  ];
  socket.write(encodeRecords(contentTypes.handshake, version, joined(messages)));
  return version;
}

/** Signed by nobody: our own hellos do not look, and OpenSSL shall not go on. */
function keyExchange({ prime = new Uint8Array(128).fill(0xff) }: Flaws, version: number): Uint8Array {
  const signature = vector(2, new Uint8Array(256));
  return joined([
    vector(2, prime),
    vector(2, Uint8Array.of(2)),
    vector(2, prime.subarray(0, -1)),
    ...(version >= 0x0303 ? [uint(2, 0x0401), signature] : [signature]),
  ]);
}

/** As PKCS#1 v1.5 wants it, which nobody may be told. */
function isPadded(encrypted: Uint8Array, key: string): boolean {
  const plain = privateDecrypt({ key: createPrivateKey(key), padding: constants.RSA_NO_PADDING }, encrypted);
  return plain[0] === 0 && plain[1] === 2 && plain.indexOf(0, 2) === plain.length - 49;
}

function derOf(certificate: string | Uint8Array): Uint8Array {
  return typeof certificate === 'string' ? new X509Certificate(certificate).raw : certificate;
}
