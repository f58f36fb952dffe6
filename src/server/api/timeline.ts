/** What happened when: the latest notices and the records of all folders, the newest first. */
import { z } from 'zod';
import { type ApiNotice, noticeShape } from './notice.ts';

export interface Timeline {
  readonly notices: readonly ApiNotice[];
}

export const timelineShape: z.ZodType<Timeline> = z.object({ notices: z.array(noticeShape) });
