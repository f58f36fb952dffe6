/** One HTTPS request, verified, with bounds on time and size; redirections are answers like any other. */
import { request } from 'node:https';
import { fail, ok, type Result } from '../base/result.ts';

export interface HttpsRequest {
  readonly url: string;
  readonly method: 'GET' | 'HEAD' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The roots to trust, in PEM; the system's without them. */
  readonly roots?: readonly string[] | undefined;
  readonly timeoutMs: number;
}

export interface HttpsAnswer {
  readonly status: number;
  /** By lower-case name; of several the first. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

const largest = 1024 * 1024;

export async function httpsCall(call: HttpsRequest): Promise<Result<HttpsAnswer>> {
  const { url, method, headers = {}, body, roots, timeoutMs } = call;
  const { host } = new URL(url);
  const refused = (why: string): Result<never> => fail('unavailable', `cannot call ${host}: ${why}`);
  return await new Promise((resolve) => {
    const asked = request(
      url,
      { method, headers: { ...headers }, agent: false, ...(roots === undefined ? {} : { ca: [...roots] }) },
      (answer) => {
        const chunks: Buffer[] = [];
        let size = 0;
        answer.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > largest) asked.destroy(new Error(`it answers with more than ${largest} bytes`));
          else chunks.push(chunk);
        });
        answer.on('end', () => {
          const named = Object.entries(answer.headersDistinct).flatMap(
            ([name, values]): [string, string][] => (values?.[0] === undefined ? [] : [[name, values[0]]]),
          );
          resolve(
            ok({
              status: answer.statusCode ?? 0,
              headers: new Map(named),
              body: Buffer.concat(chunks).toString('utf8'),
            }),
          );
        });
      },
    );
    const timer = setTimeout(() => {
      asked.destroy(new Error(`no answer came within ${timeoutMs / 1000} s`));
    }, timeoutMs);
    asked.on('error', (error: NodeJS.ErrnoException) => {
      resolve(refused(words[error.code ?? ''] ?? error.message));
    });
    asked.on('close', () => {
      clearTimeout(timer);
    });
    asked.end(body);
  });
}

const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'the name has no address',
  EAI_AGAIN: 'the name server does not answer',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is not trusted (name its authority with --acme-roots)',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is not trusted (name its authority with --acme-roots)',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is not trusted (name its authority with --acme-roots)',
  CERT_HAS_EXPIRED: 'its certificate has expired',
};
