// Reads the imports of source files and holds them against tools/arrows.ts. It does by itself what
// dependency-cruiser does, because that program says "no violations" when its parser is missing.
//
// Limit: it reads text, not syntax. The formatter keeps each import at the start of a line; an import
// whose name is computed is not seen.

import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import { arrows, machineDoors, typeArrows } from './arrows.ts';

export type Import = { readonly target: string; readonly typeOnly: boolean };
export type Sources = ReadonlyMap<string, string>;

const statement = /^\s*(?:import|export)\s+(type\s)?(?:[\w*{][^'"`;]*?\sfrom\s*)?(['"])([^'"\n]+)\2/gm;
const call = /\b(?:import|require|getBuiltinModule)\(\s*(['"`])([^'"`\n]+)\1/g;

export function importsOf(text: string): Import[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  const statements = [...code.matchAll(statement)].map(([, type, , target = '']) => ({
    target,
    typeOnly: type !== undefined,
  }));
  const calls = [...code.matchAll(call)].map(([, , target = '']) => ({ target, typeOnly: false }));
  return [...statements, ...calls];
}

/** Every breach of the arrows in these files (paths from the checkout's root), one line each. */
export function breaches(sources: Sources): string[] {
  return [...[...sources].flatMap(([path, text]) => breachesOf(path, text)), ...cycles(sources)];
}

function breachesOf(path: string, text: string): string[] {
  const isTest = path.endsWith('.test.ts');
  const folder = folderOf(path);
  if (folder === undefined) return isTest ? [] : [`${path} is in no folder of src`];
  const allowed = arrows[folder];
  if (allowed === undefined) return [`${path} is in a folder that tools/arrows.ts does not know`];
  return importsOf(text).flatMap(({ target, typeOnly }) => {
    if (isBuiltin(target)) {
      return machineDoors.some((door) => new RegExp(door).test(path))
        ? []
        : [`${path} imports ${target}: Node's own modules are for src/host and entry points`];
    }
    if (!target.startsWith('.')) return [];
    const file = resolved(path, target);
    const other = folderOf(file);
    if (other === folder || (other !== undefined && allowed.includes(other))) return [];
    if (isTest && !file.startsWith('src/')) return [];
    if (typeOnly && new RegExp(typeArrows[folder] ?? '^$').test(file)) return [];
    return [`${path} imports ${file}: src/${folder} may import ${allowed.join(', ') || 'no other folder'}`];
  });
}

/** Each cycle once, as the chain of its files. A cycle of types alone counts too. */
function cycles(sources: Sources): string[] {
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, chain: readonly string[]): void => {
    const start = chain.indexOf(path);
    if (start !== -1) found.push(`cycle: ${[...chain.slice(start), path].join(' → ')}`);
    if (start !== -1 || done.has(path)) return;
    for (const { target } of importsOf(sources.get(path) ?? '')) {
      const file = resolved(path, target);
      if (target.startsWith('.') && sources.has(file)) visit(file, [...chain, path]);
    }
    done.add(path);
  };
  for (const path of sources.keys()) visit(path, []);
  return found;
}

function resolved(from: string, target: string): string {
  return posix.normalize(posix.join(posix.dirname(from), target));
}

function folderOf(path: string): string | undefined {
  return /^src\/([^/]+)\//.exec(path)?.[1];
}
