/** `GET /metrics`: for a login, or for the token that `portreeve web metrics-token` prints. */
import type { FastifyInstance } from 'fastify';
import { isSameSecret } from '../host/secret.ts';
import { metricsToken } from './login-key.ts';
import { metricsText } from './metrics-text.ts';
import { readMetrics } from './read-metrics.ts';
import { refuseStranger } from './refuse.ts';
import { type ServerContext, sessionOf } from './server-context.ts';

export function metricsRoute(app: FastifyInstance, context: ServerContext): void {
  const { key, sources } = context.options;
  const expected = `Bearer ${metricsToken(key)}`;
  app.get('/metrics', async (request, reply) => {
    const isCollector = isSameSecret(request.headers.authorization ?? '', expected);
    if (!isCollector && sessionOf(context, request) === undefined)
      return await refuseStranger(
        reply,
        'a collector brings the token that portreeve web metrics-token prints',
      );
    const metrics = readMetrics(sources, context.stream.clients);
    return await reply.type('text/plain; version=0.0.4; charset=utf-8').send(metricsText(metrics));
  });
}
