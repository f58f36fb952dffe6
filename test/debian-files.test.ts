/**
 * The editor of Exim's configuration on every file of Debian's own, as the package ships them, and on those of the
 * lab: whatever is set, no other byte changes, and taking it out again gives the file back.
 */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { before, describe, test } from 'node:test';
import * as fc from 'fast-check';
import { readSettings, removeSetting, setSetting, setSettingFirst } from '../src/exim/debian-settings.ts';
import { isRoot } from '../src/host/identity.ts';
import { preparePackages } from '../src/lab/packages.ts';
import { plainConfiguration } from './tls-machine.ts';

const skip = isRoot() ? false : "Debian's packages are unpacked by root";
const numRuns = Number(process.env['PORTREEVE_RUNS'] ?? 200);

interface Shipped {
  readonly path: string;
  /** A character a byte, as the editor gets it. */
  readonly text: string;
}

describe("the editor on Debian's files", { skip }, () => {
  let files: Shipped[];
  /** What is set somewhere in them, and what never is. */
  let names: fc.Arbitrary<string>;

  before(async () => {
    const tree = await preparePackages({ fail2ban: false, tell: () => undefined });
    assert.ok(tree.ok, JSON.stringify(tree));
    const folder = `${tree.value}/etc/exim4`;
    const paths = globSync(['exim4.conf.template', 'conf.d/*/*'], { cwd: folder });
    files = [
      ...paths.map((path) => ({ path, text: readFileSync(`${folder}/${path}`, 'latin1') })),
      { path: 'by hand', text: Buffer.from(plainConfiguration).toString('latin1') },
    ];
    const known = new Set(files.flatMap(({ text }) => readSettings(text).map(({ name }) => name)));
    names = fc.oneof(
      fc.constantFrom(...known),
      fc.stringMatching(/^[A-Za-z]\w{0,20}$/).filter((name) => !known.has(name)),
    );
  });

  test('there are those of both layouts', () => {
    const parts = files.filter(({ path }) => path.startsWith('conf.d/main/'));
    assert.ok(parts.length >= 4 && files.length >= 40, String(files.length));
  });

  test('each setting that is set to what it is leaves the file as it is', () => {
    for (const { path, text } of files) {
      const inForce = new Map(
        readSettings(text).flatMap((each) => (each.depth === 0 ? [[each.name, each]] : [])),
      );
      for (const [name, { value: is }] of inForce)
        assert.equal(setSetting(text, name, is, 'why'), text, path);
    }
  });

  test('each setting that is read stands where it is said to stand', () => {
    for (const { path, text } of files) {
      for (const { name, value, start, end } of readSettings(text)) {
        const [again, ...more] = readSettings(text.slice(start, end));
        assert.deepEqual([again?.name, again?.value, more.length], [name, value, 0], `${path}: ${name}`);
      }
    }
  });

  const value = fc.stringMatching(/^[\w:*/.+=-]([ -[\]-~]{0,30}[\w:*/.+=-])?$/);

  test('what is set changes no other byte, and is gone when it is taken out', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), value, fc.boolean(), (file, seed, to, first) => {
        const { path, text } = files[file % files.length] ?? assert.fail();
        const own = readSettings(text).filter(({ depth }) => depth === 0);
        const [other = ''] = fc.sample(names, { numRuns: 1, seed });
        const name = seed % 2 === 0 ? (own[seed % Math.max(own.length, 1)]?.name ?? other) : other;
        const set = first ? setSettingFirst : setSetting;
        const written = set(text, name, to, 'why');
        const told = `${path}: ${name} = ${to}`;
        const was = readSettings(text).findLast((each) => each.name === name && each.depth === 0);
        if (was?.value === to) {
          assert.equal(written, text, told);
          return;
        }
        if (was === undefined) {
          const added = `# why\n${name} = ${to}\n`;
          const at = written.indexOf(added);
          assert.ok(at >= 0, told);
          const rest = written.slice(0, at) + written.slice(at + added.length);
          assert.ok(rest === text || rest === `${text}\n`, told);
          const removed = removeSetting(written, name);
          assert.equal(removed, written.replace(`${name} = ${to}\n`, ''), told);
          return;
        }
        const replaced = `${name} = ${to}`;
        assert.equal(written, text.slice(0, was.start) + replaced + text.slice(was.end), told);
        const back = readSettings(written).findLast((each) => each.name === name && each.depth === 0);
        const end = was.start + replaced.length;
        assert.deepEqual([back?.value, back?.start, back?.end], [to, was.start, end], told);
        // The old text in its place again is the file that it was.
        assert.equal(
          written.slice(0, was.start) + text.slice(was.start, was.end) + written.slice(end),
          text,
          told,
        );
      }),
      { numRuns },
    );
  });
});
