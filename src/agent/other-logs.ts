/**
 * Follows logs besides Exim's, in which rules find evidence (`guard/other-lines`): from their end, since their
 * lines are judged by the time at which they are read. Which logs and by which rules may change meanwhile.
 */
import type { Problem } from '../base/problem.ts';
import type { Settings } from '../base/settings.ts';
import type { LineJudge } from '../guard/line-judge.ts';
import { lineJudges } from '../guard/other-lines.ts';
import type { Sighting } from '../guard/sighting.ts';
import { LogFollower } from '../host/log-follower.ts';

export interface OtherLogsOptions {
  readonly signal: AbortSignal;
  readonly found: (sighting: Sighting) => void;
  readonly onProblem: (problem: Problem) => void;
}

interface Followed {
  readonly stop: AbortController;
  readonly ended: Promise<void>;
}

export class OtherLogs {
  readonly #options: OtherLogsOptions;
  readonly #followed = new Map<string, Followed>();
  #judges: ReadonlyMap<string, readonly LineJudge[]> = new Map();

  constructor(options: OtherLogsOptions) {
    this.#options = options;
  }

  adopt(settings: Settings): void {
    this.#judges = lineJudges(settings);
    for (const [path, { stop }] of this.#followed) {
      if (this.#judges.has(path)) continue;
      stop.abort();
      this.#followed.delete(path);
    }
    for (const path of this.#judges.keys())
      if (!this.#followed.has(path)) this.#followed.set(path, this.#follow(path));
  }

  /** After the signal has been aborted. */
  async settled(): Promise<void> {
    await Promise.all(this.#followed.values().map(async ({ ended }) => await ended));
  }

  #follow(path: string): Followed {
    const { signal, found, onProblem } = this.#options;
    const stop = new AbortController();
    const follower = new LogFollower(path, {
      from: 'end',
      signal: AbortSignal.any([signal, stop.signal]),
      onProblem,
      onLine: (line) => {
        for (const judge of this.#judges.get(path) ?? []) {
          const sighting = judge(line);
          if (sighting !== undefined) found(sighting);
        }
      },
    });
    return { stop, ended: follower.run() };
  }
}
