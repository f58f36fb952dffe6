/**
 * A connection on a mail port, as the kernel's table of sockets has it (host/tcp-sockets.ts). A peer cannot
 * write into it: the kernel measures, we read.
 */
import type { Address } from '../base/address.ts';

export interface MailSocket {
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
  /** How often each side has spoken: segments with data; absent where it is not known. */
  readonly spoken?: { readonly byPeer: number; readonly byUs: number };
}

/** The ports that a mail server takes mail on: SMTP, submissions, submission (RFC 6409, RFC 8314). */
export const mailPorts: readonly number[] = [25, 465, 587];
