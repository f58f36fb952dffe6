/** How many sightings of a kind, in what time, make a verdict, and how long the ban lasts. */
import type { Duration } from '../base/duration.ts';
import type { SightingKind } from './sighting.ts';

export interface Rule {
  readonly maxretry: number;
  readonly findtime: Duration;
  readonly bantime: Duration;
  /**
   * What another sighting of the same subject counts, from 0 to 1: a mail client that repeats an old
   * password is no guesser, unless it does so without end. 1 without it.
   */
  readonly repetition?: number;
  /** Sightings closer together than this count once: a mail server may open several connections at once. */
  readonly apart?: Duration;
}

const second = 1000;
const minute = 60 * second;
const ms = (value: number): Duration => value as Duration;

/**
 * Being turned away five separate times in ten seconds is hammering: a mail server waits for minutes
 * (RFC 5321 §4.5.4.1). Being turned away less often, or by the dozen at one moment, is nothing.
 */
export const defaultRules: Readonly<Record<SightingKind, Rule>> = {
  credential: { maxretry: 5, findtime: ms(10 * minute), bantime: ms(60 * minute), repetition: 0.25 },
  relay: { maxretry: 3, findtime: ms(10 * minute), bantime: ms(60 * minute) },
  harvest: { maxretry: 10, findtime: ms(10 * minute), bantime: ms(60 * minute) },
  protocol: { maxretry: 5, findtime: ms(10 * minute), bantime: ms(30 * minute) },
  flood: { maxretry: 3, findtime: ms(minute), bantime: ms(30 * minute) },
  'turned-away': { maxretry: 5, findtime: ms(10 * second), bantime: ms(10 * minute), apart: ms(500) },
};

/** A slot holder's ban: long enough that it is not worth coming back, short enough for a mistake. */
export const slotHolderBantime: Duration = ms(10 * minute);
