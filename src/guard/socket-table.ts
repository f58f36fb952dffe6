/**
 * The kernel's table of established connections on the mail ports, as `ss -tniOH` prints it: one
 * line a connection, `key:value` facts behind the two endpoints.
 *
 * A peer cannot write into it: the kernel measures, we read.
 */
import { type Address, parseAddress } from '../base/address.ts';

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
}

/** The ports that a mail server takes mail on: SMTP, submissions, submission (RFC 6409, RFC 8314). */
export const mailPorts: readonly number[] = [25, 465, 587];

export function readSocketTable(text: string): MailSocket[] {
  const sockets: MailSocket[] = [];
  for (const line of text.split('\n')) {
    const socket = readSocket(line);
    if (socket !== undefined) sockets.push(socket);
  }
  return sockets;
}

function readSocket(line: string): MailSocket | undefined {
  // With a state filter there is no state column: Recv-Q Send-Q Local Peer facts…
  const [, , local = '', remote = '', ...facts] = line.trim().split(/\s+/);
  const here = endpoint(local);
  const there = endpoint(remote);
  if (here === undefined || there === undefined) return undefined;
  const values = new Map(
    facts.map((fact) => [fact.slice(0, fact.indexOf(':')), fact.slice(fact.indexOf(':') + 1)]),
  );
  const number = (key: string, absent: number): number => {
    const value = Number(values.get(key) ?? absent);
    return Number.isFinite(value) ? value : absent;
  };
  return {
    peer: there.address,
    peerPort: there.port,
    localPort: here.port,
    bytesReceived: number('bytes_received', 0),
    bytesSent: number('bytes_sent', 0),
    lastReceivedMs: number('lastrcv', 0),
    lastSentMs: number('lastsnd', 0),
  };
}

/** `192.0.2.1:25`, `[::ffff:192.0.2.1]:25`, `[2001:db8::1]:25`, with `%interface` where it is bound to one. */
function endpoint(text: string): { address: Address; port: number } | undefined {
  const colon = text.lastIndexOf(':');
  const host = text
    .slice(0, colon)
    .replace(/^\[|\]$/g, '')
    .replace(/%.*$/, '');
  const address = parseAddress(host);
  const port = Number(text.slice(colon + 1));
  return address === undefined || !Number.isInteger(port) ? undefined : { address, port };
}
