/** What the parts of the server share: its options, who is logged in, and who watches. */
import type { FastifyRequest } from 'fastify';
import type { Problem } from '../base/problem.ts';
import type { Gate } from './gate.ts';
import type { Listening } from './listening.ts';
import type { Session, Sessions } from './sessions.ts';
import type { Sources } from './sources.ts';
import type { Stream } from './stream.ts';

export interface ServerOptions {
  readonly listening: Exclude<Listening, { kind: 'off' }>;
  /** Further names that browsers call it by. */
  readonly hosts: readonly string[];
  /** Of `login-key.ts`. */
  readonly key: string;
  readonly passwordFile: string;
  readonly sessionMs: number;
  readonly mayBan: boolean;
  readonly mayChange: boolean;
  readonly sources: Sources;
  /** Each login and each write, with who and what; one line. */
  readonly audit: (line: string) => void;
  readonly trouble: (problem: Problem) => void;
}

export interface ServerContext {
  readonly options: ServerOptions;
  readonly sessions: Sessions;
  readonly gate: Gate;
  readonly stream: Stream;
  readonly hosts: ReadonlySet<string>;
}

export const sessionCookie = 'portreeve';
export const csrfHeader = 'x-portreeve';

export function sessionOf(
  { sessions, options }: ServerContext,
  request: FastifyRequest,
): Session | undefined {
  const id = request.cookies[sessionCookie];
  return id === undefined ? undefined : sessions.find(id, options.sources.clock.now());
}

/** The address that asks; behind a proxy on a Unix socket the one that the proxy names, or nobody. */
export function clientOf(request: FastifyRequest): string {
  // Its type promises a text; on a Unix socket there is none.
  return request.ip || 'the socket';
}
