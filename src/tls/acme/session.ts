/**
 * Talks to an ACME server as one account (RFC 8555, section 6): nonces, signatures, its errors in words. A
 * nonce that it does not take is replaced, and a server that asks for patience gets it, both within bounds.
 */
import type { z } from 'zod';
import { fail, ok, type Result } from '../../base/result.ts';
import type { Clock } from '../../host/clock.ts';
import { type HttpsAnswer, httpsCall } from '../../host/https-call.ts';
import { type AccountKey, type JwsHeader, signJws } from './jws.ts';
import { type AcmeError, errorShape } from './shapes.ts';

export interface AcmeServer {
  readonly roots: readonly string[] | undefined;
  readonly newNonce: string;
}

export interface AcmeReply<T> {
  readonly value: T;
  readonly location: string | undefined;
  /** How long to wait before asking again. */
  readonly retryAfterMs: number | undefined;
}

const timeoutMs = 30_000;
const userAgent = { 'user-agent': 'portreeve/0.1.0' };
const mostTries = 5;
const longestWaitMs = 60_000;

export class AcmeSession {
  readonly #server: AcmeServer;
  readonly #key: AccountKey;
  readonly #clock: Clock;
  #nonce: string | undefined;
  /** The account's URL, once it is known. */
  account: string | undefined;

  constructor(server: AcmeServer, key: AccountKey, clock: Clock) {
    this.#server = server;
    this.#key = key;
    this.#clock = clock;
  }

  /** `payload` undefined: POST-as-GET. */
  async post<T>(
    act: string,
    url: string,
    payload: unknown,
    shape: z.ZodType<T>,
  ): Promise<Result<AcmeReply<T>>> {
    const answer = await this.postText(act, url, payload);
    if (!answer.ok) return answer;
    const read = shape.safeParse(json(answer.value.body));
    if (!read.success)
      return fail('unavailable', `cannot ${act}: ${new URL(url).host} answers what is no ACME`);
    return ok({
      value: read.data,
      location: answer.value.headers.get('location'),
      retryAfterMs: retryAfter(answer.value, this.#clock.now()),
    });
  }

  async postText(act: string, url: string, payload: unknown): Promise<Result<HttpsAnswer>> {
    for (let tries = 1; ; tries += 1) {
      const answer = await this.#send(url, payload);
      if (!answer.ok) return answer;
      if (answer.value.status < 400) return answer;
      const error = errorShape.safeParse(json(answer.value.body)).data ?? {};
      const kind = error.type?.replace('urn:ietf:params:acme:error:', '') ?? '';
      const wait = retryAfter(answer.value, this.#clock.now()) ?? 1000;
      const again =
        kind === 'badNonce' ||
        ((kind === 'rateLimited' || answer.value.status === 503) && wait <= longestWaitMs);
      if (!again || tries >= mostTries) return refused(act, url, answer.value, error);
      if (kind !== 'badNonce') await this.#clock.sleep(wait);
    }
  }

  async #send(url: string, payload: unknown): Promise<Result<HttpsAnswer>> {
    const nonce = await this.#takeNonce();
    if (!nonce.ok) return nonce;
    const who: JwsHeader = this.account === undefined ? { jwk: this.#key.jwk } : { kid: this.account };
    const body = await signJws(this.#key, { ...who, nonce: nonce.value, url }, payload);
    const headers = { ...userAgent, 'content-type': 'application/jose+json' };
    const { roots } = this.#server;
    const answer = await httpsCall({ url, method: 'POST', headers, body, roots, timeoutMs });
    if (answer.ok) this.#nonce = answer.value.headers.get('replay-nonce');
    return answer;
  }

  async #takeNonce(): Promise<Result<string>> {
    const kept = this.#nonce;
    this.#nonce = undefined;
    if (kept !== undefined) return ok(kept);
    const { newNonce, roots } = this.#server;
    const answer = await httpsCall({ url: newNonce, method: 'HEAD', headers: userAgent, roots, timeoutMs });
    if (!answer.ok) return answer;
    const nonce = answer.value.headers.get('replay-nonce');
    return nonce === undefined
      ? fail('unavailable', `cannot call ${new URL(newNonce).host}: ACME needs a nonce: it gives none`)
      : ok(nonce);
  }
}

/** Without an account, as the directory and renewal information are read. */
export async function acmeGet<T>(
  act: string,
  url: string,
  shape: z.ZodType<T>,
  roots: readonly string[] | undefined,
): Promise<Result<T>> {
  const answer = await httpsCall({ url, method: 'GET', headers: userAgent, roots, timeoutMs });
  if (!answer.ok) return answer;
  const read = answer.value.status === 200 ? shape.safeParse(json(answer.value.body)) : undefined;
  return read?.success === true
    ? ok(read.data)
    : fail(
        'unavailable',
        `cannot ${act}: ${new URL(url).host} must speak ACME: it answers ${answer.value.status}`,
      );
}

export function errorWords({ detail, type, subproblems = [] }: AcmeError): string {
  const parts = [detail ?? type ?? 'it does not say why', ...subproblems.flatMap((sub) => sub.detail ?? [])];
  return parts.join('; ').slice(0, 600);
}

function refused(act: string, url: string, { status }: HttpsAnswer, error: AcmeError): Result<never> {
  const kind = error.type?.replace('urn:ietf:params:acme:error:', '');
  const hint = hints[kind ?? ''];
  return fail(
    'unavailable',
    `cannot ${act}: ${new URL(url).host} says ${status}${kind === undefined ? '' : ` ${kind}`}: ${errorWords(error)}`,
    hint === undefined ? {} : { hint },
  );
}

const hints: Readonly<Record<string, string>> = {
  externalAccountRequired: 'get an identifier and a key from the authority: --eab-id, --eab-key-file',
  rateLimited: 'it lets so many through in a time; the staging server has no such limits',
  invalidContact: 'give an address that can get mail: --contact',
  rejectedIdentifier: 'the authority does not issue for this name',
  caa: "a CAA record of the domain forbids it: add this authority's name there",
};

function retryAfter({ headers }: HttpsAnswer, now: number): number | undefined {
  const value = headers.get('retry-after');
  if (value === undefined) return undefined;
  const at = /^\d{1,6}$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isFinite(at) ? Math.max(0, at) : undefined;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
