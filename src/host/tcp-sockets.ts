/**
 * The kernel's table of TCP sockets on some local ports, and how to end one: sock_diag(7), what `ss` asks
 * with `-ti` and `-K`. Reading needs no privilege; ending needs CAP_NET_ADMIN and a kernel with
 * INET_DIAG_DESTROY (Debian's has it). A peer cannot write into the table: the kernel measures, we read.
 */
import { type Address, parseAddress } from '../base/address.ts';
import { fail, ok, type Result } from '../base/result.ts';
import { errorText, Netlink, protocols } from './netlink.ts';
import { acknowledge, dump, NetlinkWriter, readAttributesOf, request } from './netlink-message.ts';

export interface TcpSocket {
  readonly peer: Address;
  readonly peerPort: number;
  readonly localPort: number;
  /** Bytes that the peer has sent. */
  readonly bytesReceived: number;
  /** Bytes that we have sent, in whole or in part unacknowledged. */
  readonly bytesSent: number;
  /** Milliseconds since the peer last said something, or since it connected. */
  readonly lastReceivedMs: number;
  /** Milliseconds since we last said something. */
  readonly lastSentMs: number;
  /** Segments with data, each way. */
  readonly spoken: { readonly byPeer: number; readonly byUs: number };
  /** Of the file that a process has open for it; 0 where none has. */
  readonly inode: number;
  /** What names it to the kernel: struct inet_diag_sockid, with its family before it. */
  readonly identity: Buffer;
}

/** `ports` undefined: all of them. `established`: only connections that both sides have open. */
export interface TcpQuestion {
  readonly ports: readonly number[] | undefined;
  readonly established: boolean;
}

/** linux/sock_diag.h, linux/inet_diag.h, linux/tcp.h */
const byFamily = 20;
const destroy = 21;
const ipv4 = 2;
const ipv6 = 10;
const tcp = 6;
const wantsInfo = 2;
const infoAttribute = 2;
const bytecodeAttribute = 1;
const isEstablished = 1 << 1;
/** All but LISTEN (10) and TIME_WAIT (6), which hold no process, and NEW_SYN_RECV (12), which has none yet. */
const isOpen = 0xfff & ~(1 << 10) & ~(1 << 6);
const identityBytes = 48;
const messageBytes = 72;

const gone = 2;
const notPermitted = 1;

export class TcpSockets {
  readonly #netlink: Netlink;
  #sequence = 0;

  private constructor(netlink: Netlink) {
    this.#netlink = netlink;
  }

  static open(): Result<TcpSockets> {
    const netlink = Netlink.open(protocols.socketDiagnosis);
    return netlink.ok ? ok(new TcpSockets(netlink.value)) : netlink;
  }

  list({ ports, established }: TcpQuestion): Result<TcpSocket[]> {
    const sockets: TcpSocket[] = [];
    for (const family of [ipv4, ipv6]) {
      const writer = new NetlinkWriter();
      writer.beginMessage(byFamily, request | dump, ++this.#sequence);
      writer.uint8(family);
      writer.uint8(tcp);
      writer.uint8(wantsInfo);
      writer.uint8(0);
      writer.uint32(established ? isEstablished : isOpen);
      writer.raw(Buffer.alloc(identityBytes));
      if (ports !== undefined) writer.attribute(bytecodeAttribute, portFilter(ports));
      writer.endMessage();
      const answer = this.#netlink.ask(writer.bytes());
      if (!answer.ok) return answer;
      for (const { type, body } of answer.value.messages) {
        const socket = type === byFamily ? readSocket(body) : undefined;
        if (socket !== undefined) sockets.push(socket);
      }
    }
    return ok(sockets);
  }

  /** Both sides see the connection reset. One that is gone already is no problem. */
  end(sockets: readonly TcpSocket[]): Result<void> {
    if (sockets.length === 0) return ok();
    const writer = new NetlinkWriter();
    for (const { identity } of sockets) {
      writer.beginMessage(destroy, request | acknowledge, ++this.#sequence);
      writer.uint8(identity[0] ?? 0);
      writer.uint8(tcp);
      writer.uint16(0);
      writer.uint32(0xffffffff);
      writer.raw(identity.subarray(1));
      writer.endMessage();
    }
    const answer = this.#netlink.ask(writer.bytes());
    if (!answer.ok) return answer;
    const refused = answer.value.errors.find(({ errno }) => errno !== gone);
    if (refused === undefined) return ok();
    return fail(
      refused.errno === notPermitted ? 'permission' : 'unavailable',
      `cannot end a connection: the kernel must destroy its socket: ${errorText(refused.errno)}`,
      { hint: 'needs CAP_NET_ADMIN and a kernel with INET_DIAG_DESTROY' },
    );
  }

  close(): void {
    this.#netlink.close();
  }
}

/**
 * A program for the kernel's own filter (struct inet_diag_bc_op): local port among these. Each port takes
 * two comparisons and a jump; falling off the end accepts, jumping four bytes past it refuses.
 */
function portFilter(ports: readonly number[]): Buffer {
  const [atLeast, atMost, jump] = [2, 3, 1];
  const each = 20;
  const program = Buffer.alloc(ports.length * each);
  const operation = (at: number, code: number, yes: number, no: number): void => {
    program[at] = code;
    program[at + 1] = yes;
    program.writeUInt16LE(no, at + 2);
  };
  for (const [place, port] of ports.entries()) {
    const at = place * each;
    // The last one has no next to go to.
    const beyond = place === ports.length - 1 ? 4 : 0;
    operation(at, atLeast, 8, each + beyond);
    program.writeUInt16LE(port, at + 6);
    operation(at + 8, atMost, 8, each - 8 + beyond);
    program.writeUInt16LE(port, at + 14);
    operation(at + 16, jump, 4, program.length - at - 16);
  }
  return program;
}

/** struct inet_diag_msg, and struct tcp_info among its attributes. */
function readSocket(body: Buffer): TcpSocket | undefined {
  const info = readAttributesOf(body.subarray(messageBytes)).get(infoAttribute);
  // Up to bytes_sent, which Linux has since 4.18.
  if (info === undefined || info.length < 208) return undefined;
  const family = body[0] ?? 0;
  const identity = Buffer.concat([body.subarray(0, 1), body.subarray(4, 4 + identityBytes)]);
  const peer = addressOf(family, body.subarray(24, 40));
  if (peer === undefined) return undefined;
  return {
    peer,
    peerPort: body.readUInt16BE(6),
    localPort: body.readUInt16BE(4),
    bytesReceived: Number(info.readBigUInt64LE(128)),
    bytesSent: Number(info.readBigUInt64LE(200)),
    lastReceivedMs: info.readUInt32LE(52),
    lastSentMs: info.readUInt32LE(44),
    spoken: { byPeer: info.readUInt32LE(152), byUs: info.readUInt32LE(156) },
    inode: body.readUInt32LE(68),
    identity,
  };
}

/** A dual-stack listener has IPv4 peers as IPv4-mapped ones: they become plain. */
function addressOf(family: number, bytes: Buffer): Address | undefined {
  if (family === ipv4) return bytes.subarray(0, 4).join('.') as Address;
  const groups = Array.from({ length: 8 }, (_, place) => bytes.readUInt16BE(place * 2).toString(16));
  return parseAddress(groups.join(':'));
}
