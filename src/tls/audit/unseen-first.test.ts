import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Observation } from './observation.ts';
import { groupsOf, unseenFirst } from './unseen-first.ts';

function saw(version: Observation['version'], group: number, signature: number): Observation {
  return { version, group, signature } as Observation;
}

const seen = [saw('TLSv1.2', 0x1d, 0x0804), saw('TLSv1.2', 0x17, 0x0401), saw('TLSv1.3', 0x18, 0x0805)];

test('what was chosen goes to the end, and stays in the offer', () => {
  const before = unseenFirst([], 'TLSv1.2');
  const after = unseenFirst(seen, 'TLSv1.2');
  assert.deepEqual(before.groups?.slice(0, 2), ['X25519', 'prime256v1']);
  assert.deepEqual(after.groups?.slice(0, 1), ['secp384r1']);
  assert.deepEqual(after.groups?.slice(-2), ['X25519', 'prime256v1']);
  assert.deepEqual(after.signatures?.slice(-2), ['rsa_pss_rsae_sha256', 'RSA+SHA256']);
  assert.deepEqual(after.groups?.toSorted(), before.groups?.toSorted());
  assert.deepEqual(after.signatures?.toSorted(), before.signatures?.toSorted());
});

test('each version has its own', () => {
  const { groups, signatures } = unseenFirst(seen, 'TLSv1.3');
  assert.equal(groups?.at(-1), 'secp384r1');
  assert.ok(groups?.indexOf('X25519') === 0);
  // Certificates may be signed as TLS 1.3 itself no longer signs.
  assert.ok(signatures?.includes('RSA+SHA256'));
  assert.ok((signatures?.indexOf('RSA+SHA256') ?? 0) > (signatures?.indexOf('rsa_pss_rsae_sha384') ?? 0));
  assert.equal(unseenFirst(seen, 'TLSv1.1').signatures, undefined);
});

test('a group is asked for where its version has it', () => {
  const names = (version: Observation['version']): string[] => groupsOf(version).map(({ name }) => name);
  assert.ok(names('TLSv1.3').includes('X25519MLKEM768'));
  assert.ok(!names('TLSv1.2').includes('X25519MLKEM768'));
  assert.ok(names('TLSv1.2').includes('sect571r1'));
  assert.ok(names('TLSv1.3').includes('curveSM2') && !names('TLSv1.2').includes('curveSM2'));
});
