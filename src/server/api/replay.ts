/** What the guard would have done over a log with other settings: what may be chosen, and what came of each. */
import { z } from 'zod';
import { type SightingKind, sightingKinds } from '../../guard/sighting-kind.ts';

export interface ReplayChoices {
  /** The log that is followed and those rotated from it, the newest first. */
  readonly logs: readonly { readonly name: string; readonly bytes: number }[];
  /** What holds now. */
  readonly measures: readonly Measure[];
}

export interface Measure {
  readonly kind: SightingKind;
  readonly maxretry: number;
  /** In seconds, as all durations here. */
  readonly findtime: number;
  readonly bantime: number;
}

/** Every combination is tried. */
export interface ReplayOrder {
  readonly log: string;
  readonly kind: SightingKind;
  readonly maxretry: readonly number[];
  readonly findtime: readonly number[];
  readonly bantime: readonly number[];
}

export interface Replayed {
  readonly lines: number;
  readonly tries: readonly ReplayTry[];
  /** What could not be read. */
  readonly problems: readonly string[];
}

export interface ReplayTry {
  readonly maxretry: number;
  readonly findtime: number;
  readonly bantime: number;
  readonly bans: number;
  /** Of the attack, and how many of them would not have happened. */
  readonly sightings: number;
  readonly prevented: number;
  readonly mail: number;
  readonly mailLost: number;
  /** None of the others prevents more without more harm. */
  readonly isBest: boolean;
}

const measure = { maxretry: z.number(), findtime: z.number(), bantime: z.number() };

export const replayChoicesShape: z.ZodType<ReplayChoices> = z.object({
  logs: z.array(z.object({ name: z.string(), bytes: z.number() })),
  measures: z.array(z.object({ kind: z.enum(sightingKinds), ...measure })),
});

const seconds = z.array(z.number().int().min(1).max(31_449_600)).min(1).max(4);

export const replayOrder: z.ZodType<ReplayOrder> = z
  .strictObject({
    log: z.string().min(1).max(255),
    kind: z.enum(sightingKinds),
    maxretry: z.array(z.number().int().min(1).max(200)).min(1).max(12),
    findtime: seconds,
    bantime: seconds,
  })
  .refine(({ maxretry, findtime, bantime }) => maxretry.length * findtime.length * bantime.length <= 64, {
    message: 'at most 64 combinations can be tried',
  });

export const replayedShape: z.ZodType<Replayed> = z.object({
  lines: z.number(),
  tries: z.array(
    z.object({
      ...measure,
      bans: z.number(),
      sightings: z.number(),
      prevented: z.number(),
      mail: z.number(),
      mailLost: z.number(),
      isBest: z.boolean(),
    }),
  ),
  problems: z.array(z.string()),
});
