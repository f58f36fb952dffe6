/**
 * How often a client may ask for a new handshake in one session of TLS 1.2 or earlier: each costs the
 * server more than the client. NCSC-NL takes up to ten as harmless.
 */
import type { HandshakeRequest } from '../../host/full-handshake.ts';
import type { Prober } from './prober.ts';

export const harmless = 10;

/** At most one more than is harmless; or why it is not known. */
export async function clientRenegotiations(
  prober: Prober,
  request: Omit<HandshakeRequest, 'name'>,
): Promise<number | string> {
  const answer = await prober.handshake(request, async (_made, { wire, timeoutMs }) => {
    let done = 0;
    while (done <= harmless && (await wire.renegotiate(Math.min(timeoutMs, 1500)))) done += 1;
    return done;
  });
  if (!answer.known) return answer.reason;
  return answer.value.type === 'agreed' ? (answer.value.after ?? 0) : 'the handshake did not succeed again';
}
