/** `portreeve settings`: every setting with the value that holds, or what is wrong with the file. */
import { Command } from 'commander';
import { fail, ok } from '../../base/result.ts';
import { type Setting, writeSetting } from '../../base/setting.ts';
import type { Settings } from '../../base/settings.ts';
import { act } from '../act.ts';
import { readFileSettings, settingOptions } from '../load-settings.ts';

export function settings(): Command {
  return new Command('settings')
    .description('what is set, what it means, and whether the settings file is sound')
    .argument('[name...]', 'settings, or the first words of their names, such as guard.flood')
    .action(
      act(settingOptions, async ({ speak, args, options: { config } }) => {
        const read = await readFileSettings(config);
        if (!read.ok) {
          const [first, ...others] = read.problems;
          for (const problem of others) speak.problem(problem);
          return { ok: false, problem: first };
        }
        const chosen = read.value.sections
          .flatMap(({ settings: each }) => each)
          .filter(({ name }) => args.length === 0 || args.some((word) => isBelow(name, word)));
        if (chosen.length === 0)
          return fail('no', `cannot show ${args.join(' ').slice(0, 60)}: there is no such setting`, {
            hint: 'portreeve settings without a name shows all',
          });
        speak.document(chosen.map((setting) => describe(read.value, setting)));
        for (const setting of chosen) {
          const { name, value, set, says } = describe(read.value, setting);
          const shown = `${name} = ${value === '' ? '(none)' : value}`;
          speak.line(set ? speak.style.bold(shown) : shown);
          speak.line(speak.style.dim(`    ${says}${set ? `; default ${defaultOf(setting)}` : ''}`));
        }
        return ok(0);
      }),
    );
}

function isBelow(name: string, word: string): boolean {
  return name === word || name.startsWith(`${word}.`);
}

function describe(
  values: Settings,
  setting: Setting,
): { name: string; value: string; default: string; set: boolean; says: string } {
  const { name, says } = setting;
  const value = writeSetting(setting, values.value(setting));
  return { name, value, default: writeSetting(setting, setting.default), set: values.isSet(name), says };
}

function defaultOf(setting: Setting): string {
  return writeSetting(setting, setting.default) || '(none)';
}
