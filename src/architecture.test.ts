// The shape of the program: imports flow one way. The table is tools/arrows.ts. Both readers of it are
// held against planted breaches, since a checker that reads nothing finds nothing.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { breaches, importsOf } from '../tools/imports.ts';

const root = join(import.meta.dirname, '..');

type Planted = { name: string; files: Record<string, string>; found: RegExp; rule: string };

const planted: Planted[] = [
  {
    name: 'an arrow against the flow',
    files: {
      'src/base/a.ts': "import { b } from '../host/b.ts';\nexport const a = b;\n",
      'src/host/b.ts': 'export const b = 1;\n',
    },
    found: /src\/base\/a\.ts imports src\/host\/b\.ts/,
    rule: 'arrows-of-base',
  },
  {
    name: 'an arrow of types alone',
    files: {
      'src/host/a.ts': "import type { B } from '../exim/b.ts';\nexport type A = B;\n",
      'src/exim/b.ts': 'export type B = 1;\n',
    },
    found: /src\/host\/a\.ts imports src\/exim\/b\.ts/,
    rule: 'arrows-of-host',
  },
  {
    name: 'an arrow between pillars',
    files: { 'src/tls/a.ts': "export * from '../guard/b.ts';\n", 'src/guard/b.ts': 'export const b = 1;\n' },
    found: /src\/tls\/a\.ts imports src\/guard\/b\.ts/,
    rule: 'arrows-of-tls',
  },
  {
    name: 'an arrow hidden in a call',
    files: {
      'src/exim/a.ts': "export const a = () => import('../change/b.ts');\n",
      'src/change/b.ts': 'export const b = 1;\n',
    },
    found: /src\/exim\/a\.ts imports src\/change\/b\.ts/,
    rule: 'arrows-of-exim',
  },
  {
    name: 'a value of the API in the page',
    files: {
      'src/web/a.ts': "import { b } from '../server/api.ts';\nexport const a = b;\n",
      'src/server/api.ts': 'export const b = 1;\n',
    },
    found: /src\/web\/a\.ts imports src\/server\/api\.ts/,
    rule: 'types-alone-for-web',
  },
  {
    name: 'a cycle',
    files: {
      'src/guard/a.ts': "import { b } from './b.ts';\nexport const a = () => b;\n",
      'src/guard/b.ts': "import { a } from './a.ts';\nexport const b = () => a;\n",
    },
    found: /cycle: src\/guard\/a\.ts → src\/guard\/b\.ts → src\/guard\/a\.ts/,
    rule: 'no-cycle',
  },
  {
    name: "Node's own module in a pillar",
    files: { 'src/guard/a.ts': "import { readFileSync } from 'node:fs';\nexport const a = readFileSync;\n" },
    found: /src\/guard\/a\.ts imports node:fs/,
    rule: 'machine-through-host',
  },
  {
    name: "Node's own module without its prefix",
    files: { 'src/cli/speak.ts': "import {\n  hostname,\n} from 'os';\nexport const a = hostname;\n" },
    found: /src\/cli\/speak\.ts imports os/,
    rule: 'machine-through-host',
  },
  {
    name: 'a folder that the table does not know',
    files: {
      'src/utils/a.ts': "import { b } from './b.ts';\nexport const a = b;\n",
      'src/utils/b.ts': 'export const b = 1;\n',
    },
    found: /src\/utils\/a\.ts is in a folder that tools\/arrows\.ts does not know/,
    rule: 'known-folders',
  },
];

const sound: Record<string, string> = {
  'src/base/a.ts': "// import 'node:fs';\nexport type A = 1;\nexport const a = 1;\n",
  'src/host/b.ts':
    "import { stat } from 'node:fs';\nimport { a } from '../base/a.ts';\nexport const b = [a, stat];\n",
  'src/host/b.test.ts':
    "import { test } from 'node:test';\nimport { b } from './b.ts';\ntest('b', () => b);\n",
  'src/server/api.ts': 'export type C = 1;\n',
  'src/web/c.ts': "import type { C } from '../server/api.ts';\nexport type D = C;\n",
  'src/lab/bin/bot.ts': "import 'node:net';\nimport '../../host/b.ts';\n",
  'src/cli/main.ts': "import 'node:process';\nimport '../host/b.ts';\n",
};

test('breaches() this program has none', () => {
  const paths = globSync('src/**/*.{ts,tsx}', { cwd: root });
  assert.ok(paths.includes('src/architecture.test.ts'), 'the reader sees no files');
  const sources = new Map(paths.map((path) => [path, readFileSync(join(root, path), 'utf8')]));
  // The fixtures of this very file would be read as its imports.
  sources.delete('src/architecture.test.ts');
  assert.deepEqual(breaches(sources), []);
});

test('host/checkout.ts alone asks where it lies: compiled, the others lie elsewhere', () => {
  const paths = globSync('src/**/*.{ts,tsx}', { cwd: root }).filter((path) => !path.endsWith('.test.ts'));
  const asking = paths.filter((path) => readFileSync(join(root, path), 'utf8').includes('import.meta.'));
  assert.deepEqual(asking, ['src/host/checkout.ts']);
});

test('breaches() finds each planted breach, and only that', async (t) => {
  for (const { name, files, found } of planted) {
    await t.test(name, () => {
      assert.match(breaches(new Map(Object.entries(files)))[0] ?? 'nothing found', found);
    });
  }
  assert.deepEqual(breaches(new Map(Object.entries(sound))), []);
});

test('importsOf() reads each form of import', () => {
  const text = `
import 'a';
import b, { c } from 'b';
import type { D } from "d";
import {
  e,
} from 'e';
export * from 'f';
export { g } from 'g';
export type { H } from 'h';
const i = await import('i');
// import 'no';
/* import 'no' */
const text = "from 'no'";
`;
  assert.deepEqual(
    importsOf(text).map(({ target, typeOnly }) => (typeOnly ? `type ${target}` : target)),
    ['a', 'b', 'type d', 'e', 'f', 'g', 'type h', 'i'],
  );
});

test('dependency-cruiser fails on each planted breach, and passes sound imports', () => {
  // All at once, since it takes a second to start: each breach has files of its own, by number.
  const all = planted.map(({ files }, number) => numbered(files, number));
  const { status, output } = cruise(Object.assign({}, ...all) as Record<string, string>);
  assert.equal(status, planted.length, output);
  for (const [number, { name, rule }] of planted.entries()) {
    const [from = ''] = Object.keys(all[number] ?? {});
    assert.match(output, new RegExp(`error ${rule}: ${from}`), name);
  }
  const passed = cruise(sound);
  assert.equal(passed.status, 0, passed.output);
});

function numbered(files: Record<string, string>, number: number): Record<string, string> {
  const rename = (text: string): string => text.replaceAll(/\b(a|b|speak)\.ts\b/g, `$1-${number}.ts`);
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [rename(path), rename(text)]));
}

/** Runs the project's own configuration on a folder that holds these files. */
function cruise(files: Record<string, string>): { status: number | null; output: string } {
  const folder = mkdtempSync(join(tmpdir(), 'portreeve-arrows-'));
  try {
    for (const name of ['.dependency-cruiser.cjs', 'package.json', 'tools']) {
      cpSync(join(root, name), join(folder, name), { recursive: true });
    }
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(join(folder, dirname(path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const program = join(root, 'node_modules/.bin/depcruise');
    const run = spawnSync(process.execPath, [program, 'src'], { cwd: folder, encoding: 'utf8' });
    return { status: run.status, output: run.stdout + run.stderr };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
