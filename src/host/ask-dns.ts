/**
 * Asks a DNS resolver one question (RFC 1035), with DNSSEC's DO and AD bits (RFC 4035): over UDP, and over TCP
 * where the answer is cut off. Answers are bounded in size and time; whether to believe the AD bit is the
 * caller's business.
 */
import { createSocket } from 'node:dgram';
import { getServers } from 'node:dns';
import { connect } from 'node:net';
import { isIPv6 } from 'node:net';
import * as packet from 'dns-packet';
import { fail, ok, type Result } from '../base/result.ts';

export interface Resolver {
  readonly host: string;
  readonly port: number;
}

export interface DnsAnswer {
  /** NOERROR, NXDOMAIN, SERVFAIL… */
  readonly code: string;
  /** The resolver says that it has checked the signatures. */
  readonly authenticated: boolean;
  readonly records: readonly packet.Answer[];
}

/** The first resolver that the system is set to use. */
export function systemResolver(): Resolver | undefined {
  const [first] = getServers();
  const [, bracketed, port] =
    /^\[(.+)\]:(\d+)$/.exec(first ?? '') ?? /^([^:]+):(\d+)$/.exec(first ?? '') ?? [];
  if (first === undefined) return undefined;
  return { host: bracketed ?? first, port: Number(port ?? 53) };
}

export async function askDns(
  resolver: Resolver,
  name: string,
  type: 'A' | 'AAAA' | 'MX' | 'TLSA' | 'TXT' | 'SOA',
  timeoutMs: number,
): Promise<Result<DnsAnswer>> {
  const id = crypto.getRandomValues(new Uint16Array(1))[0] ?? 0;
  const query = packet.encode({
    type: 'query',
    id,
    flags: packet.RECURSION_DESIRED | packet.AUTHENTIC_DATA,
    questions: [{ type, name }],
    additionals: [
      {
        type: 'OPT',
        name: '.',
        udpPayloadSize: 1232,
        extendedRcode: 0,
        ednsVersion: 0,
        flags: packet.DNSSEC_OK,
        flag_do: true,
        options: [],
      },
    ],
  });
  // One datagram may be lost.
  for (const patience of [timeoutMs / 3, (timeoutMs * 2) / 3]) {
    const bytes = await overUdp(resolver, query, patience);
    const answer = bytes === undefined ? undefined : decode(bytes, id);
    if (answer?.truncated === true) {
      const whole = await overTcp(resolver, query, timeoutMs);
      const read = whole === undefined ? undefined : decode(whole, id);
      if (read !== undefined) return ok(read.answer);
    } else if (answer !== undefined) return ok(answer.answer);
  }
  return fail('timeout', `cannot look up ${name} ${type}: needs an answer of ${resolver.host}: none came`);
}

function decode(bytes: Buffer, id: number): { answer: DnsAnswer; truncated: boolean } | undefined {
  try {
    const read = packet.decode(bytes);
    if (read.id !== id) return undefined;
    const flags = read as packet.DecodedPacket & { rcode?: string };
    return {
      truncated: read.flag_tc,
      answer: { code: flags.rcode ?? 'NOERROR', authenticated: read.flag_ad, records: read.answers ?? [] },
    };
  } catch {
    return undefined; // Not DNS, or cut off.
  }
}

async function overUdp(
  { host, port }: Resolver,
  query: Buffer,
  timeoutMs: number,
): Promise<Buffer | undefined> {
  return await new Promise((resolve) => {
    const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
    const done = (bytes?: Buffer): void => {
      clearTimeout(timer);
      socket.removeAllListeners();
      socket.on('error', () => undefined);
      socket.close();
      resolve(bytes);
    };
    const timer = setTimeout(done, timeoutMs);
    socket.once('error', () => {
      done();
    });
    // Connected, so that only the resolver is heard.
    socket.connect(port, host, () => {
      socket.once('message', done);
      socket.send(query);
    });
  });
}

const largest = 65_535;

async function overTcp(
  { host, port }: Resolver,
  query: Buffer,
  timeoutMs: number,
): Promise<Buffer | undefined> {
  return await new Promise((resolve) => {
    const socket = connect(port, host);
    let bytes = Buffer.alloc(0);
    const done = (answer?: Buffer): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(done, timeoutMs);
    socket.on('error', () => {
      done();
    });
    socket.on('close', () => {
      done();
    });
    socket.on('connect', () => {
      socket.write(Buffer.concat([Buffer.of(query.length >> 8, query.length & 0xff), query]));
    });
    socket.on('data', (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      const length = bytes.length < 2 ? largest : bytes.readUInt16BE(0);
      if (bytes.length >= length + 2) done(bytes.subarray(2, length + 2));
    });
  });
}
