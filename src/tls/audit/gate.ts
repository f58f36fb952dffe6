/**
 * Lets visits to a server begin as `pace.ts` decides, first come first served; and keeps the connections
 * that are in order after a visit, so that the next one need not open its own.
 *
 * A connection that is kept still holds its slot. It goes to whoever takes any connection; where the only
 * one waiting needs a new one, and nobody has come for it in a while, it is taken leave of. At most half of the
 * slots go on being reused: the other half is for what can only be asked on a connection of its own. Up to a
 * quarter of them such a connection comes before all others, and the slot of one that has ended is left free for a
 * while: the longest rows of questions go over those.
 */
import type { Clock } from '../../host/clock.ts';
import { beginPace, end, type Pace, type PaceSettings, start, type VisitEnd, wait } from './pace.ts';

/** `new`: a connection of its own; `any`: a kept one will do. */
export type Wanted = 'new' | 'any';

/** `kept` is undefined where a new connection may be opened. */
export interface Entry<Kept> {
  readonly kept: Kept | undefined;
}

interface Waiting<Kept> {
  readonly wanted: Wanted;
  readonly resolve: (entry: Entry<Kept> | undefined) => void;
}

/** One that asks a question after the other is back before then, and shall not wait for a slot meanwhile. */
const restMs = 40;

interface Idle<Kept> {
  /** Undefined: the slot alone is kept; its connection was used up. */
  readonly kept: Kept | undefined;
  readonly since: number;
}

export interface GateOptions<Kept> {
  readonly pace: PaceSettings;
  readonly clock: Clock;
  readonly deadline: AbortSignal;
  /** Ends a kept connection in order. */
  readonly end: (kept: Kept) => Promise<void>;
}

export class Gate<Kept> {
  readonly #options: GateOptions<Kept>;
  #pace: Pace;
  #waiting: Waiting<Kept>[] = [];
  /** The one that has rested longest first. */
  #kept: Idle<Kept>[] = [];
  /** Connections are kept at all; those that are, idle or in use. */
  #keeps = false;
  #lines = 0;
  #ending = 0;
  /** When the next look is due that waits for time alone. */
  #due = Infinity;
  #connections = 0;
  #most = 0;
  #busy = 0;

  constructor(options: GateOptions<Kept>) {
    this.#options = options;
    this.#pace = beginPace(options.pace);
    options.deadline.addEventListener('abort', () => {
      for (const { resolve } of this.#waiting.splice(0)) resolve(undefined);
    });
  }

  /** Connections so far, how many of them were turned away, and the most that were open at once. */
  get counts(): { connections: number; busy: number; most: number } {
    return { connections: this.#connections, busy: this.#busy, most: this.#most };
  }

  get keeps(): boolean {
    return this.#keeps;
  }

  /** For a server that keeps a slot for a while after a handshake that was broken off. */
  lingers(lingerMs: number): void {
    this.#pace = { ...this.#pace, settings: { ...this.#pace.settings, lingerMs } };
  }

  /** For a server that goes on in clear after TLS. */
  keepConnections(): void {
    this.#keeps = true;
  }

  /** Undefined when time is up. Whoever enters must leave, or give the connection to `keep`. */
  async enter(wanted: Wanted = 'new'): Promise<Entry<Kept> | undefined> {
    if (this.#options.deadline.aborted) return undefined;
    return await new Promise((resolve) => {
      this.#waiting.push({ wanted, resolve });
      this.#admit();
    });
  }

  leave(how: VisitEnd, wanted: Wanted = 'new'): void {
    if (how === 'busy') this.#busy += 1;
    if (wanted === 'any' && how === 'clean' && this.#keeps && this.#lines <= this.#first) {
      this.#kept.push({ kept: undefined, since: this.#options.clock.now() });
    } else this.#leave(how, wanted);
    this.#admit();
  }

  #leave(how: VisitEnd, wanted: Wanted): void {
    if (wanted === 'any') this.#lines -= 1;
    this.#pace = end(this.#pace, this.#options.clock.now(), how);
  }

  /** So many connections that are reused come before others. */
  get #first(): number {
    return Math.floor(this.#pace.limit / 4);
  }

  /** The visit is over, and its connection good for another one. */
  keep(kept: Kept): void {
    this.#kept.push({ kept, since: this.#options.clock.now() });
    this.#admit();
  }

  /** Ends what is kept. */
  async close(): Promise<void> {
    await Promise.all(this.#kept.splice(0).map(async (idle) => await this.#end(idle)));
  }

  #admit(): void {
    for (;;) {
      const reusing = this.#waiting.find(({ wanted }) => wanted === 'any');
      const idle = reusing === undefined ? undefined : this.#takeIdle();
      if (reusing !== undefined && idle?.kept !== undefined) {
        this.#answer(reusing, { kept: idle.kept });
        continue;
      }
      if (idle !== undefined) this.#leave('clean', 'any');
      const most = Math.max(1, Math.floor(this.#pace.limit / 2));
      const next =
        (this.#keeps && this.#lines < this.#first ? reusing : undefined) ??
        this.#waiting.find(({ wanted }) => wanted === 'new' || !this.#keeps || this.#lines < most);
      if (next === undefined) return;
      const { clock } = this.#options;
      const pause = wait(this.#pace, clock.now());
      if (pause !== 0) {
        // What only the rate forbids is not hastened by a free slot.
        if (pause === undefined || pause > 1000 / this.#options.pace.perSecond) this.#makeRoom();
        if (pause !== undefined) this.#admitAfter(pause);
        return;
      }
      this.#pace = start(this.#pace, clock.now());
      this.#connections += 1;
      this.#most = Math.max(this.#most, this.#pace.open);
      if (next.wanted === 'any') this.#lines += 1;
      this.#answer(next, { kept: undefined });
    }
  }

  /** The last that rests; a slot alone where there is no connection. */
  #takeIdle(): Idle<Kept> | undefined {
    const place = this.#kept.findLastIndex(({ kept }) => kept !== undefined);
    return this.#kept.splice(place, 1)[0];
  }

  #answer(who: Waiting<Kept>, entry: Entry<Kept>): void {
    this.#waiting = this.#waiting.filter((each) => each !== who);
    who.resolve(entry);
  }

  #makeRoom(): void {
    const [idle] = this.#kept;
    const needed = this.#waiting.filter(({ wanted }) => wanted === 'new').length;
    if (this.#ending >= needed || idle === undefined) return;
    const rest = idle.since + restMs - this.#options.clock.now();
    if (rest > 0) {
      this.#admitAfter(rest);
      return;
    }
    this.#kept.shift();
    void this.#end(idle);
  }

  async #end({ kept }: Idle<Kept>): Promise<void> {
    this.#ending += 1;
    if (kept !== undefined) await this.#options.end(kept);
    this.#ending -= 1;
    this.#leave('clean', 'any');
    this.#admit();
  }

  #admitAfter(pause: number): void {
    const due = this.#options.clock.now() + pause;
    if (due >= this.#due) return;
    this.#due = due;
    void this.#options.clock.sleep(pause, this.#options.deadline).then(() => {
      if (this.#due === due) this.#due = Infinity;
      if (!this.#options.deadline.aborted) this.#admit();
    });
  }
}
