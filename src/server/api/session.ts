/** Logging in, and what the page may do. */
import { z } from 'zod';

export interface Login {
  readonly token?: string | undefined;
  readonly password?: string | undefined;
}

export const loginOrder: z.ZodType<Login> = z
  .strictObject({ token: z.string().max(200).optional(), password: z.string().max(1000).optional() })
  .refine(
    ({ token, password }) => (token === undefined) !== (password === undefined),
    'needs a token or a password',
  );

export interface SessionFacts {
  /** To be sent as the header `x-portreeve` with whatever changes something. */
  readonly csrf: string;
  readonly until: number;
  readonly mayBan: boolean;
  readonly mayChange: boolean;
  readonly version: string;
}
