/** The routes of what concerns all three: the first page, the encryption of the ports, the timeline, and the API's own description. */
import { z } from 'zod';
import { ok } from '../base/result.ts';
import { doneShape } from './api/guard.ts';
import { encryptionShape } from './api/encryption.ts';
import { overviewShape } from './api/overview.ts';
import { timelineShape } from './api/timeline.ts';
import { gatherTimeline } from './gather-timeline.ts';
import { readOverview } from './read-overview.ts';
import { type Route, route } from './route.ts';
import type { Sources } from './sources.ts';

const mostNotices = 500;
const mostPeers = 100;
const day = 86_400_000;
const nothing = z.strictObject({});

export function overviewRoutes(sources: Sources): Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/overview',
      says: 'three answers with their evidence, and what needs a person',
      answer: overviewShape,
      work: async () => await readOverview(sources),
    }),
    route({
      method: 'GET',
      path: '/api/encryption',
      says: 'what the last live test and audit of each port saw, and whose mail comes or goes in clear',
      answer: encryptionShape,
      work: () => {
        const clear = sources.clear();
        return ok({
          ports: [...sources.ports()],
          clear: clear.slice(0, mostPeers),
          clearPeers: clear.length,
        });
      },
    }),
    // A POST: it takes slots of Exim's, so no other page may ask for it.
    route({
      method: 'POST',
      path: '/api/encryption/test',
      says: 'test and audit the ports now',
      body: nothing,
      answer: doneShape,
      work: () => {
        sources.testAgain();
        return ok({ done: 'the ports are tested one after the other' });
      },
    }),
    route({
      method: 'GET',
      path: '/api/timeline',
      says: 'what happened in the last day: what was told, banned and recorded, the newest first',
      answer: timelineShape,
      work: () => {
        const now = sources.clock.now();
        const bans = sources.store.bans({ from: now - day, to: now + 1, limit: mostNotices });
        if (!bans.ok) return bans;
        const parts = {
          told: sources.feed.latest(mostNotices),
          bans: bans.value.filter(({ began }) => began > now - day),
          folders: sources.recorded(),
        };
        return ok({ notices: gatherTimeline(parts, mostNotices) });
      },
    }),
  ];
}

/** Of all routes, itself included. */
export function descriptionRoute(describe: () => Readonly<Record<string, unknown>>): Route {
  return route({
    method: 'GET',
    path: '/api/openapi.json',
    says: 'this description',
    answer: z.record(z.string(), z.unknown()),
    work: () => ok(describe()),
  });
}
