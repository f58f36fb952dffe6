import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { ByteReader } from './byte-reader.ts';
import { type ClientHello, decodeClientHello, encodeClientHello } from './client-hello.ts';
import { codesIn, extension } from './extension.ts';
import { encodeMessage, readMessages } from './handshake-message.ts';
import { bitLength, decodeKeyExchange } from './key-exchange.ts';
import { encodeOffer } from './offer.ts';
import { encodeRecords, readRecords } from './record.ts';
import {
  decodeServerHello,
  encodeServerHello,
  isRetry,
  retryRandom,
  type ServerHello,
} from './server-hello.ts';
import { encodeSsl2Hello, encodeSsl2ServerHello, readSsl2Answer } from './ssl2.ts';
import { joined, uint, vector } from './write-bytes.ts';

const bytes = (maxLength: number, minLength = 0): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength, maxLength });
const plain = { noNullPrototype: true };
const code = fc.integer({ min: 0, max: 0xffff });
const extensions = fc.option(fc.array(fc.record({ type: code, body: bytes(40) }, plain), { maxLength: 8 }), {
  nil: undefined,
});
const clientHello: fc.Arbitrary<ClientHello> = fc.record(
  {
    version: code,
    random: bytes(32, 32),
    sessionId: bytes(32),
    suites: fc.array(code, { maxLength: 400 }),
    compressions: fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 4 }),
    extensions,
  },
  plain,
);
const serverHello: fc.Arbitrary<ServerHello> = fc.record(
  {
    version: code,
    random: bytes(32, 32),
    sessionId: bytes(32),
    suite: code,
    compression: fc.integer({ min: 0, max: 255 }),
    extensions,
  },
  plain,
);

describe('hellos are read as they were written', () => {
  test('ClientHello', () => {
    fc.assert(
      fc.property(clientHello, (hello) => {
        assert.deepEqual(decodeClientHello(encodeClientHello(hello)), hello);
      }),
    );
  });
  test('ServerHello', () => {
    fc.assert(
      fc.property(serverHello, (hello) => {
        assert.deepEqual(decodeServerHello(encodeServerHello(hello)), hello);
      }),
    );
    const retry = {
      version: 0x303,
      random: retryRandom,
      sessionId: new Uint8Array(0),
      suite: 0x1301,
      compression: 0,
      extensions: [],
    };
    assert.ok(isRetry(retry));
    assert.ok(!isRetry({ ...retry, random: new Uint8Array(32) }));
  });
  test('SSL 2.0', () => {
    fc.assert(
      fc.property(
        bytes(3000),
        fc.array(fc.integer({ min: 0, max: 0xffffff }), { maxLength: 20 }),
        (certificate, suites) => {
          const read = readSsl2Answer(encodeSsl2ServerHello({ certificate, suites }));
          assert.deepEqual(read, { type: 'hello', hello: { certificate, suites } });
        },
      ),
    );
    // Length with the high bit, CLIENT-HELLO, version 2, one suite, no id, a challenge of two bytes.
    assert.equal(
      encodeSsl2Hello([0x0700c0], Uint8Array.of(1, 2)).toHex(),
      '800e01000200030000000207'.concat('00c00102'),
    );
  });
});

test('records and messages come back whole, however they are cut', () => {
  fc.assert(
    fc.property(bytes(40_000), fc.integer({ min: 1, max: 5000 }), (body, step) => {
      const written = encodeRecords(22, 0x0303, encodeMessage({ type: 11, body }));
      let rest: Uint8Array = new Uint8Array(0);
      const fragments: Uint8Array[] = [];
      for (let at = 0; at < written.length; at += step) {
        const read = readRecords(joined([rest, written.subarray(at, at + step)]));
        assert.ok(!read.broken);
        fragments.push(...read.records.map(({ fragment }) => fragment));
        rest = read.rest;
      }
      assert.equal(rest.length, 0);
      const { messages } = readMessages(joined(fragments));
      assert.deepEqual(messages, [{ type: 11, body: Uint8Array.from(body) }]);
    }),
    { numRuns: 30 },
  );
});

test('a reader never reads past its end', () => {
  fc.assert(
    fc.property(bytes(20), (content) => {
      const reader = new ByteReader(content);
      for (let step = 0; step < 10; step += 1) reader.vector(2).vector(1).uints(2);
      assert.equal(reader.left === 0 || !reader.short, true);
    }),
  );
  const short = new ByteReader(Uint8Array.of(0, 5, 1));
  assert.deepEqual([...short.vector(2).rest()], []);
  assert.ok(short.short);
});

describe('an offer', () => {
  const random = new Uint8Array(32);
  const read = (offer: Parameters<typeof encodeOffer>[0]): ClientHello => {
    const { records } = readRecords(encodeOffer(offer, random));
    const [message] = readMessages(joined(records.map(({ fragment }) => fragment))).messages;
    const hello = message === undefined ? undefined : decodeClientHello(message.body);
    assert.ok(hello !== undefined);
    return hello;
  };
  test('of TLS 1.3 says so in an extension', () => {
    const hello = read({ version: 'TLSv1.3', suites: [0x1301], groups: [0x11ec], shares: [] });
    assert.equal(hello.version, 0x0303);
    const { type, body } = extension.versions([0x0304]);
    assert.deepEqual(hello.extensions?.find((each) => each.type === type)?.body, body);
    const groups = hello.extensions?.find((each) => each.type === 10)?.body;
    assert.deepEqual(codesIn(groups), [0x11ec]);
  });
  test('of SSL 3.0 has no extensions', () => {
    const hello = read({ version: 'SSLv3', suites: [0x0a] });
    assert.equal(hello.version, 0x0300);
    assert.equal(hello.extensions, undefined);
    assert.deepEqual(hello.suites, [0x0a, 0x00ff]);
  });
});

test('ServerKeyExchange shows curve, prime and scheme', () => {
  const curve = joined([Uint8Array.of(3, 0, 0x1d), vector(1, new Uint8Array(32)), uint(2, 0x0804)]);
  assert.deepEqual(decodeKeyExchange(curve, 'ECDHE', true), {
    group: 0x1d,
    publicKey: new Uint8Array(32),
    signature: 0x0804,
  });
  const prime = Uint8Array.of(0x80, 1);
  const field = joined([
    vector(2, prime),
    vector(2, Uint8Array.of(2)),
    vector(2, Uint8Array.of(9)),
    uint(2, 0x0401),
  ]);
  assert.deepEqual(decodeKeyExchange(field, 'DHE', true)?.prime, prime);
  assert.equal(decodeKeyExchange(field.subarray(0, 4), 'DHE', true), undefined);
  assert.deepEqual(decodeKeyExchange(Uint8Array.of(1, 9), 'ECDHE', true)?.explicitCurve, true);
  for (const [value, bits] of [
    [[0x80, 1], 16],
    [[0, 1], 1],
    [[0], 0],
    [[0x01, 0x00], 9],
  ] as const) {
    assert.equal(bitLength(Uint8Array.from(value)), bits);
  }
});
