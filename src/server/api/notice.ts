/** A notice as the API gives it. */
import { z } from 'zod';
import { type Notice, noticeKinds } from '../../notice/notice.ts';

export type ApiNotice = Notice;

export const noticeShape: z.ZodType<ApiNotice> = z.object({
  kind: z.enum(noticeKinds),
  at: z.number(),
  title: z.string(),
  lines: z.array(z.string()),
  subject: z.string(),
  urgency: z.enum(['needed', 'over', 'told']),
  hint: z.string().optional(),
}) as z.ZodType<ApiNotice>;
