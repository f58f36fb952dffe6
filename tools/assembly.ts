// Compiles assembly/ to the .wasm files in src/ (npm run assembly); with --check, only says whether
// those files are what their sources compile to. The compiler is AssemblyScript's, whose version
// package-lock.json pins; what it makes is kept in the repository, so that nothing is built on a server.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memorySize } from '../src/exim/scanner-memory.ts';
import { memorySize as literalMemorySize } from '../src/fail2ban/check/literal-memory.ts';

const programs = [
  { source: 'assembly/scanner.ts', kept: 'src/exim/line-scanner.wasm', size: memorySize },
  { source: 'assembly/literals.ts', kept: 'src/fail2ban/check/literals.wasm', size: literalMemorySize },
] as const;

const root = join(import.meta.dirname, '..');
const check = process.argv.includes('--check');
const folder = mkdtempSync(join(tmpdir(), 'portreeve-assembly-'));

for (const { source, kept, size } of programs) {
  const made = check ? join(folder, 'made.wasm') : join(root, kept);
  const pages = String(size / 65_536);
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
  const compiled = spawnSync('asc', [source, ...options, '--outFile', made], { cwd: root, encoding: 'utf8' });
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
}
rmSync(folder, { recursive: true });
