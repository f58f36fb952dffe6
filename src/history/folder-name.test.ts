import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { folderName, folderOfName } from './folder-name.ts';

test('folderName() is what systemd-escape --path says', () => {
  for (const [folder, name] of [
    ['/etc/exim4', 'etc-exim4'],
    ['/etc/exim-4', String.raw`etc-exim\x2d4`],
    ['/', '-'],
    ['/.hidden/a b', String.raw`\x2ehidden-a\x20b`],
    ['/ü', String.raw`\xc3\xbc`],
  ] as const) {
    assert.equal(folderName(folder), name);
  }
});

test('folderOfName() undoes folderName(), which never leaves its folder', () => {
  const part = fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => !/[/\0]/.test(text));
  fc.assert(
    fc.property(fc.array(part, { minLength: 1 }), (parts) => {
      const folder = `/${parts.join('/')}`;
      const name = folderName(folder);
      assert.doesNotMatch(name, /^\.|\//);
      assert.equal(folderOfName(name), folder);
    }),
  );
});
