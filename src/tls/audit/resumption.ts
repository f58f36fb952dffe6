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
  const given = await twice(prober, request);
  const seen = typeof given === 'string' ? undefined : given.first;
  const tickets = seen?.tls13?.tickets ?? [];
  const lifetime = seen?.ticket?.lifetime ?? tickets[0]?.lifetime;
  const gaveTicket = lifetime !== undefined;
  const byId = request.version === 'TLSv1.3' ? undefined : await idOf(prober, request, given, gaveTicket);
  return {
    byTicket: typeof given === 'string' ? given : gaveTicket && given.resumed,
    ...(byId === undefined ? {} : { byId }),
    ...(lifetime === undefined ? {} : { ticketLifetime: lifetime }),
    ...(tickets[0] === undefined ? {} : { earlyData: tickets[0].earlyData }),
    ...(seen?.ticket === undefined ? {} : { ticket: seen.ticket.ticket }),
  };
}

type Twice = { readonly first: Observation | undefined; readonly resumed: boolean } | string;

/** Where no ticket was given, what was resumed was resumed by its id. */
async function idOf(
  prober: Prober,
  request: Omit<HandshakeRequest, 'name'>,
  given: Twice,
  gaveTicket: boolean,
): Promise<boolean | string> {
  const byId = gaveTicket ? await twice(prober, { ...request, withoutTickets: true }) : given;
  return typeof byId === 'string' ? byId : byId.resumed;
}

async function twice(prober: Prober, request: Omit<HandshakeRequest, 'name'>): Promise<Twice> {
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
