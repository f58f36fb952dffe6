/**
 * A name server of the tests' own, over UDP: it answers what its zone has, and says REFUSED where it is told to.
 * As a program it serves the zone given as JSON on a port of the loopback: `node name-server.ts PORT ZONE`.
 */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import * as packet from 'dns-packet';

/** Answers by `NAME TYPE`. */
export type Zone = Readonly<Record<string, readonly packet.Answer[]>>;

export interface NameServerOptions {
  readonly port?: number;
  /** It sets the AD bit where it says so; `signed` is what it says of the zone. */
  readonly validating?: boolean;
  readonly signed?: boolean;
  /** Never an answer. */
  readonly silent?: boolean;
  readonly refusing?: boolean;
}

const refused = 5;

export async function openNameServer(zone: Zone, options: NameServerOptions = {}): Promise<Socket> {
  const { port = 0, validating = false, signed = false, silent = false, refusing = false } = options;
  const socket = createSocket('udp4');
  socket.on('message', (message, peer) => {
    if (silent) return;
    const query = packet.decode(message);
    const [question] = query.questions ?? [];
    const key = `${question?.name ?? ''} ${question?.type ?? ''}`;
    const authentic = validating && (key === '. SOA' || signed);
    const answer = packet.encode({
      type: 'response',
      id: query.id ?? 0,
      flags:
        packet.RECURSION_DESIRED |
        packet.RECURSION_AVAILABLE |
        (authentic ? packet.AUTHENTIC_DATA : 0) |
        (refusing ? refused : 0),
      questions: query.questions ?? [],
      answers: refusing ? [] : [...(zone[key] ?? [])],
    });
    socket.send(answer, peer.port, peer.address);
  });
  socket.bind(port, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
}

if (import.meta.main) {
  const [port, zone = '{}'] = process.argv.slice(2);
  await openNameServer(JSON.parse(zone) as Zone, { port: Number(port) });
}
