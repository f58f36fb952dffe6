import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packageChanges, packagesReason } from './package-changes.ts';

test('packageChanges() and packagesReason() say what a run has done', () => {
  const before = 'a 1\nexim4-base 4.96-15\ngone:amd64 2\n';
  const after = 'a 1\nexim4-base 4.96-16\nnew 0.1\nhalf \n';
  const changes = packageChanges(before, after);
  assert.equal(
    packagesReason(changes),
    'packages: upgraded exim4-base and 2 more\n\nupgraded exim4-base 4.96-15 → 4.96-16\nremoved gone:amd64 2\ninstalled new 0.1',
  );
  assert.equal(packagesReason(packageChanges(after, after)), 'packages: configured anew');
});
