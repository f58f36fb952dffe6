/** What the sightings of one address come to, as `explain` shows it. */
import type { Explained } from './explained.ts';
import type { Rules, ScoreRule } from './rule.ts';
import type { Peeked } from './tally.ts';

/** Sightings the oldest first; the score after each, and how near each kind is to a verdict by itself. */
export function weighAll(
  seen: Peeked['sightings'],
  rules: Rules,
  { halfLife }: ScoreRule,
  patience: number,
  now: number,
): Pick<Explained, 'sightings' | 'measures'> {
  let score = 0;
  let last = 0;
  const sightings = seen.map((one) => {
    const { repetition = 1, weight = 0 } = rules[one.kind];
    score = score * 2 ** (-Math.max(0, one.at - last) / halfLife) + weight * (one.repeats ? repetition : 1);
    last = one.at;
    return { ...one, score: Number(score.toFixed(1)) };
  });
  const measures = [...Map.groupBy(sightings, ({ kind }) => kind)].map(([kind, some]) => {
    const { maxretry, findtime, repetition = 1 } = rules[kind];
    const recent = some.filter(({ at }) => now - at < findtime);
    const counted = recent.reduce((sum, { repeats }) => sum + (repeats ? repetition : 1), 0);
    return { kind, counted, needed: maxretry * patience, findtime };
  });
  return { sightings, measures };
}
