/**
 * The proof that TLS is in force on a live port: a real handshake that shows exactly this certificate,
 * trusted by these roots, and old versions refused. It asks once; a daemon may need seconds to serve
 * what lies on its disk, so whoever wants the proof to hold asks again.
 */
import { fail, ok, type Result } from '../base/result.ts';
import { systemClock } from '../host/clock.ts';
import type { Endpoint } from '../host/connection.ts';
import type { TlsSession } from '../host/tls-session.ts';
import { openSession, type SessionOptions } from './open-session.ts';
import type { Policy } from './policy.ts';
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
  /** The handshakes that must succeed, and those that must fail. */
  readonly policy: Pick<Policy, 'accepts' | 'refuses' | 'refusesSuites'>;
}

export function starttlsProof(claim: StarttlsClaim): StarttlsProof {
  const { endpoint, implicit, name, roots = [], policy } = claim;
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
      const not = await policyObjection(options, policy, handshake.session.version);
      if (not !== undefined) return not;
      const { version, cipher } = handshake.session;
      const refused = policy.refuses.length === 0 ? '' : `; refused: ${policy.refuses.join(', ')}`;
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
  return undefined;
}

async function policyObjection(
  options: SessionOptions,
  { accepts, refuses, refusesSuites }: StarttlsClaim['policy'],
  agreed: string,
): Promise<Result<never> | undefined> {
  const act = `cannot trust port ${options.endpoint.port}`;
  const told = (version: string): string => (version === 'TLSv1.0' ? 'TLSv1' : version);
  if (!accepts.some((version) => version === told(agreed))) {
    return fail('no', `${act}: it must agree on ${accepts.join(' or ')}: it chose ${agreed}`);
  }
  for (const version of accepts) {
    if (version === told(agreed)) continue;
    const { answer, reason } = await probeVersion(options, version);
    if (answer !== 'accepted')
      return fail('no', `${act}: ${version} must be accepted: it is ${reason ?? answer}`);
  }
  const forbidden = [
    ...refuses.map((version) => ({ version, what: version, suites: undefined })),
    ...(refusesSuites === undefined
      ? []
      : [
          {
            version: 'TLSv1.2' as const,
            what: `TLSv1.2 with ${refusesSuites.join(', ')}`,
            suites: refusesSuites,
          },
        ]),
  ];
  for (const { version, what, suites } of forbidden) {
    const { answer, reason } = await probeVersion(options, version, suites);
    if (answer === 'refused') continue;
    const current = answer === 'accepted' ? 'it is accepted' : `it cannot be told: ${reason ?? ''}`;
    return fail('no', `${act}: ${what} must be refused: ${current}`);
  }
  return undefined;
}
