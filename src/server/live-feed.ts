/**
 * The latest notices, and whoever wants to hear the next ones. Bounded: it keeps the newest thousand, and
 * bans are kept apart from the rest, so that a flood of them does not push out what a person must see.
 */
import type { Notice } from '../notice/notice.ts';

const mostKept = 1000;

export class LiveFeed {
  #bans: Notice[] = [];
  #others: Notice[] = [];
  readonly #listeners = new Set<(notice: Notice) => void>();

  add(notice: Notice): void {
    if (notice.kind === 'ban') this.#bans = kept(this.#bans, notice);
    else this.#others = kept(this.#others, notice);
    for (const listener of this.#listeners) listener(notice);
  }

  /** The newest first; of the same time, what was added last. */
  latest(limit: number): readonly Notice[] {
    const all = [...this.#bans.toReversed(), ...this.#others.toReversed()];
    return all.toSorted((one, other) => other.at - one.at).slice(0, limit);
  }

  /** Returns what ends it. */
  listen(listener: (notice: Notice) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }
}

/** Cut only now and then: a copy for each notice of a flood would cost more than the notice. */
function kept(notices: Notice[], one: Notice): Notice[] {
  notices.push(one);
  return notices.length < 2 * mostKept ? notices : notices.slice(-mostKept);
}
