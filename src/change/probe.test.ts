import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { formatProbe, parseProbe, type Probe } from './probe.ts';

for (const line of [
  '',
  'accept a@b.example',
  'accepts',
  'accepts nobody',
  'accepts a@b.example on 0',
  'accepts a@b.example on 99999',
  'accepts a@b.example from',
  'accepts a@b.example from c>',
  'accepts a@b.example>\\r\\nDATA',
  'starttls a@b.example',
  'listens from a@b.example',
]) {
  test(`parseProbe() refuses ${JSON.stringify(line)}`, () => {
    const read = parseProbe(line);
    assert.ok(!read.ok && read.problem.hint !== undefined);
  });
}

test('parseProbe() reads what formatProbe() writes', () => {
  const name = fc.stringMatching(/^[a-z0-9.+-]{1,20}$/);
  const host = fc.stringMatching(/^[a-z0-9.-]{1,20}$/);
  const address = fc.tuple(name, host).map(([local, domain]) => `${local}@${domain}`);
  const port = fc.integer({ min: 1, max: 65_535 });
  const asking = fc.record({
    what: fc.constantFrom('accepts' as const, 'refuses' as const),
    recipient: address,
    sender: fc.oneof(fc.constant(''), address),
    port,
  });
  const plain = fc.record({
    what: fc.constantFrom('starttls' as const, 'listens' as const),
    recipient: fc.constant(''),
    sender: fc.constant(''),
    port,
  });
  fc.assert(
    fc.property(fc.oneof<fc.Arbitrary<Probe>[]>(asking, plain), (probe) => {
      assert.deepEqual(parseProbe(formatProbe(probe)), { ok: true, value: { ...probe } });
    }),
  );
});
