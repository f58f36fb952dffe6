import assert from 'node:assert/strict';
import { test } from 'node:test';
import { usesSplitConfiguration } from './debian-configuration.ts';

test('usesSplitConfiguration() reads the answer as a shell does', () => {
  for (const [text, split] of [
    ["dc_use_split_config='true'\n", true],
    ['dc_use_split_config="true"', true],
    ['dc_use_split_config=true', true],
    ["dc_use_split_config='false'\n", false],
    ["#dc_use_split_config='true'\n", false],
    ["dc_use_split_config='true'\ndc_use_split_config='false'\n", false],
    ['', false],
  ] as const) {
    assert.equal(usesSplitConfiguration(text), split, text);
  }
});
