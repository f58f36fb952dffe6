/** Flights of real servers (Node's OpenSSL), then the same with bytes changed, cut and doubled. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { createServer, type Server } from 'node:tls';
import * as fc from 'fast-check';
import { issueCertificate } from '../../host/issue-certificate.ts';
import { observe } from '../audit/observation.ts';
import { encodeOffer, type Offer } from './offer.ts';
import { chosenGroup } from './server-hello.ts';
import { emptyFlight, mostBytes, readFlight, type ServerFlight } from './server-flight.ts';
import { readSsl2Answer } from './ssl2.ts';
import { readTls13Flight } from './tls13-flight.ts';

const offers: Record<string, Offer> = {
  'TLS 1.2': {
    version: 'TLSv1.2',
    suites: [0xc02b, 0xc0ac],
    extendedMasterSecret: true,
    ticket: new Uint8Array(0),
  },
  'TLS 1.3': { version: 'TLSv1.3', suites: [0x1301], shares: [0x1d] },
  'a retry': { version: 'TLSv1.3', suites: [0x1301], groups: [0x11ec, 0x18], shares: [] },
  'an alert': { version: 'TLSv1.2', suites: [0x0003] },
};

describe('what a server says', () => {
  let server: Server;
  const flights = new Map<string, Uint8Array>();

  before(async () => {
    const { certificate, key } = await issueCertificate({
      commonName: 'mx.example',
      names: [{ type: 'dns', value: 'mx.example' }],
      authority: false,
      notBefore: Date.now() - 1000,
      notAfter: Date.now() + 1e7,
    });
    server = createServer({ cert: certificate, key, minVersion: 'TLSv1.2', ciphers: 'ALL:@SECLEVEL=0' });
    server.on('tlsClientError', () => undefined);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    for (const [name, offer] of Object.entries(offers)) flights.set(name, await flightOf(port, offer));
  });
  after(() => {
    server.close();
  });

  test('is read', () => {
    const read = (name: string): ServerFlight =>
      readFlight(emptyFlight, flights.get(name) ?? new Uint8Array(0));
    const classic = read('TLS 1.2');
    assert.ok(classic.done);
    const seen = observe(classic);
    assert.equal(seen?.suite.name, 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256');
    assert.equal(seen?.group, 0x1d);
    assert.equal(seen?.signature, 0x0403);
    assert.equal(seen?.certificates.length, 1);
    assert.ok(read('TLS 1.3').encrypted.length > 0);
    const retry = read('a retry').retry;
    assert.ok(retry !== undefined && [0x11ec, 0x18].includes(chosenGroup(retry) ?? 0));
    assert.equal(read('an alert').alert?.name, 'handshake_failure');
  });

  test('goes on after a retry, and the ChangeCipherSpec behind it', () => {
    const retry = readFlight(emptyFlight, flights.get('a retry') ?? new Uint8Array(0));
    const changeCipherSpec = Uint8Array.of(20, 3, 3, 0, 1, 1);
    const whole = readFlight(
      readFlight(retry, changeCipherSpec),
      flights.get('TLS 1.3') ?? new Uint8Array(0),
    );
    assert.equal(whole.changed, false);
    assert.equal(whole.hello?.suite, 0x1301);
    assert.ok(whole.encrypted.length > 0);
  });
  test('is read the same byte by byte', () => {
    for (const bytes of flights.values()) {
      let flight = emptyFlight;
      for (const byte of bytes) flight = readFlight(flight, Uint8Array.of(byte));
      assert.deepEqual(flight, readFlight(emptyFlight, bytes));
    }
  });

  test('damaged, never throws or hangs', () => {
    const runs = Number(process.env['PORTREEVE_RUNS'] ?? 300);
    const change = fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      byte: fc.integer({ min: 0, max: 255 }),
      how: fc.constantFrom('set', 'cut', 'double', 'insert'),
    });
    fc.assert(
      fc.property(
        fc.constantFrom(...flights.keys()),
        fc.array(change, { maxLength: 12 }),
        (name, changes) => {
          let bytes: Uint8Array = flights.get(name) ?? new Uint8Array(0);
          for (const { at, byte, how } of changes)
            bytes = damaged(bytes, Math.floor(at * bytes.length), byte, how);
          const flight = readFlight(emptyFlight, bytes);
          observe(flight);
          readTls13Flight(bytes);
          readSsl2Answer(bytes);
        },
      ),
      { numRuns: runs },
    );
  });

  test('without end, is cut off', () => {
    const record = new Uint8Array(5 + 0x4000);
    record.set([22, 3, 3, 0x40, 0]);
    record.set([11, 0xff, 0xff, 0xff], 5);
    let flight = emptyFlight;
    for (let sent = 0; sent <= mostBytes && flight.broken === undefined; sent += record.length) {
      flight = readFlight(flight, record);
    }
    assert.match(flight.broken ?? '', /more than/);
  });

  test('that is no TLS, is said to be so', () => {
    for (const text of ['220 mx.example ESMTP\r\n', 'HTTP/1.1 400 Bad Request\r\n', '\u0000\u0001']) {
      assert.equal(readFlight(emptyFlight, new TextEncoder().encode(text)).broken, 'not TLS');
    }
  });
});

function damaged(bytes: Uint8Array, at: number, byte: number, how: string): Uint8Array {
  if (how === 'cut') return bytes.slice(0, at);
  if (how === 'double')
    return Uint8Array.from([
      ...bytes.subarray(0, at),
      ...bytes.subarray(0, at),
      ...bytes.subarray(at),
    ]).subarray(0, 20_000);
  if (how === 'insert') return Uint8Array.from([...bytes.subarray(0, at), byte, ...bytes.subarray(at)]);
  const changed = Uint8Array.from(bytes);
  if (changed.length > 0) changed[at] = byte;
  return changed;
}

async function flightOf(port: number, offer: Offer): Promise<Uint8Array> {
  const socket = connect(port, '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('error', () => undefined);
  socket.write(encodeOffer(offer, new Uint8Array(32).fill(7)));
  const ended = once(socket, 'close');
  setTimeout(() => socket.destroy(), 300);
  await ended;
  return Buffer.concat(chunks);
}
