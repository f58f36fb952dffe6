/** A settings file that sets nothing, and names every setting with its default and what it does. */
import { type Setting, writeSetting } from '../base/setting.ts';
import type { SettingsSection } from '../base/settings.ts';

export function settingsTemplate(sections: readonly SettingsSection[]): string {
  const head = '# Settings of Portreeve: portreeve.toml(5). Nothing is set: each line shows the default.\n';
  return [head, ...sections.map(sectionText)].join('\n');
}

function sectionText({ name, says, settings }: SettingsSection): string {
  const lines = settings.flatMap((setting) => [
    `# ${setting.says}`,
    `#${setting.name.slice(name.length + 1)} = ${tomlText(setting)}`,
  ]);
  return `[${name}]\n# ${says}\n${lines.join('\n')}\n`;
}

function tomlText(setting: Setting): string {
  if (setting.type === 'list') return JSON.stringify(setting.default);
  if (setting.type === 'number') return String(setting.default);
  if (setting.type === 'switch') return setting.default === 1 ? 'true' : 'false';
  return JSON.stringify(writeSetting(setting, setting.default));
}
