/** Where all that is worth telling comes together: the live view, what needs a person, and those who tell it on. */
import type { GuardRecord } from '../guard/record.ts';
import { Needed } from '../notice/needed.ts';
import type { Notice } from '../notice/notice.ts';
import { noticeOfRecord } from '../notice/notice-of-record.ts';
import { LiveFeed } from '../server/live-feed.ts';

export class NoticeBoard {
  readonly feed: LiveFeed = new LiveFeed();
  readonly needed: Needed = new Needed();

  readonly #tellOn: (notice: Notice) => void;

  /** `tellOn` brings notices to people. */
  constructor(tellOn: (notice: Notice) => void) {
    this.#tellOn = tellOn;
  }

  post(notice: Notice): void {
    this.needed.note(notice);
    this.feed.add(notice);
    this.#tellOn(notice);
  }

  postRecord(record: GuardRecord): void {
    const notice = noticeOfRecord(record);
    if (notice !== undefined) this.post(notice);
  }
}
