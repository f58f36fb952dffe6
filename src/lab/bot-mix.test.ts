import assert from 'node:assert/strict';
import { test } from 'node:test';
import { botKinds } from './bot.ts';
import { botMix, slotHolders } from './bot-mix.ts';

test('botMix() gives each bot a habit, three quarters hold slots', () => {
  const mixed = botMix('mixed', 60);
  assert.equal(mixed.length, 60);
  assert.equal(mixed.filter((kind) => kind === 'hold').length, 45);
  assert.deepEqual(new Set(mixed), new Set(['hold', 'guess', 'relay', 'harvest', 'break', 'hostile']));
  assert.deepEqual(new Set(botMix('hold', 60)), new Set(['hold']));
  assert.deepEqual(botMix('mixed', 0), []);
  assert.deepEqual(new Set(botMix('all', 200)), new Set(botKinds));
  assert.ok(botMix('sly', 20).every((kind) => slotHolders.has(kind) || kind === 'hammer'));
});
