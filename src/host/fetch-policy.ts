/**
 * Fetches a short text over HTTPS: no redirects, a certificate that is trusted and fits the name, a cap on size
 * and time (as RFC 8461, section 3.3 wants it for an MTA-STS policy).
 */
import { get } from 'node:https';
import { fail, ok, type Result } from '../base/result.ts';

export interface FetchRequest {
  readonly host: string;
  /** Where the name leads, so that the resolver that was asked decides it. */
  readonly address: string;
  readonly port: number;
  readonly path: string;
  readonly roots: readonly string[];
  readonly timeoutMs: number;
}

const largest = 64 * 1024;

export async function fetchText(request: FetchRequest): Promise<Result<string>> {
  const url = `https://${request.host}${request.path}`;
  return await new Promise((resolve) => {
    const failed = (words: string): void => {
      clearTimeout(timer);
      asked.destroy();
      resolve(fail('unavailable', `cannot fetch ${url}: ${words}`));
    };
    const asked = get(
      {
        host: request.address,
        port: request.port,
        path: request.path,
        servername: request.host,
        headers: { host: request.host },
        ca: [...request.roots],
        agent: false,
      },
      (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        if (response.statusCode !== 200) {
          failed(`the status must be 200: it is ${response.statusCode ?? 0}`);
          return;
        }
        response.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > largest) failed(`needs at most ${largest} bytes: there is more`);
          else chunks.push(chunk);
        });
        response.on('end', () => {
          clearTimeout(timer);
          resolve(ok(Buffer.concat(chunks).toString('utf8')));
        });
      },
    );
    const timer = setTimeout(() => {
      failed('no answer in time');
    }, request.timeoutMs);
    asked.on('error', (error: NodeJS.ErrnoException) => {
      failed(error.code === 'ECONNREFUSED' ? 'nothing listens there' : error.message);
    });
  });
}
