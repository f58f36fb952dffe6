/** A route of the API, as data: what it is, who may ask, what it takes and gives. The OpenAPI document and the server are made of the same table. */
import type { z } from 'zod';
import type { Result } from '../base/result.ts';

export interface Route<Query = unknown, Body = unknown, Answer = unknown> {
  readonly method: 'GET' | 'POST';
  readonly path: `/api/${string}`;
  readonly says: string;
  readonly query?: z.ZodType<Query>;
  readonly body?: z.ZodType<Body>;
  readonly answer: z.ZodType<Answer>;
  readonly work: (asked: Asked<Query, Body>) => Promise<Result<Answer>> | Result<Answer>;
}

export interface Asked<Query, Body> {
  readonly query: Query;
  readonly body: Body;
  /** Who asks, for records and the audit log. */
  readonly by: string;
}

/** Its types are checked here, and forgotten: a table holds routes of many types. */
export function route<Query, Body, Answer>(one: Route<Query, Body, Answer>): Route {
  return one as unknown as Route;
}
