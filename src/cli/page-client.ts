/**
 * Asks the agent what its page asks: the same API, by a login of our own. So what a command tells and what the page
 * shows are the same figures.
 */
import { fail, ok, type Result } from '../base/result.ts';
import type { Problem } from '../base/problem.ts';
import type { Settings } from '../base/settings.ts';
import { systemClock } from '../host/clock.ts';
import { type HttpAnswer, type HttpPlace, httpRequest } from '../host/http-request.ts';
import { readListening } from '../server/listening.ts';
import { newLoginToken } from '../server/login-key.ts';
import { readLoginKey } from './login-key.ts';

const timeoutMs = 10_000;

export class PageClient {
  readonly #place: HttpPlace;
  readonly #headers: Readonly<Record<string, string>>;

  private constructor(place: HttpPlace, headers: Readonly<Record<string, string>>) {
    this.#place = place;
    this.#headers = headers;
  }

  static async open(settings: Settings): Promise<Result<PageClient>> {
    const listening = readListening(settings.text('server.listen'));
    if (listening.kind === 'off')
      return fail('missing', 'cannot ask the agent: its page must be on: server.listen is empty');
    const key = await readLoginKey();
    if (!key.ok) return key;
    const isSocket = listening.kind === 'socket';
    const place = isSocket ? { socket: listening.path } : { host: listening.host, port: listening.port };
    const host = isSocket
      ? (settings.list('server.hosts')[0] ?? 'localhost')
      : `${listening.host.includes(':') ? `[${listening.host}]` : listening.host}:${listening.port}`;
    const headers = { host, origin: `http://${host}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ token: newLoginToken(key.value, systemClock.now()) });
    const answer = await httpRequest(place, { method: 'POST', path: '/api/login', headers, body }, timeoutMs);
    if (!answer.ok)
      return fail('unavailable', `cannot ask the agent: ${answer.problem.message}`, {
        hint: 'start it: systemctl start portreeve; portreeve doctor looks for what is wrong',
      });
    const session = readAnswer<{ readonly csrf: string }>(answer.value);
    if (!session.ok) return session;
    const cookie = answer.value.cookies.map((each) => each.split(';')[0] ?? '').join('; ');
    return ok(new PageClient(place, { ...headers, cookie, 'x-portreeve': session.value.csrf }));
  }

  async ask<Answer>(path: string): Promise<Result<Answer>> {
    const answer = await httpRequest(this.#place, { method: 'GET', path, headers: this.#headers }, timeoutMs);
    return answer.ok ? readAnswer<Answer>(answer.value) : answer;
  }

  async tell<Answer>(path: string, what: unknown): Promise<Result<Answer>> {
    const question = { method: 'POST' as const, path, headers: this.#headers, body: JSON.stringify(what) };
    const answer = await httpRequest(this.#place, question, timeoutMs);
    return answer.ok ? readAnswer<Answer>(answer.value) : answer;
  }
}

/** The server is our own, and of our own version: what it answers has the shape that its routes promise. */
function readAnswer<Answer>({ status, text }: HttpAnswer): Result<Answer> {
  try {
    const read: unknown = JSON.parse(text);
    if (status === 200) return ok(read as Answer);
    const { problem } = read as { readonly problem?: Problem };
    if (problem !== undefined) return { ok: false, problem };
  } catch {
    // Not JSON: somebody else listens there.
  }
  return fail(
    'unavailable',
    `cannot read the agent: it must answer as the page's server does: it answers ${status}`,
  );
}
