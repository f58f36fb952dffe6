// Compiles assembly/ to src/exim/line-scanner.wasm (npm run assembly); with --check, only says whether
// that file is what its source compiles to. The compiler is AssemblyScript's, whose version
// package-lock.json pins; what it makes is kept in the repository, so that nothing is built on a server.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memorySize } from '../src/exim/scanner-memory.ts';

const pages = String(memorySize / 65_536);
const root = join(import.meta.dirname, '..');
const kept = 'src/exim/line-scanner.wasm';
const check = process.argv.includes('--check');
const folder = mkdtempSync(join(tmpdir(), 'portreeve-assembly-'));
const made = check ? join(folder, 'made.wasm') : join(root, kept);

const options = [
  '-O3',
  '--noAssert',
  '--enable=simd',
  // No heap, no collector, nothing to be imported but what the source says.
  '--runtime=stub',
  '--use=abort=',
  `--initialMemory=${pages}`,
  `--maximumMemory=${pages}`,
];
const compiled = spawnSync('asc', ['assembly/scanner.ts', ...options, '--outFile', made], {
  cwd: root,
  encoding: 'utf8',
});
if (compiled.error !== undefined) throw compiled.error;
process.stderr.write(compiled.stdout + compiled.stderr);
if (compiled.status !== 0) process.exitCode = 1;
else if (!check) console.log(`${kept}: ${readFileSync(made).length} bytes`);
else if (readFileSync(made).equals(readFileSync(join(root, kept))))
  console.log(`${kept} is what its source compiles to`);
else {
  console.log(`${kept} is not what assembly/ compiles to: npm run assembly`);
  process.exitCode = 1;
}
rmSync(folder, { recursive: true });
