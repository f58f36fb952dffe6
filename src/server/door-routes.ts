/** What needs no login: health, readiness and logging in; and the end of a login. */
import type { FastifyInstance } from 'fastify';
import { fail } from '../base/result.ts';
import { loginOrder, type SessionFacts } from './api/session.ts';
import { refuse, refuseStranger } from './refuse.ts';
import { clientOf, type ServerContext, sessionCookie, sessionOf } from './server-context.ts';
import type { Session } from './sessions.ts';

/** Of one address in a minute. */
const mostLogins = 20;

export function doorRoutes(app: FastifyInstance, context: ServerContext): void {
  const { options, sessions, gate } = context;
  const { clock, store } = options.sources;
  app.get('/api/health', () => ({ alive: true }));
  app.get('/api/ready', async (_request, reply) => {
    const read = store.position('');
    return await reply.code(read.ok ? 200 : 503).send({ ready: read.ok });
  });
  const limited = { config: { rateLimit: { max: mostLogins, timeWindow: 60_000 } } };
  app.post('/api/login', limited, async (request, reply) => {
    const read = loginOrder.safeParse(request.body);
    if (!read.success)
      return await refuse(reply, fail('usage', 'cannot log in: needs a token or a password').problem);
    const { token, password = '' } = read.data;
    const admitted = await gate.admit(token === undefined ? { password } : { token }, clock.now());
    const how = token === undefined ? 'password' : 'token';
    options.audit(`login by ${how} from ${clientOf(request)}: ${admitted.ok ? 'admitted' : 'refused'}`);
    if (!admitted.ok) return await refuse(reply, admitted.problem);
    const { id, session } = sessions.open(clock.now());
    // A Unix socket is served by a proxy, and that by TLS.
    const secure = options.listening.kind === 'socket';
    const cookie = { path: '/', httpOnly: true, sameSite: 'strict', secure } as const;
    return await reply
      .setCookie(sessionCookie, id, cookie)
      .header('cache-control', 'no-store')
      .send(facts(context, session));
  });
  app.get('/api/session', async (request, reply) => {
    const session = sessionOf(context, request);
    if (session === undefined) return await refuseStranger(reply);
    return await reply.header('cache-control', 'no-store').send(facts(context, session));
  });
  app.post('/api/logout', async (request, reply) => {
    sessions.close(request.cookies[sessionCookie] ?? '');
    return await reply.clearCookie(sessionCookie, { path: '/' }).send({ done: 'logged out' });
  });
}

function facts({ options }: ServerContext, { csrf, until }: Session): SessionFacts {
  const { mayBan, mayChange, sources } = options;
  return { csrf, until, mayBan, mayChange, version: sources.version };
}
