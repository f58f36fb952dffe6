/** A live test of one of this host's own mail ports, and its report; a port that does not answer has one too. */
import type { Clock } from '../host/clock.ts';
import { ownName } from '../host/own-name.ts';
import type { TranscriptLine } from '../tls/dialogue.ts';
import { type PortReport, portReport, silentPort } from '../tls/port-report.ts';
import { testServer } from '../tls/test-server.ts';

export interface OwnPort {
  readonly host: string;
  readonly port: number;
  /** That the certificate has to cover. */
  readonly name: string;
  readonly roots: readonly string[];
  readonly clock: Clock;
}

const implicitPorts: ReadonlySet<number> = new Set([465]);
const timeoutMs = 10_000;

export async function testOwnPort({ host, port, name, roots, clock }: OwnPort): Promise<PortReport> {
  const implicit = implicitPorts.has(port);
  const transcript: TranscriptLine[] = [];
  const tested = await testServer({
    endpoint: { host, port },
    timeoutMs,
    clock,
    dialogue: { helo: ownName(), implicit },
    tls: { name, roots },
    show: (line) => transcript.push(line),
  });
  const at = clock.now();
  return tested.ok
    ? portReport({ port, implicit, at, report: tested.value, transcript })
    : silentPort(port, implicit, at, tested.problem.message);
}
