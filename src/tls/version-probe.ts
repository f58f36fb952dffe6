/**
 * Whether a server accepts a TLS version, found out by a handshake that offers nothing else. Only a TLS
 * alert counts as refusal: a server that hangs up or is silent may have other reasons, and our own
 * OpenSSL may be unable to ask. That is `unknown`.
 */
import type { TlsVersion } from '../host/tls-session.ts';
import { openSession, type SessionOptions } from './open-session.ts';

export type Answer = 'accepted' | 'refused' | 'unknown';

export interface VersionAnswer {
  readonly version: TlsVersion;
  readonly answer: Answer;
  /** Why it is unknown. */
  readonly reason?: string;
}

/** `suites`: with none but these, as OpenSSL names them. */
export async function probeVersion(
  options: SessionOptions,
  version: TlsVersion,
  suites?: readonly string[],
): Promise<VersionAnswer> {
  const { endpoint, timeoutMs, longestMs, clock } = options;
  const { helo, implicit } = options.dialogue;
  const session = await openSession({
    endpoint,
    timeoutMs,
    clock,
    ...(longestMs === undefined ? {} : { longestMs }),
    dialogue: { helo, implicit, quitAfter: 'TLS' },
    // Whose certificate it is was asked already.
    tls: { ...options.tls, roots: [], only: version, ...(suites === undefined ? {} : { suites }) },
  });
  if (!session.ok) return { version, answer: 'unknown', reason: session.problem.message };
  const { handshake } = session.value;
  if (handshake === undefined) return { version, answer: 'unknown', reason: 'STARTTLS was not granted' };
  if (handshake.done) return { version, answer: 'accepted' };
  if (handshake.by === 'alert') return { version, answer: 'refused' };
  return { version, answer: 'unknown', reason: handshake.problem.message };
}
