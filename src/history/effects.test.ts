import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { splitEffects, withEffects } from './effects.ts';

test('splitEffects() gives back what withEffects() has put together', () => {
  const word = fc.stringMatching(/^[\w:,.()-]{1,20}( [\w:,.()-]{1,20}){0,5}$/);
  const reason = fc.stringMatching(/^[a-z][a-z ,]{0,30}[a-z](\n\n[a-z ]{1,20}[a-z])?$/);
  fc.assert(
    fc.property(reason, fc.array(word, { maxLength: 8 }), (text, effects) => {
      assert.deepEqual(splitEffects(withEffects(text, effects)), { reason: text, effects });
    }),
  );
});

test('an effect is a line, however it came', () => {
  assert.equal(withEffects('why', ['a\nb\t c']), 'why\n\nEffect: a b c');
});
