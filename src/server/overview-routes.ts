/** The routes of what concerns all three: the first page, the encryption of the ports, the timeline, and the API's own description. */
import { z } from 'zod';
import { ok } from '../base/result.ts';
import { encryptionShape } from './api/encryption.ts';
import { overviewShape } from './api/overview.ts';
import { timelineShape } from './api/timeline.ts';
import { readOverview } from './read-overview.ts';
import { type Route, route } from './route.ts';
import type { Sources } from './sources.ts';

const mostNotices = 500;

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
      says: 'what the last live test of each port saw',
      answer: encryptionShape,
      work: () => ok({ ports: [...sources.ports()] }),
    }),
    route({
      method: 'GET',
      path: '/api/timeline',
      says: 'what happened, the newest first',
      answer: timelineShape,
      work: () => ok({ notices: sources.feed.latest(mostNotices) }),
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
