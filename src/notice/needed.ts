/** What needs a person now: each story's last notice, as long as it is not over. Bounded. */
import type { Notice } from './notice.ts';

const most = 100;

export class Needed {
  readonly #open = new Map<string, Notice>();

  note(notice: Notice): void {
    const story = `${notice.kind} ${notice.subject}`;
    if (notice.urgency === 'told') return;
    this.#open.delete(story);
    if (notice.urgency === 'needed') this.#open.set(story, notice);
    for (const oldest of this.#open.keys()) {
      if (this.#open.size <= most) break;
      this.#open.delete(oldest);
    }
  }

  /** The newest first. */
  list(): readonly Notice[] {
    return [...this.#open.values()].toReversed();
  }
}
