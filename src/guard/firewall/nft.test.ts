import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fail, ok, type Result } from '../../base/result.ts';
import type { Ran } from '../../host/run.ts';
import { NftFirewall } from './nft.ts';

test('NftFirewall.prepare() does without keeping away where the kernel has no way to refuse', async () => {
  const loaded: string[] = [];
  const ran: Ran = { status: 0, stdout: '', stderr: '' } as Ran;
  const execute = async (
    _act: string,
    _argv: readonly string[],
    options?: { readonly input?: string | Uint8Array },
  ): Promise<Result<Ran>> => {
    const text = String(options?.input ?? '');
    loaded.push(text);
    return await Promise.resolve(
      text.includes('reject') ? fail('unavailable', 'cannot load: No such file or directory') : ok(ran),
    );
  };
  const firewall = new NftFirewall({ backoff: true, execute, table: 'portreeve-not-there' });
  assert.deepEqual(await firewall.prepare(), ok());
  assert.deepEqual(
    loaded.map((text) => text.includes('backoff')),
    [true, false],
  );
  const away = await firewall.keepAway([]);
  assert.ok(!away.ok && /No such file/.test(away.problem.message), 'it says why');
  assert.deepEqual(await firewall.calls(), ok([]));
});

test('NftFirewall.prepare() tries to keep away again where nothing could be loaded', async () => {
  const loaded: boolean[] = [];
  const ran: Ran = { status: 0, stdout: '', stderr: '' } as Ran;
  let isBroken = true;
  const execute = async (
    _act: string,
    _argv: readonly string[],
    options?: { readonly input?: string | Uint8Array },
  ): Promise<Result<Ran>> => {
    loaded.push(String(options?.input ?? '').includes('backoff'));
    return await Promise.resolve(isBroken ? fail('missing', 'cannot run nft: it is not here') : ok(ran));
  };
  const firewall = new NftFirewall({ backoff: true, execute, table: 'portreeve-not-there' });
  assert.equal((await firewall.prepare()).ok, false);
  isBroken = false;
  assert.deepEqual(await firewall.prepare(), ok());
  assert.deepEqual(loaded, [true, false, true]);
});
