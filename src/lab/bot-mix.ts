/** Which habits the bots of a drill have. */
import { type BotKind, botKinds } from './bot.ts';

/**
 * - `hold`: silent slot holders alone, the plain mail bomb;
 * - `mixed`: three quarters hold slots, the rest guess, relay, harvest, break protocol and lie, in
 *   turn.
 */
export const mixNames = ['mixed', 'hold'] as const;
export type MixName = (typeof mixNames)[number];

export function botMix(name: MixName, count: number): BotKind[] {
  const others = botKinds.filter((kind) => kind !== 'hold');
  return Array.from({ length: count }, (_, index) => {
    if (name === 'hold' || index % 4 !== 3) return 'hold';
    return others[Math.floor(index / 4) % others.length] ?? 'hold';
  });
}
