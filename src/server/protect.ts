/**
 * What holds for every answer, before any route is there: security headers, a rate for each address, only
 * requests that `guard-request.ts` lets pass, JSON alone, and errors that tell a stranger nothing.
 */
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance } from 'fastify';
import { fail } from '../base/result.ts';
import { guardRequest } from './guard-request.ts';
import { refuse, refuseUnknown } from './refuse.ts';
import { clientOf, type ServerContext } from './server-context.ts';

/** Of one address in a minute; the page asks for a dozen things at most when it is opened. */
const mostRequests = 1200;

export async function protect(app: FastifyInstance, { hosts, options }: ServerContext): Promise<void> {
  await app.register(helmet, headers);
  await app.register(rateLimit, {
    global: true,
    max: mostRequests,
    timeWindow: 60_000,
    cache: 1000,
    keyGenerator: clientOf,
  });
  await app.register(cookie);
  // A form of another site can send text, but not JSON.
  app.removeContentTypeParser('text/plain');
  app.addHook('onRequest', async (request, reply) => {
    const { host, origin } = request.headers;
    const guarded = guardRequest(
      {
        method: request.method,
        host,
        origin,
        fetchSite: single(request.headers['sec-fetch-site']),
        contentType: request.headers['content-type'],
      },
      hosts,
    );
    return guarded.ok ? undefined : await refuse(reply, guarded.problem);
  });
  app.setErrorHandler(async (error: Error & { readonly statusCode?: number }, _request, reply) => {
    const status = error.statusCode ?? 500;
    if (status < 500)
      return await refuse(
        reply,
        fail('usage', `cannot answer the request: ${error.message}`).problem,
        status,
      );
    options.trouble(fail('unavailable', `cannot answer the page: ${error.stack ?? error.message}`).problem);
    return await refuse(
      reply,
      fail('unavailable', 'cannot answer: a bug of Portreeve: the agent tells more').problem,
      500,
    );
  });
  app.setNotFoundHandler(async (_request, reply) => await refuseUnknown(reply));
}

function single(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.[0];
}

const self = ["'self'"];
const none = ["'none'"];

/** Scripts and styles are our own two files; nobody frames us; nothing is told to another site. */
const headers = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: none,
      scriptSrc: self,
      styleSrc: self,
      imgSrc: ["'self'", 'data:'],
      connectSrc: self,
      fontSrc: none,
      baseUri: none,
      formAction: none,
      frameAncestors: none,
      requireTrustedTypesFor: ["'script'"],
    },
  },
  crossOriginEmbedderPolicy: true,
  frameguard: { action: 'deny' as const },
  referrerPolicy: { policy: 'no-referrer' as const },
  // By TLS it is a proxy's to say.
  hsts: false,
};
