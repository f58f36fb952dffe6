import assert from 'node:assert/strict';
import { test } from 'node:test';
import { array, assert as check, constantFrom, property, string } from 'fast-check';
import { pageNames, readRoute, routeTo } from './route.ts';

test('readRoute() reads what routeTo() writes', () => {
  check(
    property(constantFrom(...pageNames), array(string({ minLength: 1, unit: 'grapheme' })), (page, rest) => {
      assert.deepEqual(readRoute(routeTo(page, ...rest)), { page, rest });
    }),
  );
});

test('readRoute() takes anything else for the overview', () => {
  for (const hash of ['', '#', '#/', '#/nothing', '#javascript:alert(1)', '#/%'])
    assert.equal(readRoute(hash).page, 'overview', hash);
});
