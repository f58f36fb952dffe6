import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { publishedSchema } from './audit-schema.ts';

test('the published schema is that of the code (node tools/audit-schema.ts writes it)', () => {
  const published = join(import.meta.dirname, '..', '..', '..', 'docs', 'audit-schema.json');
  assert.equal(readFileSync(published, 'utf8'), publishedSchema());
});
