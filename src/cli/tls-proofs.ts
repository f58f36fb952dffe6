/** What has to be proved of each port that serves, or shall serve, once TLS is in force: as an outside client sees it. */
import { fail, ok, type Result } from '../base/result.ts';
import { askedFromOutside } from '../change/asked-from-outside.ts';
import type { Proof } from '../change/change.ts';
import { listeningPorts } from '../exim/debian-listening.ts';
import { type Policy } from '../tls/policy.ts';
import { starttlsProof } from '../tls/starttls-proof.ts';

export interface ProofRequest {
  readonly name: string;
  readonly fingerprint: string;
  readonly roots?: readonly string[] | undefined;
  readonly policy: Policy;
  /** Ports that do not serve yet. */
  readonly ports: readonly number[];
}

const implicitPort = 465;

export async function tlsProofs({
  name,
  fingerprint,
  roots,
  policy,
  ports,
}: ProofRequest): Promise<Result<Proof[]>> {
  const listening = await listeningPorts();
  if (!listening.ok) return listening;
  const { ports: open, byCommandLine } = listening.value;
  const closed = ports.filter((port) => !open.some((known) => known.port === port));
  if (closed.length > 0 && byCommandLine !== undefined) {
    return fail(
      'configuration',
      `cannot open port ${closed.join(', ')}: its ports must come from the configuration: Exim runs with ${byCommandLine}`,
      {
        hint: 'add the port to SMTPLISTENEROPTIONS in /etc/default/exim4, or take -oX out of it, and restart Exim',
      },
    );
  }
  const address = open.find(({ port }) => port === 25)?.address ?? open[0]?.address ?? '0.0.0.0';
  const wanted = [...open, ...closed.map((port) => ({ address, port, implicit: port === implicitPort }))];
  return ok(
    wanted.map(({ address: socket, port, implicit }) => ({
      port,
      ...starttlsProof({
        endpoint: { host: askedFromOutside(socket)[0] ?? '127.0.0.1', port },
        implicit,
        name,
        fingerprint,
        policy,
        ...(roots === undefined ? {} : { roots }),
      }),
    })),
  );
}
