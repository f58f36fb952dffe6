/** The routes of the replay: which logs and measures there are, and what would have come of others. Nothing is changed by either. */
import { ok } from '../base/result.ts';
import { replayChoicesShape, replayedShape, replayOrder } from './api/replay.ts';
import { type Route, route } from './route.ts';
import type { ReplayHands } from './sources.ts';

export function replayRoutes(replay: ReplayHands): Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/guard/replay',
      says: 'the logs that can be replayed, and the measures that hold now',
      answer: replayChoicesShape,
      work: async () => ok(await replay.choices()),
    }),
    // A POST: it costs time, so no other page may ask for it.
    route({
      method: 'POST',
      path: '/api/guard/replay',
      says: 'what the guard would have banned over a log with other measures, and the harm of each',
      body: replayOrder,
      answer: replayedShape,
      work: async ({ body }) => await replay.run(body),
    }),
  ];
}
