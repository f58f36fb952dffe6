/** Records with their reasons, what each changed, the reasons behind a line, and changes that wait. */
import { z } from 'zod';
import type { DescribedRecord } from '../../history/described-record.ts';

export interface Folders {
  readonly folders: readonly FolderState[];
}

export interface FolderState {
  readonly folder: string;
  /** Changed without a record, a line each. */
  readonly drift: readonly string[];
  /** Records of drift that nobody has explained. */
  readonly unexplained: readonly { readonly commit: string; readonly reason: string }[];
}

export type ApiRecord = DescribedRecord;

export interface Records {
  readonly folder: string;
  readonly records: readonly ApiRecord[];
}

export interface RecordText {
  readonly record: ApiRecord;
  /** A unified diff of what is neither binary nor secret. */
  readonly diff: string;
}

export interface WaitingChange {
  readonly id: string;
  readonly folder: string;
  readonly state: 'waiting' | 'working' | 'interrupted';
  readonly reason: string;
  readonly person: string;
  readonly at: number;
  readonly until?: number | undefined;
  readonly files: readonly string[];
}

const path = z.string().min(1).max(4096).startsWith('/');
const commit = z.string().regex(/^[0-9a-f]{7,40}$/);

export const recordShape: z.ZodType<ApiRecord> = z.object({
  commit: z.string(),
  at: z.number(),
  person: z.string(),
  reason: z.string(),
  explained: z.string().optional(),
  isUnexplained: z.boolean(),
  changes: z.array(z.string()),
  paths: z.array(z.string()),
  count: z.number(),
});

export const folderShape: z.ZodType<FolderState> = z.object({
  folder: z.string(),
  drift: z.array(z.string()),
  unexplained: z.array(z.object({ commit: z.string(), reason: z.string() })),
});

export const foldersShape: z.ZodType<Folders> = z.object({ folders: z.array(folderShape) });

export const recordsShape: z.ZodType<Records> = z.object({
  folder: z.string(),
  records: z.array(recordShape),
});

export const recordTextShape: z.ZodType<RecordText> = z.object({ record: recordShape, diff: z.string() });

const waitingShape: z.ZodType<WaitingChange> = z.object({
  id: z.string(),
  folder: z.string(),
  state: z.enum(['waiting', 'working', 'interrupted']),
  reason: z.string(),
  person: z.string(),
  at: z.number(),
  until: z.number().optional(),
  files: z.array(z.string()),
});

export const changesShape: z.ZodType<{ readonly changes: readonly WaitingChange[] }> = z.object({
  changes: z.array(waitingShape),
});

export interface RecordsQuery {
  readonly folder: string;
  readonly limit: number;
}

export const recordsQuery: z.ZodType<RecordsQuery> = z.strictObject({
  folder: path,
  limit: z.coerce.number().int().min(1).max(500).default(50),
});

export const recordQuery: z.ZodType<{ readonly folder: string; readonly commit: string }> = z.strictObject({
  folder: path,
  commit,
});

export interface WhyQuery {
  readonly folder: string;
  readonly path: string;
  readonly line?: number | undefined;
}

export const whyQuery: z.ZodType<WhyQuery> = z.strictObject({
  folder: path,
  path: z.string().min(1).max(4096),
  line: z.coerce.number().int().min(1).max(1_000_000).optional(),
});

export interface Explanation {
  readonly folder: string;
  readonly commit: string;
  readonly reason: string;
}

export const explanationOrder: z.ZodType<Explanation> = z.strictObject({
  folder: path,
  commit,
  reason: z.string().min(1).max(10_000),
});

export interface UndoOrder {
  readonly folder: string;
  readonly commit: string;
}

export const undoOrder: z.ZodType<UndoOrder> = z.strictObject({ folder: path, commit });

export const changeOrder: z.ZodType<{ readonly id: string }> = z.strictObject({
  id: z.string().regex(/^[0-9a-f]{8}$/),
});
