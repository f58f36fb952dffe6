/** Whether and how a server resumes sessions: by ticket, by session id; and what its tickets allow. */
import type { HandshakeRequest } from '../../host/full-handshake.ts';
import { greetAgain } from './reach.ts';
import { type Observation, observeHandshake } from './observation.ts';
import type { Prober } from './prober.ts';

export interface Resumption {
  /** `true`, `false`, or why it is not known. */
  readonly byTicket: boolean | string;
  /** Not in TLS 1.3. */
  readonly byId?: boolean | string;
  /** Seconds; undefined where no ticket was given. */
  readonly ticketLifetime?: number;
  /** How much 0-RTT data a ticket allows; TLS 1.3 alone. */
  readonly earlyData?: number;
  /** The ticket itself, for TLS 1.2. */
  readonly ticket?: Uint8Array;
}

export async function findResumption(
  prober: Prober,
  request: Omit<HandshakeRequest, 'name'>,
): Promise<Resumption> {
  const [withTicket, byId] = await Promise.all([
    twice(prober, request),
    request.version === 'TLSv1.3' ? undefined : twice(prober, { ...request, withoutTickets: true }),
  ]);
  const seen = typeof withTicket === 'string' ? undefined : withTicket.first;
  const tickets = seen?.tls13?.tickets ?? [];
  const lifetime = seen?.ticket?.lifetime ?? tickets[0]?.lifetime;
  const gaveTicket = lifetime !== undefined;
  return {
    byTicket: typeof withTicket === 'string' ? withTicket : gaveTicket && withTicket.resumed,
    ...(byId === undefined ? {} : { byId: typeof byId === 'string' ? byId : byId.resumed }),
    ...(lifetime === undefined ? {} : { ticketLifetime: lifetime }),
    ...(tickets[0] === undefined ? {} : { earlyData: tickets[0].earlyData }),
    ...(seen?.ticket === undefined ? {} : { ticket: seen.ticket.ticket }),
  };
}

async function twice(
  prober: Prober,
  request: Omit<HandshakeRequest, 'name'>,
): Promise<{ first: Observation | undefined; resumed: boolean } | string> {
  const first = await prober.handshake(request, async (made, visit) => {
    // Tickets of TLS 1.3 follow the handshake; the answer to a command comes after them.
    await greetAgain(visit.wire, visit.state, visit.timeoutMs);
    visit.wire.send('QUIT\r\n');
    await visit.wire.receive(visit.timeoutMs);
    return { session: made.sessions.at(-1), seen: observeHandshake(made) };
  });
  if (!first.known) return first.reason;
  if (first.value.type !== 'agreed') return 'the handshake did not succeed again';
  const { session, seen } = first.value.after ?? {};
  if (session === undefined) return { first: seen, resumed: false };
  const second = await prober.handshake({ ...request, session });
  if (!second.known) return second.reason;
  return { first: seen, resumed: second.value.type === 'agreed' && second.value.made.resumed };
}
