import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSettings } from '../base/settings-text.ts';
import { sections } from './sections.ts';
import { settingsTemplate } from './settings-template.ts';

test('settingsTemplate() is a settings file, with its comments and without them', () => {
  const template = settingsTemplate(sections);
  assert.ok(readSettings(template, 'portreeve.toml', sections).ok);
  const bare = template.replaceAll(/^#(?=[\w.-]+ = )/gm, '');
  const read = readSettings(bare, 'portreeve.toml', sections);
  assert.ok(read.ok, JSON.stringify(read));
  for (const setting of sections.flatMap(({ settings }) => settings))
    assert.deepEqual(read.value.value(setting), setting.default, setting.name);
});
