/**
 * Serves the page, its API, the live view and the metrics. Opens nothing to anybody without a login but
 * health, readiness, the login itself and the page's own files, which hold nothing of this host.
 *
 * It is a guest of the agent: whatever happens here, a problem is told and the guard goes on. Bodies,
 * headers, connections, requests in a time and queues are bounded.
 */
import fastify, { type FastifyInstance } from 'fastify';
import { fail, ok, type Result } from '../base/result.ts';
import { doorRoutes } from './door-routes.ts';
import { Gate } from './gate.ts';
import { guardRoutes } from './guard-routes.ts';
import { historyRoutes } from './history-routes.ts';
import { ownHosts } from './listening.ts';
import { metricsRoute } from './metrics-route.ts';
import { openapi } from './openapi.ts';
import { descriptionRoute, overviewRoutes } from './overview-routes.ts';
import { pageRoutes } from './page-routes.ts';
import { replayRoutes } from './replay-routes.ts';
import { protect } from './protect.ts';
import type { Route } from './route.ts';
import { serveRoute } from './serve-route.ts';
import type { ServerContext, ServerOptions } from './server-context.ts';
import { Sessions } from './sessions.ts';
import { Stream } from './stream.ts';
import { streamRoute } from './stream-route.ts';

export interface Server {
  /** Where it listens, as a browser would be told. */
  readonly url: string;
  close(): Promise<void>;
}

const mostConnections = 300;

export async function openServer(options: ServerOptions): Promise<Result<Server>> {
  const { sources, listening } = options;
  const app = fastify({
    bodyLimit: 64 * 1024,
    requestTimeout: 15_000,
    connectionTimeout: 60_000,
    keepAliveTimeout: 20_000,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    // Who can use the socket is the proxy.
    trustProxy: listening.kind === 'socket',
    http: { maxHeaderSize: 16 * 1024, headersTimeout: 10_000, connectionsCheckingInterval: 2000 },
  });
  app.server.maxConnections = mostConnections;
  const context: ServerContext = {
    options,
    sessions: new Sessions(options.sessionMs),
    gate: new Gate(options),
    stream: new Stream(sources.feed),
    hosts: ownHosts(listening, options.hosts),
  };
  // Before the routes: what is hung in here holds for those that come after it.
  await protect(app, context);
  for (const open of [doorRoutes, streamRoute, metricsRoute]) open(app, context);
  pageRoutes(app);
  for (const one of apiRoutes(options)) serveRoute(app, context, one);
  const listened = await listen(app, listening);
  if (!listened.ok) {
    context.stream.close();
    await app.close();
    return listened;
  }
  return ok({
    url: listened.value,
    close: async () => {
      context.stream.close();
      await app.close();
    },
  });
}

function apiRoutes({ sources, mayBan, mayChange }: ServerOptions): readonly Route[] {
  const routes: Route[] = [
    ...overviewRoutes(sources),
    ...guardRoutes(sources, mayBan),
    ...replayRoutes(sources.replay),
    ...historyRoutes(sources.history, mayChange),
    descriptionRoute(() => openapi(routes, sources.version)),
  ];
  return routes;
}

async function listen(app: FastifyInstance, listening: ServerOptions['listening']): Promise<Result<string>> {
  const isSocket = listening.kind === 'socket';
  const where = isSocket ? listening.path : `${listening.host}:${listening.port}`;
  try {
    return ok(
      await app.listen(isSocket ? { path: listening.path } : { host: listening.host, port: listening.port }),
    );
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    const why: Readonly<Record<string, string>> = {
      EADDRINUSE: 'somebody else listens there',
      EACCES: 'permission denied',
      EADDRNOTAVAIL: 'this machine does not have that address',
    };
    return fail('unavailable', `cannot serve the page: ${where} must be free: ${why[code] ?? message}`, {
      path: where,
      hint: 'the guard goes on without the page; another place is chosen by server.listen',
    });
  }
}
