/**
 * The wild of the lab: one process with all bots. Reads its orders as one JSON line and keeps
 * attacking until the end of its standard input.
 */
import { createInterface } from 'node:readline';
import { seededRandom } from '../../base/seeded-random.ts';
import { systemClock } from '../../host/clock.ts';
import { type BotOptions, runBot } from '../bot.ts';

export interface BotOrders {
  readonly seed: number;
  readonly bots: readonly Omit<BotOptions, 'random'>[];
}

const lines = createInterface({ input: process.stdin });
lines.on('close', () => {
  // A bot may be in the middle of a connection that a firewall swallows; nobody waits for it.
  process.exit(0);
});
lines.once('line', (line) => {
  const { seed, bots } = JSON.parse(line) as BotOrders;
  void Promise.all(
    bots.map(async (options, index) => {
      const random = seededRandom(seed + index);
      // A botnet wakes within a second, not within a millisecond.
      await systemClock.sleep(random() * 1000);
      await runBot({ ...options, random });
    }),
  );
});
