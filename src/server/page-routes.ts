/** The page's own files. They hold nothing of this host, and so need no login. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type PageFiles, pageFiles } from './page-files.ts';
import type { Result } from '../base/result.ts';
import { refuse, refuseUnknown } from './refuse.ts';

export function pageRoutes(app: FastifyInstance): void {
  let made: Promise<Result<PageFiles>> | undefined;
  const send = async (request: FastifyRequest, reply: FastifyReply, path: string): Promise<FastifyReply> => {
    made ??= pageFiles();
    const files = await made;
    if (!files.ok) return await refuse(reply, files.problem);
    const file = files.value.get(path);
    if (file === undefined) return await refuseUnknown(reply);
    const packs = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
    void reply
      .type(file.type)
      .header('vary', 'accept-encoding')
      .header('cache-control', file.isForEver ? 'public, max-age=31536000, immutable' : 'no-cache');
    if (packs) void reply.header('content-encoding', 'gzip');
    return await reply.send(Buffer.from(packs ? file.packed : file.plain));
  };
  app.get('/', async (request, reply) => await send(request, reply, '/'));
  app.get('/assets/:name', async (request, reply) => {
    const { name } = request.params as { readonly name: string };
    return await send(request, reply, `/assets/${name}`);
  });
}
