/** Bans, what is known of an address, and what happened in each minute. */
import { z } from 'zod';

export interface ApiBan {
  /** An address or a network. */
  readonly target: string;
  readonly began: number;
  readonly until: number;
  readonly ended?: number | undefined;
  readonly rule: string;
  readonly reason: string;
  readonly offences: number;
}

export interface Bans {
  readonly bans: readonly ApiBan[];
  /** How many there are in all, shown or not. */
  readonly total: number;
}

export interface BansQuery {
  readonly search: string;
  readonly limit: number;
}

export interface AddressFacts {
  readonly address: string;
  readonly bans: readonly (ApiBan & { readonly evidence: readonly string[] })[];
  readonly isBanned: boolean;
  /** Its bans keep it from logging in alone. */
  readonly leavesMail: boolean;
  readonly trust?:
    | { readonly credit: number; readonly messages: number; readonly logins: number; readonly at: number }
    | undefined;
  /** By hand, by exactly this name. */
  readonly allowed?: ApiAllowed | undefined;
  /** All that the guard can tell, a line each. */
  readonly said: readonly string[];
  /** What of its sightings still counts, the oldest first, with the score after each; and the score that bans. */
  readonly sightings: readonly ApiSighting[];
  readonly needed: number;
}

/** Never banned, because a person said so. */
export interface ApiAllowed {
  readonly target: string;
  readonly reason: string;
  readonly by: string;
  readonly at: number;
}

export interface ApiSighting {
  readonly at: number;
  readonly kind: string;
  readonly score: number;
  readonly line?: string | undefined;
}

export interface Series {
  /** The first minute since 1970, and how many minutes a place of a row spans. */
  readonly from: number;
  readonly step: number;
  /** Counter → its sum in each span. */
  readonly rows: Readonly<Record<string, readonly number[]>>;
}

export interface SeriesQuery {
  readonly minutes: number;
  readonly points: number;
}

const allowedShape: z.ZodType<ApiAllowed> = z.object({
  target: z.string(),
  reason: z.string(),
  by: z.string(),
  at: z.number(),
});

export const allowedListShape: z.ZodType<{ readonly allowed: readonly ApiAllowed[] }> = z.object({
  allowed: z.array(allowedShape),
});

const banFields = {
  target: z.string(),
  began: z.number(),
  until: z.number(),
  ended: z.number().optional(),
  rule: z.string(),
  reason: z.string(),
  offences: z.number(),
};

export const bansShape: z.ZodType<Bans> = z.object({ bans: z.array(z.object(banFields)), total: z.number() });

export const bansQuery: z.ZodType<BansQuery> = z.strictObject({
  search: z.string().max(100).default(''),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});

export const addressQuery: z.ZodType<{ readonly address: string }> = z.strictObject({
  address: z.string().max(64),
});

export const addressShape: z.ZodType<AddressFacts> = z.object({
  address: z.string(),
  bans: z.array(z.object({ ...banFields, evidence: z.array(z.string()) })),
  isBanned: z.boolean(),
  leavesMail: z.boolean(),
  trust: z
    .object({ credit: z.number(), messages: z.number(), logins: z.number(), at: z.number() })
    .optional(),
  allowed: allowedShape.optional(),
  said: z.array(z.string()),
  sightings: z.array(
    z.object({ at: z.number(), kind: z.string(), score: z.number(), line: z.string().optional() }),
  ),
  needed: z.number(),
});

export const seriesQuery: z.ZodType<SeriesQuery> = z.strictObject({
  minutes: z.coerce.number().int().min(1).max(129_600).default(60),
  points: z.coerce.number().int().min(1).max(1000).default(240),
});

export const seriesShape: z.ZodType<Series> = z.object({
  from: z.number(),
  step: z.number(),
  rows: z.record(z.string(), z.array(z.number())),
});

export interface BanOrder {
  readonly target: string;
  readonly seconds: number;
  readonly reason: string;
}

export const banOrder: z.ZodType<BanOrder> = z.strictObject({
  target: z.string().min(1).max(64),
  seconds: z.number().int().min(1).max(31_536_000),
  reason: z.string().min(1).max(500),
});

export interface AllowOrder {
  readonly target: string;
  readonly reason: string;
}

export const allowOrder: z.ZodType<AllowOrder> = z.strictObject({
  target: z.string().min(1).max(64),
  reason: z.string().min(1).max(500),
});

export const unbanOrder: z.ZodType<{ readonly target: string }> = z.strictObject({
  target: z.string().min(1).max(64),
});

export const doneShape: z.ZodType<{ readonly done: string }> = z.object({ done: z.string() });
