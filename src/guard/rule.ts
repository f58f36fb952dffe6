/** How many sightings of a kind, in what time, make a verdict, and how long the ban lasts. */
import type { Duration } from '../base/duration.ts';
import { type GuardSettings, guardSettings, valueOf } from './settings.ts';
import { type SightingKind, sightingKinds } from './sighting.ts';

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
  /** What one sighting adds to the score over all kinds; 0 without it. */
  readonly weight?: number;
}

/**
 * A score over all kinds, which halves in each half-life: for those who stay below every measure, but
 * try a bit of everything.
 */
export interface ScoreRule {
  readonly threshold: number;
  readonly halfLife: Duration;
  readonly bantime: Duration;
}

export type Rules = Readonly<Record<SightingKind, Rule>>;

export function rulesOf(settings: GuardSettings): Rules {
  const rule = (kind: SightingKind): [SightingKind, Rule] => [
    kind,
    {
      maxretry: valueOf(settings, `guard.${kind}.maxretry`),
      findtime: valueOf(settings, `guard.${kind}.findtime`),
      bantime: valueOf(settings, `guard.${kind}.bantime`),
      repetition: valueOf(settings, `guard.${kind}.repetition`),
      apart: valueOf(settings, `guard.${kind}.apart`),
      weight: valueOf(settings, `guard.${kind}.weight`),
    },
  ];
  return Object.fromEntries(sightingKinds.map(rule)) as Rules;
}

export function scoreRuleOf(settings: GuardSettings): ScoreRule {
  return {
    threshold: valueOf(settings, 'guard.score.threshold'),
    halfLife: valueOf(settings, 'guard.score.half-life'),
    bantime: valueOf(settings, 'guard.score.bantime'),
  };
}

const defaults: GuardSettings = new Map(guardSettings.map((setting) => [setting.name, setting.default]));

export const defaultRules: Rules = rulesOf(defaults);
export const defaultScore: ScoreRule = scoreRuleOf(defaults);

/** A slot holder's ban: long enough that it is not worth coming back, short enough for a mistake. */
export const slotHolderBantime: Duration = valueOf(defaults, 'guard.slot-holder.bantime');
