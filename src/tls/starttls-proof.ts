/**
 * The proof that TLS is in force on a live port: a real handshake that shows exactly this certificate,
 * trusted by these roots, and old versions refused. It asks once; a daemon may need seconds to serve
 * what lies on its disk, so whoever wants the proof to hold asks again.
 */
import { fail, ok, type Result } from '../base/result.ts';
import { systemClock } from '../host/clock.ts';
import type { Endpoint } from '../host/connection.ts';
import type { TlsSession, TlsVersion } from '../host/tls-session.ts';
import { openSession, type SessionOptions } from './open-session.ts';
import { probeVersion } from './version-probe.ts';

export interface StarttlsProof {
  readonly claim: string;
  readonly prove: () => Promise<Result<string>>;
}

export interface StarttlsClaim {
  readonly endpoint: Endpoint;
  readonly implicit: boolean;
  /** The name of the mail host, sent as server name. */
  readonly name: string;
  /** SHA-256 of the certificate that has to be served. */
  readonly fingerprint: string;
  /** Roots that have to lead to it, in PEM; without them any issuer will do. */
  readonly roots?: readonly string[];
  readonly refuses: readonly TlsVersion[];
}

export function starttlsProof(claim: StarttlsClaim): StarttlsProof {
  const { endpoint, implicit, name, roots = [], refuses } = claim;
  const options: SessionOptions = {
    endpoint,
    timeoutMs: 3000,
    clock: systemClock,
    dialogue: { helo: name, implicit },
    tls: { name, roots },
  };
  return {
    claim: `${implicit ? 'TLS' : 'STARTTLS'} on port ${endpoint.port} serves the certificate`,
    prove: async () => {
      const session = await openSession(options);
      if (!session.ok) return session;
      const { handshake, facts } = session.value;
      if (facts.broken !== undefined) return { ok: false, problem: facts.broken };
      if (handshake?.done === false) return { ok: false, problem: handshake.problem };
      if (handshake === undefined) {
        const answer = facts.starttlsRefused ?? facts.refused;
        const words = answer === undefined ? 'it is not offered' : `${answer.code} ${answer.lines.join(' ')}`;
        return fail('no', `cannot encrypt on port ${endpoint.port}: STARTTLS must be granted: ${words}`);
      }
      const wrong = objection(handshake.session, claim);
      if (wrong !== undefined) return wrong;
      const still = await stillAccepted(options, refuses);
      if (still !== undefined) return still;
      const { version, cipher } = handshake.session;
      const refused = refuses.length === 0 ? '' : `; refused: ${refuses.join(', ')}`;
      return ok(`${version} ${cipher}, certificate ${claim.fingerprint.slice(0, 16)}${refused}`);
    },
  };
}

function objection(
  session: TlsSession,
  { endpoint, fingerprint, roots }: StarttlsClaim,
): Result<never> | undefined {
  const act = `cannot trust port ${endpoint.port}`;
  const [leaf] = session.chain;
  if (leaf?.fingerprint !== fingerprint) {
    const served = leaf === undefined ? 'none' : `${leaf.subject}, ${leaf.fingerprint.slice(0, 16)}`;
    return fail('no', `${act}: it must serve certificate ${fingerprint.slice(0, 16)}: it serves ${served}`);
  }
  if (roots !== undefined && session.distrust !== undefined) {
    return fail('no', `${act}: the chain must be trusted by the given authority: ${session.distrust}`);
  }
  return session.version === 'TLSv1.2' || session.version === 'TLSv1.3'
    ? undefined
    : fail('no', `${act}: it must agree on TLS 1.2 or later: it chose ${session.version}`);
}

async function stillAccepted(
  options: SessionOptions,
  refuses: readonly TlsVersion[],
): Promise<Result<never> | undefined> {
  for (const version of refuses) {
    const { answer, reason } = await probeVersion(options, version);
    if (answer === 'refused') continue;
    const current = answer === 'accepted' ? 'it is accepted' : `it cannot be told: ${reason ?? ''}`;
    return fail('no', `cannot trust port ${options.endpoint.port}: ${version} must be refused: ${current}`);
  }
  return undefined;
}
