/** `lab drill` as a person starts it, and its figures. */
import assert from 'node:assert/strict';
import { checkout } from '../src/host/checkout.ts';
import { run } from '../src/host/run.ts';
import type { DrillFigures } from '../src/lab/figures.ts';

export async function labDrill(...options: readonly string[]): Promise<DrillFigures> {
  const argv = [`${checkout}/bin/portreeve`, 'lab', 'drill', '--json', ...options];
  const ran = await run(argv, { timeoutMs: 300_000 });
  assert.ok(ran.ok);
  assert.equal(ran.value.status, 0, ran.value.stderr);
  assert.equal(ran.value.stdout.trim().split('\n').length, 1, 'one JSON document');
  return JSON.parse(ran.value.stdout) as DrillFigures;
}
