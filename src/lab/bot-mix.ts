/** Which habits the bots of a drill have. */
import type { BotKind } from './bot.ts';

/**
 * - `hold`: silent slot holders alone, the plain mail bomb;
 * - `sly`: slot holders that are hard to tell: dribblers, walkers, halvers, TLS burners, those of a whole /64,
 *   and hammerers between them;
 * - `mixed`: three quarters silent holders; the rest guess, relay, harvest, break protocol and lie;
 * - `all`: every habit in turn.
 */
export const mixNames = ['mixed', 'hold', 'sly', 'all'] as const;
export type MixName = (typeof mixNames)[number];

const sly: readonly BotKind[] = ['dribble', 'walk', 'halve', 'burn', 'spread'];
const loud: readonly BotKind[] = ['guess', 'relay', 'harvest', 'break', 'hostile'];

/** One round of each mix; a bot takes its habit by its place in it. */
const rounds: Readonly<Record<MixName, readonly BotKind[]>> = {
  hold: ['hold'],
  sly: [...sly, 'hammer'],
  mixed: loud.flatMap((kind) => ['hold', 'hold', 'hold', kind] as const),
  all: ['hold', ...sly, 'hammer', ...loud],
};

/** Kinds that hold slots, however they do it. */
export const slotHolders: ReadonlySet<BotKind> = new Set<BotKind>(['hold', ...sly]);

export function botMix(name: MixName, count: number): BotKind[] {
  const round = rounds[name];
  return Array.from({ length: count }, (_, index) => round[index % round.length] ?? 'hold');
}
