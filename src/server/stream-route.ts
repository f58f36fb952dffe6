/** `GET /api/stream`: the live view, for whoever is logged in, as long as the login holds. */
import type { FastifyInstance } from 'fastify';
import { fail } from '../base/result.ts';
import { refuse, refuseStranger } from './refuse.ts';
import { type ServerContext, sessionOf } from './server-context.ts';

export function streamRoute(app: FastifyInstance, context: ServerContext): void {
  const { stream } = context;
  app.get('/api/stream', async (request, reply) => {
    if (sessionOf(context, request) === undefined) return await refuseStranger(reply);
    if (stream.isFull)
      return await refuse(reply, fail('unavailable', 'cannot show the live view: too many watch').problem);
    void reply.hijack();
    // Headers that were set on the reply go with it only when they are handed on.
    const headers = {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    };
    reply.raw.writeHead(200, { ...(reply.getHeaders() as Readonly<Record<string, string>>), ...headers });
    stream.add(reply.raw, () => sessionOf(context, request) !== undefined);
    return reply;
  });
}
