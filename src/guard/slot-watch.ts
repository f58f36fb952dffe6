/**
 * Who holds the slots. While Exim turns clients away, the culprits are those that it did not turn away:
 * they are in no log, but in the socket table, which is looked at again and again.
 *
 * Each connection has an account of the time that was the peer's to use and brought no progress. The
 * peer's time is when we spoke last, or when it adds to a command that it never finishes; while we owe
 * an answer (a slow lookup, a callout), nobody is charged. Bytes buy time, but none can be hoarded: who
 * says what a message takes, however slowly the wire carries it, keeps its account level; who says much
 * at once and then nothing does not. What is overdrawn is summed over the slots of an address, so one
 * that holds ten of them is found ten times sooner; and over an IPv6 /64 of which several addresses are
 * overdrawn, since one host has all of a /64 to call from. While a crowd waits, one silence may not last as long
 * as the bytes before it have bought: who stops after a TLS handshake has bought much and uses none of it.
 *
 * No clock: samples come with their time. The state is one small record a connection; a connection
 * that is gone is forgotten.
 */
import { type Address, isIPv6 } from '../base/address.ts';
import { customerOf } from './customer.ts';
import type { MailSocket } from './mail-socket.ts';

/** An address that holds slots without progress for longer than its patience allows. */
export interface SlotHolder {
  readonly address: Address;
  /** The /64 that is to be judged with it, where several of it hold slots. */
  readonly network?: string;
  /** The connections without progress. */
  readonly connections: readonly MailSocket[];
  /** A sentence for each of them. */
  readonly evidence: readonly string[];
}

export function connectionsOf(holders: readonly SlotHolder[]): number {
  return holders.reduce((sum, { connections }) => sum + connections.length, 0);
}

/** Slot-milliseconds without progress that nobody who wants to deliver mail needs while others wait. */
const patienceMs = 2000;

/** So many addresses of a /64 have to be overdrawn before it is judged as one. */
const several = 3;

/**
 * Milliseconds that a byte buys. The commands of the shortest transaction are about 100 bytes, worth six
 * seconds: enough for a round trip of a second each. Ten NOOPs, all that Exim allows, buy less than four.
 */
const msPerByte = 60;

/** The most that an account can hold. */
const mostCreditMs = 6000;

/** What an address may do. */
export interface Allowance {
  /** 2 allows it twice the time. */
  readonly patience: number;
  /** Milliseconds that it may be silent at a time, whatever its bytes have bought; infinite where nobody waits. */
  readonly silenceMs: number;
}

const usual: Allowance = { patience: 1, silenceMs: Number.POSITIVE_INFINITY };

interface Account {
  readonly at: number;
  readonly bytesReceived: number;
  readonly bytesSent: number;
  /** What its bytes have bought, less what of the peer's time has passed since; below 0 it is overdrawn. */
  readonly creditMs: number;
  /** Milliseconds of the peer's time so far, for the evidence. */
  readonly usedMs: number;
  /** Milliseconds of the peer's time since anybody spoke. */
  readonly silentMs: number;
  /** Arrivals since we last spoke: from the second on, a command that does not end. */
  readonly arrivals: number;
}

interface Held {
  overdrawnMs: number;
  readonly connections: MailSocket[];
  readonly evidence: string[];
}

export class SlotWatch {
  #accounts = new Map<string, Account>();

  /** `now` in milliseconds since 1970. Samples are a fraction of a second apart. */
  observe(
    sockets: readonly MailSocket[],
    now: number,
    allowanceOf: (address: Address) => Allowance = () => usual,
  ): SlotHolder[] {
    const accounts = new Map<string, Account>();
    const held = new Map<Address, Held>();
    for (const socket of sockets) {
      const key = `${socket.peer} ${socket.peerPort} ${socket.localPort}`;
      const account = charge(socket, this.#accounts.get(key), now);
      accounts.set(key, account);
      const left = Math.min(account.creditMs, allowanceOf(socket.peer).silenceMs - account.silentMs);
      if (left >= 0) continue;
      const slots = held.get(socket.peer) ?? { overdrawnMs: 0, connections: [], evidence: [] };
      slots.overdrawnMs -= left;
      slots.connections.push(socket);
      slots.evidence.push(describe(socket, account));
      held.set(socket.peer, slots);
    }
    this.#accounts = accounts;
    const networks = spreadOver(held);
    return [...held].flatMap(([address, { overdrawnMs, connections, evidence }]) => {
      const network = isIPv6(address) ? customerOf(address).text : undefined;
      const isSpread = network !== undefined && networks.has(network);
      if (overdrawnMs < patienceMs * allowanceOf(address).patience && !isSpread) return [];
      return [{ address, connections, evidence, ...(isSpread ? { network } : {}) }];
    });
  }

  /** Ends the observation: connections of the next attack start from nothing. */
  forget(): void {
    this.#accounts.clear();
  }
}

/** Every /64 of which several addresses are together overdrawn by more than one of them may be. */
function spreadOver(held: ReadonlyMap<Address, Held>): ReadonlySet<string> {
  const sums = new Map<string, { addresses: number; overdrawnMs: number }>();
  for (const [address, { overdrawnMs }] of held) {
    if (!isIPv6(address)) continue;
    const { text } = customerOf(address);
    const sum = sums.get(text) ?? { addresses: 0, overdrawnMs: 0 };
    sums.set(text, { addresses: sum.addresses + 1, overdrawnMs: sum.overdrawnMs + overdrawnMs });
  }
  return new Set(
    [...sums].flatMap(([text, { addresses, overdrawnMs }]) =>
      addresses >= several && overdrawnMs >= patienceMs ? [text] : [],
    ),
  );
}

function charge(socket: MailSocket, before: Account | undefined, now: number): Account {
  const { bytesReceived, bytesSent } = socket;
  const weSpoke = before !== undefined && bytesSent > before.bytesSent;
  const spoken = bytesReceived - (before?.bytesReceived ?? 0);
  const arrivals = before === undefined || weSpoke ? 0 : before.arrivals + (spoken > 0 ? 1 : 0);
  const share = arrivals >= 2 ? 1 : shareOfPeer(socket);
  const elapsed = before === undefined ? socket.lastSentMs : Math.max(0, now - before.at);
  const peersMs = share * (weSpoke ? Math.min(elapsed, socket.lastSentMs) : elapsed);
  const earnedMs = Math.min(mostCreditMs, (before?.creditMs ?? 0) + spoken * msPerByte);
  return {
    at: now,
    bytesReceived,
    bytesSent,
    creditMs: earnedMs - peersMs,
    usedMs: (before?.usedMs ?? 0) + peersMs,
    silentMs: arrivals >= 2 ? 0 : share * socket.lastSentMs,
    arrivals,
  };
}

const implicitTls = 465;

/** With fewer bytes from the peer, all that was said is SMTP: under TLS segments are no turns. */
const leastTlsHello = 150;

/** How surely it is the peer's turn to speak, from 0 to 1. */
function shareOfPeer(socket: MailSocket): number {
  if (socket.bytesReceived === 0) {
    // It has never spoken: its turn once we have greeted it, or from the start where TLS comes first.
    return socket.bytesSent > 0 || socket.localPort === implicitTls ? 1 : 0;
  }
  if (socket.lastSentMs < socket.lastReceivedMs) return 1;
  if (socket.lastSentMs > socket.lastReceivedMs) return 0;
  // The kernel counts in ticks of up to 4 ms: on a short wire a question and its answer can bear the
  // same time, and who spoke last is not known. In clear we speak first and both take turns.
  const { byPeer, byUs } = socket.spoken ?? { byPeer: 0, byUs: 0 };
  return byUs > byPeer && socket.bytesReceived < leastTlsHello ? 1 : 0.5;
}

function describe(socket: MailSocket, account: Account): string {
  const said = socket.bytesReceived === 0 ? 'nothing' : `${socket.bytesReceived} bytes`;
  const seconds = (account.usedMs / 1000).toFixed(1);
  return `holds a slot of port ${socket.localPort} (from port ${socket.peerPort}), has said ${said} in ${seconds} s that were its own`;
}
