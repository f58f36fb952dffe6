/** Lets visits to a server begin as `pace.ts` decides, first come first served. */
import type { Clock } from '../../host/clock.ts';
import { beginPace, end, type Pace, type PaceSettings, start, type VisitEnd, wait } from './pace.ts';

export class Gate {
  readonly #clock: Clock;
  readonly #deadline: AbortSignal;
  #pace: Pace;
  #turn: Promise<void> = Promise.resolve();
  #ended: () => void = () => undefined;
  #connections = 0;
  #most = 0;
  #busy = 0;

  constructor(settings: PaceSettings, clock: Clock, deadline: AbortSignal) {
    this.#pace = beginPace(settings);
    this.#clock = clock;
    this.#deadline = deadline;
  }

  /** Connections so far, how many of them were turned away, and the most that were open at once. */
  get counts(): { connections: number; busy: number; most: number } {
    return { connections: this.#connections, busy: this.#busy, most: this.#most };
  }

  /** For a server that keeps a slot for a while after a handshake that was broken off. */
  lingers(lingerMs: number): void {
    this.#pace = { ...this.#pace, settings: { ...this.#pace.settings, lingerMs } };
  }

  /** False when time is up. Whoever enters must leave. */
  async enter(): Promise<boolean> {
    const before = this.#turn;
    let next = (): void => undefined;
    this.#turn = new Promise((resolve) => {
      next = resolve;
    });
    await before;
    try {
      for (;;) {
        if (this.#deadline.aborted) return false;
        const pause = wait(this.#pace, this.#clock.now());
        if (pause === 0) break;
        // With nothing to wait for but the end of another visit, a second is only a safety net.
        await Promise.race([
          this.#clock.sleep(pause ?? 1000, this.#deadline),
          new Promise<void>((resolve) => {
            this.#ended = resolve;
          }),
        ]);
      }
      this.#pace = start(this.#pace, this.#clock.now());
      this.#connections += 1;
      this.#most = Math.max(this.#most, this.#pace.open);
      return true;
    } finally {
      next();
    }
  }

  leave(how: VisitEnd): void {
    if (how === 'busy') this.#busy += 1;
    this.#pace = end(this.#pace, this.#clock.now(), how);
    this.#ended();
  }
}
