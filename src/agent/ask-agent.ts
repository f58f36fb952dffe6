/** Asks the agent by its socket. The problem `unavailable` where none runs. */
import { z } from 'zod';
import { fail, ok, type Result } from '../base/result.ts';
import { converseInLines } from '../host/unix-client.ts';
import type { ControlCommand } from './control-command.ts';
import { controlPlace } from './control-place.ts';

const timeoutMs = 60_000;

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
const answers = z.union([
  z.object({
    problem: z.object({
      kind: z.enum(kinds),
      message: z.string(),
      hint: z.string().optional(),
      path: z.string().optional(),
    }),
  }),
  z.object({ done: z.unknown() }),
]);

export async function askAgent<Done>(command: ControlCommand): Promise<Result<Done>> {
  let outcome: Result<Done> | undefined;
  const talked = await converseInLines(
    controlPlace(),
    `${JSON.stringify(command)}\n`,
    timeoutMs,
    (line) => {
      const answer = readAnswer(line);
      if (answer === undefined) return;
      // The agent is of our own version, or says that it does not know the command.
      outcome =
        'problem' in answer
          ? { ok: false, problem: withoutUndefined(answer.problem) }
          : ok(answer.done as Done);
    },
    { name: 'the agent', hint: 'start it: systemctl start portreeve' },
  );
  if (outcome !== undefined) return outcome;
  return talked.ok
    ? fail('timeout', 'cannot tell what the agent did: it must answer: it hung up', {
        hint: 'see its journal: journalctl -u portreeve',
      })
    : talked;
}

function readAnswer(line: string): z.infer<typeof answers> | undefined {
  try {
    return answers.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

function withoutUndefined({
  kind,
  message,
  hint,
  path,
}: {
  readonly kind: (typeof kinds)[number];
  readonly message: string;
  readonly hint?: string | undefined;
  readonly path?: string | undefined;
}): { kind: (typeof kinds)[number]; message: string; hint?: string; path?: string } {
  return { kind, message, ...(hint === undefined ? {} : { hint }), ...(path === undefined ? {} : { path }) };
}
