/**
 * The audit of one server: from the first connection to a document of facts. It ends in time, whatever
 * the server does; what was not answered by then is `unknown`.
 */
import type { Clock } from '../../host/clock.ts';
import type { Endpoint } from '../../host/connect-socket.ts';
import { fail, ok, type Result } from '../../base/result.ts';
import { askEverything } from './ask-everything.ts';
import type { AuditFacts } from './audit-document.ts';
import { factsWithTls, factsWithoutTls, type FrameOfAudit } from './audit-facts.ts';
import type { DescribedChain } from './describe-chain.ts';
import { firstLook } from './first-look.ts';
import { eximLingerMs, type PaceSettings } from './pace.ts';
import { Prober } from './prober.ts';
import { softwareOf } from './software.ts';

export interface AuditRequest {
  readonly endpoint: Endpoint;
  readonly implicit: boolean;
  readonly helo: string;
  /** Sent as server name; undefined for an address. */
  readonly serverName: string | undefined;
  /** The names that the certificate has to cover. */
  readonly names: readonly string[];
  readonly roots: readonly string[];
  readonly pace: PaceSettings;
  readonly timeoutMs: number;
  /** All of it ends by then. */
  readonly limitMs: number;
  readonly clock: Clock;
  /** Told what is going on, for whoever waits. */
  readonly tell?: (what: string) => void;
}

export interface Audited {
  readonly facts: AuditFacts;
  readonly chains: readonly DescribedChain[];
}

/** Fails only where nothing at all was learned. */
export async function auditServer(request: AuditRequest): Promise<Result<Audited>> {
  const { clock, endpoint } = request;
  const began = clock.now();
  const deadline = new AbortController();
  const timer = setTimeout(() => {
    deadline.abort();
  }, request.limitMs);
  const prober = new Prober({
    endpoint,
    implicit: request.implicit,
    helo: request.helo,
    name: request.serverName,
    pace: request.pace,
    timeoutMs: request.timeoutMs,
    limitMs: request.limitMs,
    clock,
    deadline: deadline.signal,
  });
  try {
    const looked = await firstLook(prober);
    if (looked.type === 'nothing') {
      return fail('unavailable', `cannot audit ${endpoint.host} port ${endpoint.port}: ${looked.words}`, {
        hint: hintFor(request),
      });
    }
    const told = (): FrameOfAudit => ({
      target: {
        host: endpoint.host,
        port: endpoint.port,
        implicit: request.implicit,
        names: request.names,
        address: looked.type === 'looked' ? looked.look.address : looked.address,
      },
      began,
      ended: clock.now(),
      ...prober.gate.counts,
    });
    if (looked.type === 'no-tls') return ok({ facts: factsWithoutTls(told(), looked), chains: [] });
    const { look } = looked;
    const software = softwareOf(look.facts.greeting?.lines[0] ?? '');
    if (software?.startsWith('Exim') === true) {
      prober.gate.lingers(eximLingerMs);
      // It goes on in clear after a close_notify (`tls_refill`); others hang up.
      if (!request.implicit) prober.gate.keepConnections();
    }
    const answers = await askEverything(prober, request.roots);
    return ok(factsWithTls(told(), look, answers, prober.seen));
  } finally {
    await prober.close();
    clearTimeout(timer);
    deadline.abort();
  }
}

function hintFor({ implicit, endpoint }: AuditRequest): string {
  if (!implicit && endpoint.port === 465) return 'port 465 speaks TLS from the first byte: use --implicit';
  return implicit
    ? 'does that port speak TLS from the first byte? with STARTTLS, leave out --implicit'
    : 'is there a mail server on that port?';
}
