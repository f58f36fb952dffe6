import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { expansionItems, withoutExpansions } from './expansion-items.ts';

const cases: readonly (readonly [text: string, items: readonly string[], closed?: boolean])[] = [
  ['plain', []],
  ['$local_part@$domain', ['$local_part', '$domain']],
  ['to ${lc:$domain}.', ['${lc:$domain}']],
  ['${if eq{a}{\\}}{b}}x', ['${if eq{a}{\\}}{b}}']],
  ['${sg{$x}{\\N^{\\N}{}}y', ['${sg{$x}{\\N^{\\N}{}}']],
  ['\\$no \\N$no\\N $yes', ['$yes']],
  ['$h_subject: $x', ['$h_subject:', '$x']],
  ['cost: $ 5', ['$']],
  ['${if eq{a}{b}', ['${if eq{a}{b}'], false],
];
for (const [text, items, closed = true] of cases) {
  test(`expansionItems() finds ${items.length} in ${text}`, () => {
    const found = expansionItems(text);
    assert.deepEqual(
      found.map((item) => item.text),
      items,
    );
    assert.equal(
      found.every((item) => item.closed),
      closed,
    );
  });
}

test('expansionItems() takes any text apart without overlap', () => {
  const piece = fc.constantFrom('$', '{', '}', '\\', '\\N', 'a', '${if', ':', ' ');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const text = pieces.join('');
      let from = 0;
      for (const { start, end, text: item } of expansionItems(text)) {
        assert.ok(start >= from && end > start && text.slice(start, end) === item);
        from = end;
      }
      assert.equal(expansionItems(withoutExpansions(text)).length, 0);
    }),
  );
});
