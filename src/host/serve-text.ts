/** A web server of a few texts, by path, until it is closed; anything else is not found. */
import { createServer } from 'node:http';
import { fail, ok, type Result } from '../base/result.ts';

export interface TextServer {
  close(): Promise<void>;
}

export async function serveTexts(
  port: number,
  texts: ReadonlyMap<string, string>,
): Promise<Result<TextServer>> {
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 5000 }, (request, response) => {
    const text = request.method === 'GET' ? texts.get(request.url ?? '') : undefined;
    response.writeHead(text === undefined ? 404 : 200, {
      'content-type': 'application/octet-stream',
      connection: 'close',
    });
    response.end(text ?? '');
  });
  server.maxConnections = 50;
  return await new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why = words[error.code ?? ''] ?? error.message;
      resolve(fail('unavailable', `cannot answer on port ${port}: ${why}`, { hint }));
    });
    server.listen(port, () => {
      resolve(
        ok({
          close: async () => {
            await new Promise<void>((closed) => {
              server.close(() => {
                closed();
              });
              server.closeAllConnections();
            });
          },
        }),
      );
    });
  });
}

const words: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program has it',
  EACCES: 'it needs root',
};
const hint = 'a web server that has port 80 can answer itself: --webroot FOLDER';
