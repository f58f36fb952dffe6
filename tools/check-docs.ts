// Holds the documents against the code, both ways. Exit status 1 with one line for each difference.
// A missing file is a difference, never a reason to pass.

import { existsSync, globSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { brokenLinks } from './links.ts';
import { commandDifferences } from './man-commands.ts';
import { settingsDifferences } from './settings-manual.ts';

const root = join(import.meta.dirname, '..');
const problems: string[] = [];

checkLinks();
checkDecisions();
checkFolders();
await checkCommands();
problems.push(...settingsDifferences(root));

for (const problem of problems) console.log(problem);
console.log(problems.length === 0 ? 'Documents and code agree.' : `${problems.length} differences.`);
process.exitCode = problems.length === 0 ? 0 : 1;

function text(path: string): string | undefined {
  if (existsSync(join(root, path))) return readFileSync(join(root, path), 'utf8');
  problems.push(`${path} is missing`);
  return undefined;
}

function checkLinks(): void {
  const documents = globSync('**/*.md', {
    cwd: root,
    exclude: (name) => name === 'node_modules' || name === '.cache' || name === '.git',
  });
  if (!documents.includes('README.md')) problems.push('README.md is missing');
  for (const path of documents) problems.push(...brokenLinks(root, path));
}

/** Each package that the program needs has a page in docs/decisions that says why, in its first lines. */
function checkDecisions(): void {
  const manifest = JSON.parse(text('package.json') ?? '{}') as { dependencies?: Record<string, string> };
  const fronts = globSync('docs/decisions/*.md', { cwd: root }).map((path) =>
    readFileSync(join(root, path), 'utf8')
      .split('\n')
      .filter((line) => line.trim() !== '')
      .slice(0, 2)
      .join('\n'),
  );
  for (const name of Object.keys(manifest.dependencies ?? {})) {
    const named = new RegExp(`(?<![\\w@/.-])${RegExp.escape(name)}(?![\\w/-])`);
    if (!fronts.some((front) => named.test(front))) {
      problems.push(
        `package.json needs ${name}: no page of docs/decisions names it in its title or the line below`,
      );
    }
  }
}

/** ARCHITECTURE.md is the map: it shows each folder of src, and none that is not there. */
function checkFolders(): void {
  const map = text('ARCHITECTURE.md');
  if (map === undefined) return;
  const real = readdirSync(join(root, 'src'), { withFileTypes: true })
    .filter(
      (entry) => entry.isDirectory() && globSync('**/*.*', { cwd: join(root, 'src', entry.name) }).length > 0,
    )
    .map(({ name }) => name);
  const named = new Set([...map.matchAll(/\bsrc\/([\w-]+)\//g)].map(([, name = '']) => name));
  if (real.length === 0) problems.push('src holds no folder');
  for (const name of real) if (!named.has(name)) problems.push(`ARCHITECTURE.md does not name src/${name}/`);
  for (const name of named)
    if (!real.includes(name)) problems.push(`ARCHITECTURE.md names src/${name}/: there is no such folder`);
}

async function checkCommands(): Promise<void> {
  const manual = text('docs/man/portreeve.1.md');
  if (text('src/cli/program.ts') === undefined || manual === undefined) return;
  const module = (await import(join(root, 'src/cli/program.ts'))) as { program?: () => unknown };
  if (typeof module.program !== 'function') problems.push('src/cli/program.ts does not export program()');
  else problems.push(...commandDifferences(await module.program(), manual));
}
