/** What the keeper answers: steps as they happen, then the outcome; one JSON object a line. */
import { z } from 'zod';
import type { Problem } from '../base/problem.ts';
import type { Step } from '../change/change.ts';

export type KeeperAnswer =
  | { readonly step: Step }
  | { readonly problem: Problem }
  | { readonly done: unknown };

const phases = ['rehearse', 'apply', 'reload', 'prove', 'record', 'confirm', 'undo'] as const;
const kinds = [
  'no',
  'usage',
  'configuration',
  'permission',
  'missing',
  'unavailable',
  'timeout',
  'undone',
] as const;

const shape = z.union([
  z.strictObject({ step: z.strictObject({ phase: z.enum(phases), evidence: z.string() }) }),
  z.strictObject({
    problem: z.strictObject({
      kind: z.enum(kinds),
      message: z.string(),
      hint: z.string().optional(),
      path: z.string().optional(),
    }),
  }),
  z.strictObject({ done: z.unknown() }),
]);

export function parseKeeperAnswer(line: string): KeeperAnswer | undefined {
  try {
    return shape.safeParse(JSON.parse(line)).data as KeeperAnswer | undefined;
  } catch {
    return undefined;
  }
}
