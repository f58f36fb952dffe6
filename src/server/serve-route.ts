/** Serves one route of the API: a login, the login's own header for what changes something, the schemas; and audits each write. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { fail } from '../base/result.ts';
import { isSameSecret } from '../host/secret.ts';
import { refuse, refuseStranger } from './refuse.ts';
import type { Route } from './route.ts';
import { clientOf, csrfHeader, type ServerContext, sessionOf } from './server-context.ts';

export function serveRoute(app: FastifyInstance, context: ServerContext, one: Route): void {
  const handler = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const session = sessionOf(context, request);
    if (session === undefined) return await refuseStranger(reply);
    const isWrite = one.method === 'POST';
    if (isWrite && !isSameSecret(String(request.headers[csrfHeader] ?? ''), session.csrf)) {
      const problem = fail(
        'permission',
        `cannot do that: it needs the header ${csrfHeader} of this login: it has another, or none`,
      );
      return await refuse(reply, problem.problem);
    }
    const query = one.query?.safeParse(request.query);
    const body = one.body?.safeParse(request.body);
    const wrong = query?.error ?? body?.error;
    if (wrong !== undefined) return await refuse(reply, notAccepted(wrong).problem);
    const outcome = await one.work({
      query: query?.data,
      body: body?.data,
      by: `page, from ${clientOf(request)}`,
    });
    if (isWrite) {
      const asked = JSON.stringify(body?.data ?? {}).slice(0, 500);
      context.options.audit(
        `${one.path} ${asked} from ${clientOf(request)}: ${outcome.ok ? 'done' : outcome.problem.message}`,
      );
    }
    if (!outcome.ok) return await refuse(reply, outcome.problem);
    return await reply.header('cache-control', 'no-store').send(outcome.value);
  };
  if (one.method === 'GET') app.get(one.path, handler);
  else app.post(one.path, handler);
}

function notAccepted(error: z.ZodError): ReturnType<typeof fail> {
  const [issue] = error.issues;
  return fail(
    'usage',
    `cannot answer the request: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not accepted'}`,
  );
}
