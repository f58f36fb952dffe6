/**
 * The closed set of what the agent can be asked on its socket, one JSON object a line, answered by one.
 * Whatever is not in it, or larger than it may be, is refused before anything is looked at.
 */
import { z } from 'zod';
import type { Duration } from '../base/duration.ts';
import { fail, ok, type Result } from '../base/result.ts';
import type { AllowRequest, BanRequest, BansQuery, GuardHands, UnbanRequest } from './guard-hands.ts';
import { mostTargets } from './read-targets.ts';

/** In bytes: the most targets, each as long as an IPv6 network can be. */
export const commandCap: number = 8 * 1024 * 1024;

const targets = z.array(z.string().max(64)).max(mostTargets);
const by = z.string().max(100);
const time = z.number().min(0).max(8.64e15);

export type ControlCommand =
  | ({ readonly do: 'ban' } & Omit<BanRequest, 'bantime'> & { readonly bantime: number })
  | ({ readonly do: 'unban' } & UnbanRequest)
  | ({ readonly do: 'allow' } & AllowRequest)
  | ({ readonly do: 'disallow' } & UnbanRequest)
  | { readonly do: 'allowed' }
  | ({ readonly do: 'bans' } & BansQuery)
  | { readonly do: 'explain'; readonly address: string }
  | { readonly do: 'incidents'; readonly from: number; readonly to: number };

const shape: z.ZodType<ControlCommand> = z.discriminatedUnion('do', [
  z.strictObject({
    do: z.literal('ban'),
    targets,
    bantime: z
      .int()
      .min(1000)
      .max(3650 * 86_400_000),
    reason: z.string().max(1000),
    force: z.boolean(),
    by,
  }),
  z.strictObject({ do: z.literal('unban'), targets, by }),
  z.strictObject({ do: z.literal('allow'), targets, reason: z.string().max(1000), by }),
  z.strictObject({ do: z.literal('disallow'), targets, by }),
  z.strictObject({ do: z.literal('allowed') }),
  z.strictObject({
    do: z.literal('bans'),
    from: time.optional(),
    to: time.optional(),
    search: z.string().max(200).optional(),
    rule: z.string().max(40).optional(),
    limit: z.int().min(1).max(1_000_000),
  }),
  z.strictObject({ do: z.literal('explain'), address: z.string().max(64) }),
  z.strictObject({ do: z.literal('incidents'), from: time, to: time }),
]);

/** Does what a line asks. */
export function obeyLine(line: string, hands: GuardHands): Result<unknown> {
  const command = shape.safeParse(parseJson(line));
  if (!command.success)
    return fail('usage', 'cannot do that: it must be a command of the agent: it is none', {
      hint: 'the agent knows ban, unban, allow, disallow, allowed, bans, explain and incidents; is it of another version?',
    });
  return obey(command.data, hands);
}

export function obey(command: ControlCommand, hands: GuardHands): Result<unknown> {
  switch (command.do) {
    case 'ban':
      return hands.ban({ ...command, bantime: command.bantime as Duration });
    case 'unban':
      return hands.unban(command);
    case 'allow':
      return hands.allow(command);
    case 'disallow':
      return hands.disallow(command);
    case 'allowed':
      return hands.allowed();
    case 'bans':
      return hands.bans(command);
    case 'explain':
      return hands.explain(command.address);
    case 'incidents':
      return hands.incidents(command.from, command.to);
    default:
      return ok();
  }
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
