/**
 * The closed set of what the keeper can be asked, one JSON object a line. Whatever is not in it, or larger
 * than it may be, is refused before anything is looked at.
 */
import { z } from 'zod';
import { type Address, parseAddress } from '../base/address.ts';
import { fail, ok, type Result } from '../base/result.ts';
import type { SmtpSession } from '../exim/end-sessions.ts';

/** A request, a line of it included, in bytes. */
export const requestCap: number = 4 * 1024 * 1024;

/** That can be ended by one request; Exim has 20 slots unless it is told otherwise. */
export const mostSessions = 1000;

const name = z.string().max(64);
const path = z
  .string()
  .min(1)
  .max(4096)
  .startsWith('/')
  .refine((text) => !text.includes('\0'));
const person = z.string().max(100);
const id = z.string().regex(/^[0-9a-f]{8}$/);
const reason = z.string().max(10_000);
const commit = z.string().regex(/^[0-9a-f]{7,40}$/);
/** As the history names it, from the folder. */
const recorded = z
  .string()
  .min(1)
  .max(4096)
  .refine((text) => !text.includes('\0') && !text.startsWith('/') && !text.startsWith(':'));
const port = z.int().min(1).max(65_535);
const address = z
  .string()
  .max(45)
  .transform((text, context): Address => {
    const parsed = parseAddress(text);
    if (parsed !== undefined) return parsed;
    context.addIssue({ code: 'custom', message: 'it is no address' });
    return z.NEVER;
  });
const session = z.strictObject({ peer: address, peerPort: port, localPort: port });
const edit = z.strictObject({
  path,
  content: z.base64().max(requestCap).nullable(),
  owner: name.optional(),
  group: name.optional(),
  mode: z.int().min(0).max(0o7777).optional(),
});

export type KeeperCommand =
  | { readonly do: 'list' }
  | { readonly do: 'folders' }
  | { readonly do: 'end'; readonly sessions: readonly SmtpSession[] }
  | { readonly do: 'log'; readonly folder: string; readonly limit: number }
  | { readonly do: 'show'; readonly folder: string; readonly commit: string }
  | { readonly do: 'why'; readonly folder: string; readonly path: string; readonly line?: number | undefined }
  | {
      readonly do: 'explain';
      readonly folder: string;
      readonly commit: string;
      readonly reason: string;
      readonly person: string;
    }
  | { readonly do: 'confirm' | 'abort'; readonly id?: string | undefined; readonly person: string }
  | {
      readonly do: 'record';
      readonly folder: string;
      readonly reason: string;
      readonly person: string;
    }
  | {
      readonly do: 'undo';
      readonly folder: string;
      readonly commit: string;
      readonly confirmWithinMs?: number | undefined;
      readonly person: string;
    }
  | {
      readonly do: 'apply';
      readonly folder: string;
      readonly reason: string;
      readonly edits: readonly KeeperEdit[];
      readonly expect: readonly string[];
      readonly confirmWithinMs?: number | undefined;
      readonly person: string;
    };

export interface KeeperEdit {
  readonly path: string;
  /** base64; null removes the file. */
  readonly content: string | null;
  readonly owner?: string | undefined;
  readonly group?: string | undefined;
  readonly mode?: number | undefined;
}

const shape: z.ZodType<KeeperCommand> = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('list') }),
  z.strictObject({ do: z.literal('folders') }),
  z.strictObject({ do: z.literal('end'), sessions: z.array(session).min(1).max(mostSessions) }),
  z.strictObject({ do: z.literal('log'), folder: path, limit: z.int().min(1).max(1000) }),
  z.strictObject({ do: z.literal('show'), folder: path, commit }),
  z.strictObject({
    do: z.literal('why'),
    folder: path,
    path: recorded,
    line: z.int().min(1).max(10_000_000).optional(),
  }),
  z.strictObject({ do: z.literal('explain'), folder: path, commit, reason, person }),
  z.strictObject({ do: z.enum(['confirm', 'abort']), id: id.optional(), person }),
  z.strictObject({ do: z.literal('record'), folder: path, reason, person }),
  z.strictObject({
    do: z.literal('undo'),
    folder: path,
    commit,
    confirmWithinMs: z.int().min(1000).max(86_400_000).optional(),
    person,
  }),
  z.strictObject({
    do: z.literal('apply'),
    folder: path,
    reason,
    edits: z.array(edit).min(1).max(1000),
    expect: z.array(z.string().max(100)).max(100),
    confirmWithinMs: z.int().min(1000).max(86_400_000).optional(),
    person,
  }),
]);

export function parseKeeperCommand(line: string): Result<KeeperCommand> {
  const read = shape.safeParse(parseJson(line));
  if (read.success) return ok(read.data);
  const [issue] = read.error.issues;
  // The value is not repeated: it may be a secret, or hostile.
  const where = issue?.path.map(String).join('.').slice(0, 100) ?? '';
  return fail(
    'usage',
    `cannot do that: it must be a command of the keeper: ${where === '' ? 'it is none' : `${where} is not accepted`}`,
    {
      hint: 'the keeper knows list, folders, end, log, show, why, explain, apply, undo, record, confirm and abort',
    },
  );
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
