/** The first page: three answers, each with its evidence, and what needs a person. */
import { z } from 'zod';
import { type ApiNotice, noticeShape } from './notice.ts';

export interface Overview {
  readonly at: number;
  readonly host: string;
  readonly encrypted: Verdict;
  readonly guarded: Verdict;
  readonly accountable: Verdict;
  /** What needs a person, the most urgent first. */
  readonly needed: readonly ApiNotice[];
  readonly bansInForce: number;
}

export interface Verdict {
  /** `unknown`: it could not be found out, and the evidence says why. */
  readonly state: 'good' | 'warning' | 'bad' | 'unknown';
  readonly answer: string;
  readonly evidence: readonly string[];
}

const verdict: z.ZodType<Verdict> = z.object({
  state: z.enum(['good', 'warning', 'bad', 'unknown']),
  answer: z.string(),
  evidence: z.array(z.string()),
});

export const overviewShape: z.ZodType<Overview> = z.object({
  at: z.number(),
  host: z.string(),
  encrypted: verdict,
  guarded: verdict,
  accountable: verdict,
  needed: z.array(noticeShape),
  bansInForce: z.number(),
});
