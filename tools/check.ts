// Runs every check of the project (npm run check): each with its time, its output only when it fails.
// All of them run, whatever fails. Exit status 1 if any failed; a check that cannot run has failed.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

type Check = {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  /** What a real pass says, for a tool that also passes when it has looked at nothing. */
  readonly proof?: RegExp;
};

const checks: readonly Check[] = [
  { name: 'format', command: ['biome', 'format', '.'], proof: /Checked [1-9]\d* files/ },
  {
    name: 'lint',
    command: ['oxlint', '--type-aware', '--deny-warnings'],
    proof: /on [1-9]\d* files with/,
  },
  { name: 'types', command: ['tsc', '--noEmit'] },
  { name: 'page types', command: ['tsc', '--noEmit', '-p', 'src/web'] },
  { name: 'imports', command: ['depcruise', 'src', 'tools'], proof: /\([1-9]\d* modules, [1-9]\d* dep/ },
  { name: 'unused', command: ['knip', '--treat-config-hints-as-errors'] },
  { name: 'lockfile', command: ['node', 'tools/lockfile.ts', '--check'], proof: /sound/ },
  { name: 'assembly', command: ['node', 'tools/assembly.ts', '--check'], proof: /is what its source/ },
  { name: 'docs', command: ['node', 'tools/check-docs.ts'], proof: /agree/ },
];

const root = join(import.meta.dirname, '..');
const failed: string[] = [];

for (const { name, command, proof } of checks) {
  const start = performance.now();
  const [program, ...args] = command;
  const run = spawnSync(program, args, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  const output =
    run.error === undefined ? run.stdout + run.stderr : `cannot run ${program}: ${run.error.message}`;
  const passed = run.status === 0 && (proof === undefined || proof.test(output));
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${passed ? 'ok    ' : 'FAILED'}  ${name.padEnd(10)} ${seconds.padStart(5)} s`);
  if (passed) continue;
  failed.push(name);
  const lines = output.trimEnd() || `${program} ended with status ${run.status} and said nothing`;
  console.log(lines.replace(/^/gm, '    '));
  if (run.status === 0) console.log(`    it passed without saying ${String(proof)}: it looked at nothing`);
}

console.log(failed.length === 0 ? `All ${checks.length} checks passed.` : `Failed: ${failed.join(', ')}.`);
process.exitCode = failed.length === 0 ? 0 : 1;
