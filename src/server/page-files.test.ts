import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pageFiles } from './page-files.ts';

test('pageFiles() makes the whole page, small, and without anything inline', async () => {
  const made = await pageFiles();
  assert.ok(made.ok, JSON.stringify(made));
  const packed = made.value.values().reduce((sum, file) => sum + file.packed.length, 0);
  assert.ok(packed < 90_000, `${packed} bytes, packed`);
  const html = Buffer.from(made.value.get('/')?.plain ?? '').toString();
  assert.doesNotMatch(html, /<script(?![^>]* src=)|<style|style=|\son\w+=/);
  for (const [, path = ''] of html.matchAll(/(?:src|href)="([^"]+)"/g)) assert.ok(made.value.has(path), path);
});
