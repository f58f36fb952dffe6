/** What an ACME server says (RFC 8555, section 7.1; RFC 9773), as far as it is used; the rest is ignored. */
import { z } from 'zod';

export interface Directory {
  readonly newNonce: string;
  readonly newAccount: string;
  readonly newOrder: string;
  /** RFC 9773; absent where it is not offered. */
  readonly renewalInfo?: string | undefined;
  readonly meta?: { readonly externalAccountRequired?: boolean | undefined } | undefined;
}

export interface Order {
  readonly status: 'pending' | 'ready' | 'processing' | 'valid' | 'invalid';
  readonly authorizations: readonly string[];
  readonly finalize: string;
  readonly certificate?: string | undefined;
  readonly error?: AcmeError | undefined;
}

export interface Authorization {
  readonly status: 'pending' | 'valid' | 'invalid' | 'deactivated' | 'expired' | 'revoked';
  readonly identifier: { readonly type: string; readonly value: string };
  readonly challenges: readonly Challenge[];
}

export interface Challenge {
  readonly type: string;
  readonly url: string;
  readonly status: string;
  readonly token?: string | undefined;
  readonly error?: AcmeError | undefined;
}

/** RFC 7807. */
export interface AcmeError {
  readonly type?: string | undefined;
  readonly detail?: string | undefined;
  readonly subproblems?: readonly { readonly detail?: string | undefined }[] | undefined;
}

export interface RenewalInfo {
  readonly suggestedWindow: { readonly start: string; readonly end: string };
}

const url = z.url({ protocol: /^https$/ });

export const directoryShape: z.ZodType<Directory> = z.object({
  newNonce: url,
  newAccount: url,
  newOrder: url,
  renewalInfo: url.optional(),
  meta: z.object({ externalAccountRequired: z.boolean().optional() }).optional(),
});

export const errorShape: z.ZodType<AcmeError> = z.object({
  type: z.string().optional(),
  detail: z.string().optional(),
  subproblems: z.array(z.object({ detail: z.string().optional() })).optional(),
});

export const orderShape: z.ZodType<Order> = z.object({
  status: z.enum(['pending', 'ready', 'processing', 'valid', 'invalid']),
  authorizations: z.array(url).max(200),
  finalize: url,
  certificate: url.optional(),
  error: errorShape.optional(),
});

export const authorizationShape: z.ZodType<Authorization> = z.object({
  status: z.enum(['pending', 'valid', 'invalid', 'deactivated', 'expired', 'revoked']),
  identifier: z.object({ type: z.string(), value: z.string() }),
  challenges: z.array(
    z.object({
      type: z.string(),
      url,
      status: z.string(),
      // It becomes a file name and a path: nothing but base64url (section 8.3).
      token: z
        .string()
        .regex(/^[\w-]{1,200}$/)
        .optional(),
      error: errorShape.optional(),
    }),
  ),
});

export const renewalInfoShape: z.ZodType<RenewalInfo> = z.object({
  suggestedWindow: z.object({
    start: z.iso.datetime({ offset: true }),
    end: z.iso.datetime({ offset: true }),
  }),
});
