/**
 * Audits the mail ports of this host for their grades, one at a time: a minute after the start, every `watch.audit`, when
 * a port shows another certificate, and when it is asked to. Each by a process of its own at the lowest priority and at
 * the gentle pace (decision 0107); none while Exim turns clients away.
 */
import type { Problem } from '../base/problem.ts';
import { fail, type Result, ok } from '../base/result.ts';
import type { Settings } from '../base/settings.ts';
import type { Clock } from '../host/clock.ts';
import { ownName } from '../host/own-name.ts';
import { ownProgram } from '../host/own-program.ts';
import { run } from '../host/run.ts';
import type { AuditDocument } from '../tls/audit/audit-document.ts';
import type { PortAudit, PortReport } from '../tls/port-report.ts';

export interface PortAuditsOptions {
  readonly settings: () => Settings;
  readonly clock: Clock;
  /** Those that have been tested. */
  readonly ports: () => readonly PortReport[];
  readonly isBusy: () => boolean;
  readonly trouble: (problem: Problem) => void;
}

interface Kept {
  readonly audit: PortAudit;
  /** Of the certificate that was served then. */
  readonly fingerprint: string | undefined;
}

/** A host that starts has other things to do. */
const firstMs = 60_000;
const lookMs = 5000;
const timeoutMs = 90_000;
/** After an audit that failed. */
const againMs = 600_000;

export class PortAudits {
  readonly #options: PortAuditsOptions;
  readonly #kept = new Map<number, Kept>();
  /** Not before then, by port. */
  readonly #later = new Map<number, number>();
  #wake = new AbortController();

  constructor(options: PortAuditsOptions) {
    this.#options = options;
  }

  of(port: number): PortAudit | undefined {
    return this.#kept.get(port)?.audit;
  }

  /** Audits all of them now; what they showed before holds until then. */
  soon(): void {
    for (const [port, { audit }] of this.#kept)
      this.#kept.set(port, { audit, fingerprint: 'to be audited again' });
    this.#later.clear();
    this.#wake.abort();
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock, isBusy } = this.#options;
    await clock.sleep(firstMs, AbortSignal.any([signal, this.#wake.signal]));
    while (!signal.aborted) {
      const due = isBusy() ? undefined : this.#due();
      if (due === undefined) await clock.sleep(lookMs, signal);
      else await this.#audit(due);
    }
  }

  #due(): PortReport | undefined {
    const { ports, clock, settings } = this.#options;
    const now = clock.now();
    const every = settings().duration('watch.audit');
    return ports().find(({ port, certificate }) => {
      if ((this.#later.get(port) ?? 0) > now) return false;
      const kept = this.#kept.get(port);
      return (
        kept === undefined || kept.audit.at + every <= now || kept.fingerprint !== certificate?.fingerprint
      );
    });
  }

  async #audit({ port, implicit, certificate }: PortReport): Promise<void> {
    const { clock, trouble } = this.#options;
    const ran = await run(this.#argv(port, implicit), { timeoutMs });
    const read = ran.ok ? readAudit(ran.value.stdout, clock.now()) : ran;
    if (read.ok) {
      this.#kept.set(port, { audit: read.value, fingerprint: certificate?.fingerprint });
      return;
    }
    this.#later.set(port, clock.now() + againMs);
    trouble(read.problem);
  }

  #argv(port: number, implicit: boolean): string[] {
    const settings = this.#options.settings();
    const host = settings.text('watch.host');
    const ca = settings.text('watch.ca');
    return [
      'nice',
      '-n',
      '19',
      ...ownProgram,
      '--json',
      'tls',
      'audit',
      '--gentle',
      '--resolver',
      'none',
      '--time-limit',
      '60s',
      '--name',
      settings.text('watch.name') || ownName(),
      ...(implicit ? ['--implicit'] : []),
      ...(ca === '' ? [] : ['--ca', ca]),
      `${host.includes(':') ? `[${host}]` : host}:${port}`,
    ];
  }
}

/** What our own program has printed: its form is known. */
function readAudit(text: string, at: number): Result<PortAudit> {
  const document = parse(text);
  if (document === undefined)
    return fail('unavailable', 'cannot audit a port: the audit must say something: it was ended');
  if ('problem' in document) return { ok: false, problem: document.problem };
  const { grade, findings } = document;
  return ok({
    at,
    ...grade,
    findings: findings.flatMap(({ severity, title, evidence, fix }) => {
      if (severity === 'info') return [];
      const said = evidence === '' ? title : `${title}: ${evidence}`;
      return [{ severity, text: said.slice(0, 400), ...(fix === null ? {} : { fix }) }];
    }),
  });
}

function parse(text: string): AuditDocument | { readonly problem: Problem } | undefined {
  try {
    return JSON.parse(text) as AuditDocument;
  } catch {
    return undefined;
  }
}
