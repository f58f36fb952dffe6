/**
 * The settings that hold for a command: the settings file's (**--config**, else
 * /etc/portreeve/portreeve.toml if there is one), and over them what **--set** says.
 */
import type { Command } from 'commander';
import { z } from 'zod';
import { fail, type Result } from '../base/result.ts';
import { writeSetting } from '../base/setting.ts';
import { Settings } from '../base/settings.ts';
import { readSettings } from '../base/settings-text.ts';
import { readSettingsFile } from '../host/settings-file.ts';
import { userRules } from '../guard/user-rules.ts';
import { collect } from './collect.ts';
import { sections } from './sections.ts';
import { standardPlace } from './standard-place.ts';

export const settingOptions: z.ZodObject<{
  config: z.ZodOptional<z.ZodString>;
  set: z.ZodDefault<z.ZodArray<z.ZodString>>;
}> = z.object({
  /** Of the whole program: root-command.ts. */
  config: z.string().min(1).optional(),
  set: z.array(z.string()).default([]),
});

/** **--set**, and below the help the settings of a section that the command goes by. */
export function withSettings(command: Command, section: string): Command {
  const settings = sections.find(({ name }) => name === section)?.settings ?? [];
  const rows = settings.map(
    (setting) =>
      `  ${setting.name.padEnd(32)} ${setting.says} (${writeSetting(setting, setting.default) || 'none'})`,
  );
  return command
    .option(
      '--set <name=value>',
      'a setting over those of the file, such as guard.flood.bantime=2h (repeatable)',
      collect,
    )
    .addHelpText('after', `\nSettings (also in ${standardPlace}):\n${rows.join('\n')}`);
}

export async function loadSettings({
  config,
  set = [],
}: {
  readonly config?: string | undefined;
  readonly set?: readonly string[];
}): Promise<Result<Settings>> {
  const loaded = await readFileSettings(config);
  if (!loaded.ok) {
    const [first, ...others] = loaded.problems;
    if (others.length === 0) return { ok: false, problem: first };
    const hint = `${others.length} more: portreeve settings tells them all`;
    return {
      ok: false,
      problem: { ...first, hint: first.hint === undefined ? hint : `${first.hint}; ${hint}` },
    };
  }
  const rules = userRules(loaded.value);
  if (!rules.ok) return rules;
  return loaded.value.with(set);
}

/** With every problem of the file. */
export async function readFileSettings(config: string | undefined): Promise<ReturnType<typeof readSettings>> {
  const path = config ?? standardPlace;
  const file = await readSettingsFile(path);
  if (!file.ok) return { ok: false, problems: [file.problem] };
  if (file.value !== undefined) return readSettings(file.value, path, sections);
  if (config === undefined) return { ok: true, value: new Settings(sections) };
  const missing = fail('missing', `cannot read ${path}: there is no such file`, { path });
  return { ok: false, problems: [missing.problem] };
}
