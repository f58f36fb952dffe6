/** How many sightings of a kind, in what time, make a verdict, and how long the ban lasts. */
import type { Duration } from '../base/duration.ts';
import type { Settings } from '../base/settings.ts';
import { defaultSettings } from './settings.ts';
import { type SightingKind, sightingKinds } from './sighting-kind.ts';

export interface Rule {
  readonly maxretry: number;
  readonly findtime: Duration;
  readonly bantime: Duration;
  /**
   * What another sighting of the same subject counts, from 0 to 1: a mail client that repeats an old
   * password is no guesser, unless it does so without end. 1 without it.
   */
  readonly repetition?: number;
  /**
   * Sightings closer together than this count once: a mail server may open several connections at once.
   * Below a second it is so many a second, since a log tells whole seconds: two with 500 ms.
   */
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

export function rulesOf(settings: Settings): Rules {
  const rule = (kind: SightingKind): [SightingKind, Rule] => [
    kind,
    {
      maxretry: settings.number(`guard.${kind}.maxretry`),
      findtime: settings.duration(`guard.${kind}.findtime`),
      bantime: settings.duration(`guard.${kind}.bantime`),
      repetition: settings.number(`guard.${kind}.repetition`),
      apart: settings.duration(`guard.${kind}.apart`),
      weight: settings.number(`guard.${kind}.weight`),
    },
  ];
  return Object.fromEntries(sightingKinds.map(rule)) as Rules;
}

export function scoreRuleOf(settings: Settings): ScoreRule {
  return {
    threshold: settings.number('guard.score.threshold'),
    halfLife: settings.duration('guard.score.half-life'),
    bantime: settings.duration('guard.score.bantime'),
  };
}

export const defaultRules: Rules = rulesOf(defaultSettings);
export const defaultScore: ScoreRule = scoreRuleOf(defaultSettings);
