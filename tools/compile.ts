// Compiles the program into few files, which start in less than half of the time (decision 0104):
// src → .cache/program. bin/portreeve does it when a source is newer; without it runs what is written.
//
// Packages stay where they are, but for the small ones that every command loads. The new program takes the
// place of the old at once, and its time is that of the begin: what changes meanwhile is newer. Those before
// it stay for a while, since an agent that runs may not have loaded all of its parts yet.

import {
  chmodSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { ownModules } from '../src/host/own-module.ts';

const root = join(import.meta.dirname, '..');
const cache = join(root, '.cache');
const inlined = new Set(['commander', 'ipaddr.js', 'smol-toml', 'zod']);
const kept = 3;

/** The folder of the compiled program, for `PORTREEVE_PROGRAM`; made anew when a source is newer, as bin/portreeve does. */
export async function compiledProgram(): Promise<string> {
  const place = join(cache, 'program');
  if (existsSync(join(place, 'cli', 'main.js')) && !hasNewer(statSync(join(place, 'cli', 'main.js')).mtimeMs))
    return realpathSync(place);
  return await compile();
}

function hasNewer(than: number): boolean {
  const sources = globSync(['src', 'src/**/*', 'tools/compile.ts', 'package-lock.json'], { cwd: root });
  return sources.some((path) => statSync(join(root, path)).mtimeMs > than);
}

async function compile(): Promise<string> {
  const begin = new Date();
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'compiled-'));
  // The agent, who is not root, runs it too.
  chmodSync(folder, 0o755);
  try {
    await compileInto(folder);
    utimesSync(join(folder, 'cli', 'main.js'), begin, begin);
    const link = `${folder}.link`;
    symlinkSync(basename(folder), link);
    renameSync(link, join(cache, 'program'));
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  removeOld();
  return folder;
}

async function compileInto(folder: string): Promise<void> {
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  await build({
    absWorkingDir: root,
    entryPoints: ownModules.map((name) => `src/${name}.ts`),
    outbase: 'src',
    outdir: folder,
    chunkNames: 'parts/[hash]',
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node26',
    external: Object.keys(dependencies).filter((name) => !inlined.has(name)),
    plugins: [globalProcess],
    // What is not code (tables, the page, migrations) stays in the sources, and is found from them.
    define: {
      'import.meta.dirname': JSON.stringify(join(root, 'src', 'host')),
      compiledProgram: JSON.stringify(folder),
    },
    // commander is CommonJS.
    banner: {
      js: "import { createRequire as requireHere } from 'node:module'; const require = requireHere(import.meta.url);",
    },
    legalComments: 'none',
    logLevel: 'silent',
  });
}

/**
 * The global in place of `node:process`, which commander imports: as a module Node asks it for everything that
 * it has, and makes standard input with all of its streams.
 */
const globalProcess: Plugin = {
  name: 'global process',
  setup: (building) => {
    building.onResolve({ filter: /^node:process$/ }, () => ({ path: 'process', namespace: 'global' }));
    building.onLoad({ filter: /^process$/, namespace: 'global' }, () => ({
      contents: 'export default process;',
    }));
  },
};

function removeOld(): void {
  const folders = readdirSync(cache)
    .filter((name) => /^compiled-\w{6}$/.test(name))
    .map((name) => join(cache, name))
    .toSorted((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  for (const folder of folders.slice(kept)) rmSync(folder, { recursive: true, force: true });
}

if (import.meta.main) {
  try {
    await compile();
  } catch (error) {
    const [why = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    console.error(`portreeve: starts slowly, from its sources: they cannot be compiled: ${why}`);
  }
}
