/**
 * Who is logged in. In memory alone: a restart of the agent ends all sessions. A session's id is kept as its
 * hash, so that a dump of the memory logs nobody in; both the number of sessions and their time are bounded.
 */
import { sha256 } from '../host/sha256.ts';
import { newSecret } from '../host/secret.ts';

export interface Session {
  /** What a request that changes something has to bring in a header: a form of another site cannot. */
  readonly csrf: string;
  readonly until: number;
}

const most = 1000;

export class Sessions {
  readonly #byHash = new Map<string, Session>();
  readonly #lifeMs: number;

  constructor(lifeMs: number) {
    this.#lifeMs = lifeMs;
  }

  open(now: number): { readonly id: string; readonly session: Session } {
    this.#sweep(now);
    const id = newSecret();
    const session = { csrf: newSecret(), until: now + this.#lifeMs };
    this.#byHash.set(sha256(id), session);
    return { id, session };
  }

  find(id: string, now: number): Session | undefined {
    const session = this.#byHash.get(sha256(id));
    return session !== undefined && session.until > now ? session : undefined;
  }

  close(id: string): void {
    this.#byHash.delete(sha256(id));
  }

  #sweep(now: number): void {
    for (const [hash, { until }] of this.#byHash) if (until <= now) this.#byHash.delete(hash);
    while (this.#byHash.size >= most) {
      const [oldest] = this.#byHash.keys();
      if (oldest === undefined) break;
      this.#byHash.delete(oldest);
    }
  }
}
