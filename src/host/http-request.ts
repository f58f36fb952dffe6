/** One HTTP request to a server of this machine, by port or Unix socket; the answer is read whole, within a cap and a time. */
import { request } from 'node:http';
import { fail, ok, type Result } from '../base/result.ts';

export interface HttpPlace {
  /** A path where it is a Unix socket. */
  readonly socket?: string;
  readonly host?: string;
  readonly port?: number;
}

export interface HttpAnswer {
  readonly status: number;
  readonly cookies: readonly string[];
  readonly text: string;
}

export interface HttpQuestion {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

const longestAnswer = 16 * 1024 * 1024;

export async function httpRequest(
  place: HttpPlace,
  question: HttpQuestion,
  timeoutMs: number,
): Promise<Result<HttpAnswer>> {
  const { socket, host, port } = place;
  const where = socket ?? `${host ?? ''}:${port ?? ''}`;
  const { body, ...asked } = question;
  return await new Promise((resolve) => {
    const asking = request(
      { ...asked, ...(socket === undefined ? { host, port } : { socketPath: socket }) },
      (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.on('data', (chunk: Buffer) => {
          size += chunk.length;
          chunks.push(chunk);
          if (size > longestAnswer) response.destroy(new Error('the answer is too long'));
        });
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          resolve(
            ok({ status: response.statusCode ?? 0, cookies: response.headers['set-cookie'] ?? [], text }),
          );
        });
        response.on('error', ({ message }) => {
          resolve(fail('unavailable', `cannot read the answer of ${where}: ${message}`));
        });
      },
    );
    asking.setTimeout(timeoutMs, () => {
      resolve(
        fail(
          'timeout',
          `cannot wait for ${where}: it must answer within ${timeoutMs / 1000} s: it is silent`,
        ),
      );
      asking.destroy();
    });
    asking.on('error', ({ code, message }: NodeJS.ErrnoException) => {
      const why = code === 'ECONNREFUSED' || code === 'ENOENT' ? 'nobody listens there' : message;
      resolve(fail('unavailable', `cannot reach ${where}: ${why}`));
    });
    asking.end(body);
  });
}
