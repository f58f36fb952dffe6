/**
 * A netlink socket (netlink(7)): asks the kernel, and has its whole answer when the call returns. The
 * kernel answers within the call that asks, so nothing here waits: a change of the firewall takes some tens
 * of microseconds, where starting a program takes some milliseconds (decision 0053).
 *
 * Refusals of the kernel are answers (`errors`); a socket that cannot be had is a problem.
 */
import { getSystemErrorMessage } from 'node:util';
import { fail, ok, type Result } from '../base/result.ts';
import { cLibrary } from './c-library.ts';
import { type NetlinkMessage, readMessages } from './netlink-message.ts';

/** linux/netlink.h */
export const protocols = { socketDiagnosis: 4, netfilter: 12 } as const;

export interface NetlinkAnswer {
  readonly messages: readonly NetlinkMessage[];
  /** What was refused: which message, by its number, and errno(3). */
  readonly errors: readonly NetlinkRefusal[];
}

export interface NetlinkRefusal {
  readonly sequence: number;
  readonly errno: number;
}

const netlinkFamily = 16;
const rawSocket = 3 | 0o2000000;
const socketLevel = 1;
const sendBufferForce = 32;
const receiveBufferForce = 33;
const dontWait = 0x40;
const errorType = 2;
const interrupted = 4;
const bufferBytes = 64 * 1024 * 1024;

/** What errno(3) means, in the words of the C library. */
export function errorText(errno: number): string {
  return getSystemErrorMessage(-errno) ?? `error ${errno}`;
}

/** struct sockaddr_nl: to the kernel. */
const kernel = Buffer.alloc(12);
kernel.writeUInt16LE(netlinkFamily, 0);

export class Netlink {
  readonly #file: number;
  readonly #into = Buffer.alloc(262_144);
  /** Also after a call that was broken off: its answer may be waiting. */
  #isAsking = false;

  private constructor(file: number) {
    this.#file = file;
  }

  static open(protocol: number): Result<Netlink> {
    const library = cLibrary();
    if (library === undefined) {
      return fail('unavailable', 'cannot talk to the kernel by netlink: needs glibc: libc.so.6 is not here');
    }
    const file = library.socket(netlinkFamily, rawSocket, protocol);
    if (file < 0) {
      return fail(
        'unavailable',
        `cannot talk to the kernel by netlink: needs a socket: ${errorText(library.error())}`,
      );
    }
    // Only with CAP_NET_ADMIN; without it, what is asked has to be small.
    const size = Buffer.alloc(4);
    size.writeInt32LE(bufferBytes);
    library.setsockopt(file, socketLevel, sendBufferForce, size, 4);
    library.setsockopt(file, socketLevel, receiveBufferForce, size, 4);
    return ok(new Netlink(file));
  }

  /** Messages that are numbered by their sender; every one that wants an acknowledgement has it. */
  ask(bytes: Buffer): Result<NetlinkAnswer> {
    const library = cLibrary();
    if (library === undefined) throw new Error('glibc has gone');
    while (this.#isAsking) {
      const got = Number(library.recv(this.#file, this.#into, BigInt(this.#into.length), dontWait));
      this.#isAsking = got > 0 || library.error() === interrupted;
    }
    this.#isAsking = true;
    const sent = library.sendto(this.#file, bytes, BigInt(bytes.length), 0, kernel, kernel.length);
    if (Number(sent) !== bytes.length) {
      const errno = library.error();
      this.#isAsking = false;
      return fail(
        errno === 1 ? 'permission' : 'unavailable',
        `cannot ask the kernel by netlink: it must take ${bytes.length} bytes: ${errorText(errno)}`,
      );
    }
    const messages: NetlinkMessage[] = [];
    const errors: NetlinkRefusal[] = [];
    for (;;) {
      const got = Number(library.recv(this.#file, this.#into, BigInt(this.#into.length), dontWait));
      if (got < 0 && library.error() === interrupted) continue;
      if (got <= 0) break;
      for (const message of readMessages(Buffer.from(this.#into.subarray(0, got)))) {
        if (message.type !== errorType) {
          messages.push(message);
          continue;
        }
        const errno = -message.body.readInt32LE(0);
        if (errno !== 0) errors.push({ sequence: message.sequence, errno });
      }
    }
    this.#isAsking = false;
    return ok({ messages, errors });
  }

  close(): void {
    cLibrary()?.close(this.#file);
  }
}
