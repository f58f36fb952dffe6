/** `portreeve guard ban TARGET…`: by hand, for a time, with a reason. */
import { Command } from 'commander';
import { z } from 'zod';
import type { BanAnswer } from '../../agent/guard-hands.ts';
import { formatDuration, parseDuration } from '../../base/duration.ts';
import { ok } from '../../base/result.ts';
import { currentPerson } from '../../host/person.ts';
import { act } from '../act.ts';
import { askGuard } from '../ask-guard.ts';
import { loadSettings, settingOptions } from '../load-settings.ts';
import { namedTargets } from '../named-targets.ts';

const schema = settingOptions.extend({
  for: z.string(),
  reason: z.string().max(1000).default('by hand'),
  force: z.boolean().default(false),
});

export function guardBan(): Command {
  return new Command('ban')
    .description('ban addresses and networks by hand')
    .argument('<target...>', 'addresses and networks; - reads them from standard input, one a line')
    .option('--for <time>', 'how long', '1d')
    .option('-m, --reason <text>', 'why')
    .option('--force', 'those on the allowlist too')
    .action(
      act(schema, async ({ speak, args, options }) => {
        const bantime = parseDuration(options.for);
        if (!bantime.ok) return bantime;
        if (bantime.value < 1000)
          return { ok: false, problem: { kind: 'usage', message: 'cannot ban: needs at least 1s: 0s' } };
        const settings = await loadSettings(options);
        if (!settings.ok) return settings;
        const targets = await namedTargets('ban', args);
        if (!targets.ok) return targets;
        const { name: by } = await currentPerson();
        const { reason, force } = options;
        const command = {
          do: 'ban',
          targets: targets.value,
          bantime: bantime.value,
          reason,
          force,
          by,
        } as const;
        const asked = await askGuard<BanAnswer>(command, settings.value);
        if (!asked.ok) return asked;
        const { banned, refused, note } = asked.value;
        speak.document(asked.value);
        for (const { target, mailBefore } of banned) {
          speak.line(`${target} is banned for ${formatDuration(bantime.value)}`);
          if (mailBefore > 0)
            speak.line(speak.style.warn(`    ${mailBefore} messages had been accepted from it`));
        }
        for (const target of refused)
          speak.problem({
            kind: 'no',
            message: `cannot ban ${target}: needs to be off the allowlist: it is on it, or holds one that is`,
            hint: '--force bans it all the same; settings guard.allow and this machine itself are on it',
          });
        if (note !== undefined) speak.note(note);
        return ok(refused.length > 0 ? 1 : 0);
      }),
    );
}
