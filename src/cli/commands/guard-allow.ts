/** `portreeve guard allow [TARGET…]`: never bans them, from now on and over restarts; without targets, who that holds for. */
import { Command } from 'commander';
import { z } from 'zod';
import type { AllowAnswer, AllowedTarget, DisallowAnswer } from '../../agent/guard-hands.ts';
import type { Settings } from '../../base/settings.ts';
import { ok, type Result } from '../../base/result.ts';
import { currentPerson } from '../../host/person.ts';
import { act } from '../act.ts';
import { askGuard } from '../ask-guard.ts';
import type { ExitStatus } from '../exit-status.ts';
import { loadSettings, settingOptions } from '../load-settings.ts';
import { namedTargets } from '../named-targets.ts';
import type { Speaker } from '../speak.ts';

const schema = settingOptions.extend({
  reason: z.string().min(1).max(1000).default('by hand'),
  remove: z.boolean().default(false),
});

export function guardAllow(): Command {
  return new Command('allow')
    .description('never ban an address or network; without one, list those')
    .argument('[target...]', 'addresses and networks; - reads them from standard input, one a line')
    .option('--reason <text>', 'why')
    .option('--remove', 'let them be banned again')
    .action(
      act(schema, async ({ speak, args, options }) => {
        const settings = await loadSettings(options);
        if (!settings.ok) return settings;
        if (args.length === 0) return await list(speak, settings.value);
        const targets = await namedTargets('allow', args);
        if (!targets.ok) return targets;
        const { name: by } = await currentPerson();
        const order = { targets: targets.value, by };
        return options.remove
          ? await remove(speak, settings.value, order)
          : await add(speak, settings.value, { ...order, reason: options.reason });
      }),
    );
}

interface Order {
  readonly targets: readonly string[];
  readonly by: string;
}

async function list(speak: Speaker, settings: Settings): Promise<Result<ExitStatus>> {
  const asked = await askGuard<readonly AllowedTarget[]>({ do: 'allowed' }, settings);
  if (!asked.ok) return asked;
  speak.document(asked.value);
  if (asked.value.length === 0) speak.line('Nobody by hand; guard.allow in the settings names others.');
  for (const { target, reason, by, at } of asked.value)
    speak.line(`${new Date(at).toISOString().slice(0, 19)}Z  ${target.padEnd(20)}  ${reason} (${by})`);
  return ok(asked.value.length > 0 ? 0 : 1);
}

async function add(
  speak: Speaker,
  settings: Settings,
  order: Order & { readonly reason: string },
): Promise<Result<ExitStatus>> {
  const asked = await askGuard<AllowAnswer>({ do: 'allow', ...order }, settings);
  if (!asked.ok) return asked;
  const { allowed, unbanned, note } = asked.value;
  speak.document(asked.value);
  for (const target of allowed) speak.line(`${target} is never banned`);
  for (const target of unbanned) speak.line(`the ban of ${target} is taken back`);
  if (note !== undefined) speak.note(note);
  return ok(0);
}

async function remove(speak: Speaker, settings: Settings, order: Order): Promise<Result<ExitStatus>> {
  const asked = await askGuard<DisallowAnswer>({ do: 'disallow', ...order }, settings);
  if (!asked.ok) return asked;
  const { removed, unknown, note } = asked.value;
  speak.document(asked.value);
  for (const target of removed) speak.line(`${target} may be banned`);
  for (const target of unknown) speak.line(speak.style.dim(`${target} was not allowed by hand`));
  if (note !== undefined) speak.note(note);
  return ok(removed.length > 0 ? 0 : 1);
}
