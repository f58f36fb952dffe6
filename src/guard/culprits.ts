/**
 * Who holds the slots. While Exim turns clients away, the culprits are those that it did not turn
 * away: they are in no log, but in the socket table.
 *
 * A culprit keeps a connection without making progress towards a message, and it is its own turn to
 * speak: the server has spoken last. While the server owes an answer (a slow lookup, a callout),
 * nobody is blamed. Time without progress is summed over the slots of an address, so one that holds
 * ten slots is found ten times sooner.
 */
import type { Address } from '../base/address.ts';
import type { Duration } from '../base/duration.ts';
import { slotHolderBantime } from './rule.ts';
import type { MailSocket } from './socket-table.ts';
import type { Verdict } from './verdict.ts';

/** Slot-milliseconds without progress that nobody who wants to deliver mail needs while others wait. */
const patienceMs: Duration = 2000 as Duration;

/** Less silence than this on one connection is a round trip or a busy peer, and adds nothing. */
const ordinarySilenceMs = 1000;

export function findCulprits(sockets: readonly MailSocket[], patience: Duration = patienceMs): Verdict[] {
  const held = new Map<Address, MailSocket[]>();
  for (const socket of sockets) {
    if (silence(socket) < ordinarySilenceMs) continue;
    held.set(socket.peer, [...(held.get(socket.peer) ?? []), socket]);
  }
  const verdicts: Verdict[] = [];
  for (const [address, slots] of held) {
    const total = slots.reduce((sum, socket) => sum + silence(socket), 0);
    if (total < patience) continue;
    verdicts.push({
      address,
      rule: 'slot-holder',
      bantime: slotHolderBantime,
      evidence: slots.map(describe),
    });
  }
  return verdicts;
}

/** Milliseconds in which it was the peer's turn and it said nothing. */
function silence(socket: MailSocket): number {
  return isPeersTurn(socket) ? socket.lastSentMs : 0;
}

const implicitTls = 465;

/**
 * The kernel counts these times in ticks of up to 4 ms, so on a short wire a question and its answer
 * can bear the same time; who spoke last is then unknown, and nobody is blamed.
 */
function isPeersTurn(socket: MailSocket): boolean {
  if (socket.bytesReceived > 0) return socket.lastSentMs < socket.lastReceivedMs;
  return socket.bytesSent > 0 || socket.localPort === implicitTls;
}

function describe(socket: MailSocket): string {
  const said =
    socket.bytesReceived === 0 ? 'has said nothing' : `has said ${socket.bytesReceived} bytes in all`;
  const seconds = (silence(socket) / 1000).toFixed(1);
  return `holds a slot of port ${socket.localPort} (from port ${socket.peerPort}), ${said}, silent for ${seconds} s on its turn`;
}
