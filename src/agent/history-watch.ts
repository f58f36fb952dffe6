/**
 * Looks at the histories through the keeper, now and then, and tells what has turned. A keeper that does not
 * answer is told of when it has been silent for two looks; the guard does not depend on it.
 */
import type { Clock } from '../host/clock.ts';
import type { Notice } from '../notice/notice.ts';
import { type FolderLook, type HistoryState, noticesOfHistory } from '../notice/notices-of-history.ts';
import type { HistoryHands } from '../server/sources.ts';
import type { Problem } from '../base/problem.ts';
import { ok, type Result } from '../base/result.ts';

export interface HistoryWatchOptions {
  readonly history: HistoryHands;
  readonly clock: Clock;
  readonly post: (notice: Notice) => void;
}

const everyMs = 15_000;
const recent = 50;

export class HistoryWatch {
  readonly #options: HistoryWatchOptions;
  #before: HistoryState | undefined;
  #silent = 0;
  #nudge: () => void = () => undefined;

  constructor(options: HistoryWatchOptions) {
    this.#options = options;
  }

  /** Of the last look, the newest of each folder. */
  get folders(): readonly FolderLook[] {
    return this.#before?.folders ?? [];
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock, post } = this.#options;
    while (!signal.aborted) {
      const looked = await this.#look();
      if (looked.ok) {
        this.#heard();
        // What a change that is being made has written so far is nothing to tell of.
        if (looked.value !== undefined) {
          for (const notice of noticesOfHistory(this.#before, looked.value, clock.now())) post(notice);
          this.#before = looked.value;
        }
      } else this.#missed(looked.problem);
      const nudged = new AbortController();
      this.#nudge = () => {
        nudged.abort();
      };
      await clock.sleep(everyMs, AbortSignal.any([signal, nudged.signal]));
    }
  }

  /** Something has been done about them: they are looked at now. */
  lookNow(): void {
    this.#nudge();
  }

  async #look(): Promise<Result<HistoryState | undefined>> {
    const { history } = this.#options;
    const waiting = await history.changes();
    if (!waiting.ok) return waiting;
    if (waiting.value.some(({ state }) => state === 'working')) return ok(undefined);
    const folders = await history.folders();
    if (!folders.ok) return folders;
    const looks: FolderLook[] = [];
    for (const state of folders.value) {
      const records = await history.records({ folder: state.folder, limit: recent });
      if (!records.ok) return records;
      looks.push({ ...state, records: records.value });
    }
    return ok({ folders: looks, waiting: waiting.value });
  }

  #heard(): void {
    const { clock, post } = this.#options;
    if (this.#silent >= 2)
      post({
        kind: 'trouble',
        at: clock.now(),
        title: 'the keeper answers again',
        lines: [],
        subject: 'keeper',
        urgency: 'over',
      });
    this.#silent = 0;
  }

  /** Where no keeper was ever seen, none is missed: histories are a choice. */
  #missed({ message, hint }: Problem): void {
    const { clock, post } = this.#options;
    this.#silent += 1;
    if (this.#silent !== 2 || this.#before === undefined) return;
    post({
      kind: 'trouble',
      at: clock.now(),
      title: message,
      lines: [],
      subject: 'keeper',
      urgency: 'needed',
      ...(hint === undefined ? {} : { hint }),
    });
  }
}
