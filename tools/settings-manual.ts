// The part of docs/man/portreeve.toml.5.md that follows from the code: a heading and a list for each
// section. `node tools/settings-manual.ts` writes it into the page; tools/check-docs.ts compares.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Setting, writeSetting } from '../src/base/setting.ts';
import type { SettingsSection } from '../src/base/settings.ts';
import { sections } from '../src/cli/sections.ts';

const page = 'docs/man/portreeve.toml.5.md';
const begin = '<!-- from the code: npm run manual -->';
const end = '<!-- end -->';

/** What is wrong with the page; `write` makes it right instead. */
export function settingsDifferences(root: string, write = false): string[] {
  const path = join(root, page);
  const text = readFileSync(path, 'utf8');
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from === -1 || to < from) return [`${page} needs the lines ${begin} and ${end}`];
  const right = `${text.slice(0, from)}${begin}\n\n${manual(sections)}\n${text.slice(to)}`;
  if (right === text) return [];
  if (!write) return [`${page} is not what the settings of the code make of it: npm run manual`];
  writeFileSync(path, right);
  return [];
}

function manual(all: readonly SettingsSection[]): string {
  return all
    .flatMap(({ name, says, settings, tables = [] }) => [
      `### [${name}]\n\n${sentence(says)}\n`,
      ...settings.map((setting) => entry(setting.name, setting)),
      ...tables.flatMap((table) => [
        `### [[${table.name}]]\n\n${sentence(table.says)}\n`,
        ...table.fields.map((field) => entry(field.name, field)),
      ]),
    ])
    .join('\n');
}

function entry(name: string, setting: Setting): string {
  const standard = writeSetting(setting, setting.default);
  return `**${name}** (${typeOf(setting)}; ${standard === '' ? 'none' : standard})\n: ${sentence(setting.says)}\n`;
}

function typeOf(setting: Setting): string {
  switch (setting.type) {
    case 'duration':
    case 'number':
      return `${setting.type === 'number' ? 'number, ' : ''}${writeSetting(setting, setting.least)} to ${writeSetting(setting, setting.most)}`;
    case 'switch':
      return 'true or false';
    case 'text':
      return setting.form?.needs ?? 'text';
    default:
      return setting.form === undefined ? 'list of texts' : `list, each ${setting.form.needs}`;
  }
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

if (import.meta.main) {
  for (const line of settingsDifferences(join(import.meta.dirname, '..'), true)) {
    console.log(line);
    process.exitCode = 1;
  }
}
