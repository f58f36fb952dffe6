/** `portreeve guard unban TARGET…`: takes bans back, and what led to them with it. */
import { Command } from 'commander';
import type { UnbanAnswer } from '../../agent/guard-hands.ts';
import { ok } from '../../base/result.ts';
import { currentPerson } from '../../host/person.ts';
import { act } from '../act.ts';
import { askGuard } from '../ask-guard.ts';
import { loadSettings, settingOptions } from '../load-settings.ts';
import { namedTargets } from '../named-targets.ts';

export function guardUnban(): Command {
  return new Command('unban')
    .description('take bans back')
    .argument('<target...>', 'addresses and networks; - reads them from standard input, one a line')
    .action(
      act(settingOptions, async ({ speak, args, options }) => {
        const settings = await loadSettings(options);
        if (!settings.ok) return settings;
        const targets = await namedTargets('unban', args);
        if (!targets.ok) return targets;
        const { name: by } = await currentPerson();
        const asked = await askGuard<UnbanAnswer>(
          { do: 'unban', targets: targets.value, by },
          settings.value,
        );
        if (!asked.ok) return asked;
        const { unbanned, unknown, note } = asked.value;
        speak.document(asked.value);
        for (const target of unbanned) speak.line(`${target} is not banned any more`);
        for (const target of unknown) speak.line(speak.style.dim(`${target} was not banned`));
        if (note !== undefined) speak.note(note);
        return ok(unbanned.length > 0 ? 0 : 1);
      }),
    );
}
