import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NameLookup } from './name-lookup.ts';

test('a name is asked once, its answer kept for a while, failures too', async () => {
  let now = 0;
  const asked: string[] = [];
  const lookup = new NameLookup(
    () => now,
    async (name, family) => {
      asked.push(`${name} ${family}`);
      await Promise.resolve();
      if (name === 'no.example') throw new Error('ENOTFOUND');
      return family === 4 ? ['192.0.2.1'] : ['2001:DB8::1', 'nonsense'];
    },
  );
  const answers = async (...names: string[]): Promise<unknown> =>
    await Promise.all(
      names.map(
        async (name) =>
          await new Promise((resolve) => {
            lookup.ask(name, resolve);
          }),
      ),
    );
  const both = ['192.0.2.1', '2001:db8::1'];
  assert.deepEqual(await answers('a.example', 'no.example', 'a.example'), [both, [], both]);
  assert.deepEqual(asked.toSorted(), ['a.example 4', 'a.example 6', 'no.example 4', 'no.example 6']);
  assert.deepEqual(await answers('no.example', 'a.example'), [[], both]);
  assert.equal(asked.length, 4);
  now += 300_001;
  await answers('a.example');
  assert.equal(asked.length, 6);
});

test('what is too much is not asked', async () => {
  let waiting = 0;
  const lookup = new NameLookup(
    () => 0,
    async () => {
      waiting += 1;
      return await new Promise(() => undefined);
    },
  );
  for (let place = 0; place < 5000; place += 1) lookup.ask(`n${place}.example`, () => assert.fail());
  await Promise.resolve();
  assert.equal(waiting, 8);
});
