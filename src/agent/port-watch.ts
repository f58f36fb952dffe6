/**
 * Tests the mail ports of this host: at start, every `watch.every`, and when it is asked to. One port after
 * the other, three connections each, so that the tests never take a slot that mail needs for long. While
 * Exim turns clients away no test is made: its failure would say nothing about encryption.
 */
import type { Problem } from '../base/problem.ts';
import { ok, type Result } from '../base/result.ts';
import type { Settings } from '../base/settings.ts';
import { readCertificateFile } from '../host/certificate-file.ts';
import type { Clock } from '../host/clock.ts';
import { readText } from '../host/files.ts';
import { ownName } from '../host/own-name.ts';
import { portsInUse } from '../host/ports-in-use.ts';
import { systemRoots } from '../host/system-roots.ts';
import type { PortReport } from '../tls/port-report.ts';
import { testOwnPort } from './test-own-port.ts';

export interface PortWatchOptions {
  readonly settings: () => Settings;
  readonly clock: Clock;
  readonly isBusy: () => boolean;
  readonly tested: (before: PortReport | undefined, after: PortReport) => void;
  readonly trouble: (problem: Problem) => void;
}

const busyMs = 10_000;

export class PortWatch {
  readonly #options: PortWatchOptions;
  readonly #reports = new Map<number, PortReport>();
  #wake = new AbortController();

  constructor(options: PortWatchOptions) {
    this.#options = options;
  }

  reports(): readonly PortReport[] {
    return [...this.#reports.values()].toSorted((one, other) => one.port - other.port);
  }

  /** Tests now, and not when it is due: something has changed. */
  soon(): void {
    this.#wake.abort();
  }

  async run(signal: AbortSignal): Promise<void> {
    const { settings, clock, isBusy } = this.#options;
    while (!signal.aborted) {
      if (isBusy()) {
        await clock.sleep(busyMs, signal);
        continue;
      }
      await this.#round(signal);
      this.#wake = new AbortController();
      await clock.sleep(settings().duration('watch.every'), AbortSignal.any([signal, this.#wake.signal]));
    }
  }

  async #round(signal: AbortSignal): Promise<void> {
    const { settings, isBusy } = this.#options;
    const roots = await trustedRoots(settings().text('watch.ca'));
    if (!roots.ok) {
      this.#options.trouble(roots.problem);
      return;
    }
    const wanted = settings().list('watch.ports').map(Number);
    const inUse = await portsInUse();
    for (const port of this.#reports.keys()) if (!wanted.includes(port)) this.#reports.delete(port);
    for (const port of wanted) {
      if (signal.aborted || isBusy()) return;
      // A port that has never been there is no loss; one that was is.
      if (!inUse.has(port) && !this.#reports.has(port)) continue;
      const before = this.#reports.get(port);
      const after = await testOwnPort({
        host: settings().text('watch.host'),
        port,
        name: settings().text('watch.name') || ownName(),
        roots: roots.value,
        clock: this.#options.clock,
      });
      if (isBusy()) return;
      this.#reports.set(port, after);
      this.#options.tested(before, after);
    }
  }
}

async function trustedRoots(path: string): Promise<Result<readonly string[]>> {
  if (path === '') return ok(systemRoots());
  const text = await readText(path, 1024 * 1024);
  if (!text.ok) return text;
  const roots = readCertificateFile(text.value, path);
  return roots.ok ? ok(roots.value.map(({ pem }) => pem)) : roots;
}
