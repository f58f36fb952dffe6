import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { newRecoveryKey, open, parseIdentity, parseRecipient, seal } from './recovery-key.ts';

test('what is sealed to a key is opened by it alone, any bytes', async () => {
  const [ours, theirs] = [await newRecoveryKey(), await newRecoveryKey()];
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (content) => {
      const sealed = await seal(content, ours.recipient);
      assert.deepEqual(Buffer.from((await open(sealed, ours.identity)) ?? []), Buffer.from(content));
      assert.equal(await open(sealed, theirs.identity), undefined);
      const changed = Uint8Array.from(sealed, (byte, index) =>
        index === sealed.length - 1 ? byte ^ 1 : byte,
      );
      assert.equal(await open(changed, ours.identity), undefined);
    }),
    { numRuns: 20 },
  );
});

test('a key file is read with its comments; what is no key is refused and not repeated', async () => {
  const { identity, recipient } = await newRecoveryKey();
  assert.deepEqual(await parseIdentity(`# made today\n\n${identity}\n`), { ok: true, value: identity });
  assert.deepEqual(await parseRecipient(` ${recipient}\n`), { ok: true, value: recipient });
  const slip = `${identity.slice(0, -1)}Q`;
  for (const read of [
    await parseIdentity(slip),
    await parseIdentity(recipient),
    await parseRecipient(identity),
  ]) {
    assert.ok(!read.ok);
    assert.ok(!JSON.stringify(read).includes(identity.slice(0, 30)));
  }
});
