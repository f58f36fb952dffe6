/**
 * The reserve: who never waits for a slot, written where Exim reads it (`smtp_reserve_hosts =
 * net-iplsearch;FILE` with `smtp_accept_reserve`), at most once a second and only where it has changed. A file
 * that cannot be written is told of once; Exim goes on with what it has.
 */
import type { Problem } from '../base/problem.ts';
import { HostListFile } from '../exim/host-list-file.ts';
import type { Clock } from '../host/clock.ts';

export interface ReserveOptions {
  readonly path: string;
  /** Addresses and networks, at a time. */
  readonly known: (now: number) => readonly string[];
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onProblem: (problem: Problem) => void;
}

const everyMs = 1000;

/** Until the signal is aborted; the list stays. */
export async function keepReserve({ path, known, clock, signal, onProblem }: ReserveOptions): Promise<void> {
  const file = new HostListFile(path);
  let trouble: string | undefined;
  while (!signal.aborted) {
    const written = await file.write(known(clock.now()).map((host) => ({ host })));
    const message = written.ok ? undefined : written.problem.message;
    if (!written.ok && message !== trouble) onProblem(written.problem);
    trouble = message;
    await clock.sleep(everyMs, signal);
  }
}
