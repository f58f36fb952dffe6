import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ok } from '../base/result.ts';
import type { Notice } from '../notice/notice.ts';
import type { WaitingChange } from '../server/api/history.ts';
import { HistoryWatch } from './history-watch.ts';

const change = (state: WaitingChange['state']): WaitingChange => ({
  id: 'c1',
  folder: '/etc/exim4',
  state,
  reason: 'a banner',
  person: 'root',
  at: 0,
  ...(state === 'waiting' ? { until: 600_000 } : {}),
  files: [],
});

test('a change that is being made is no news, nor what it has written; and a look can be had at once', async () => {
  const stop = new AbortController();
  const posted: Notice[] = [];
  let drift: readonly string[] = ['exim4.conf.localmacros content'];
  let changes: readonly WaitingChange[] = [change('working')];
  let looks = 0;
  const nothing = async () => await Promise.resolve(ok([]));
  const never = async (): Promise<never> => await Promise.reject(new Error('not asked'));
  const watch = new HistoryWatch({
    history: {
      folders: async () => await Promise.resolve(ok([{ folder: '/etc/exim4', drift, unexplained: [] }])),
      changes: async () => {
        looks += 1;
        return await Promise.resolve(ok(changes));
      },
      records: nothing,
      why: nothing,
      record: never,
      undo: never,
      explain: never,
      settle: never,
    },
    clock: {
      now: () => 0,
      // Nobody waits for a look here but those that are asked for.
      sleep: async (_ms, signal) => {
        await new Promise<void>((resolve) => {
          signal?.addEventListener('abort', () => {
            resolve();
          });
        });
      },
    },
    post: (notice) => posted.push(notice),
  });
  const settled = async (): Promise<void> => {
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  };
  const running = watch.run(stop.signal);
  await settled();
  assert.equal(looks, 1);
  assert.equal(posted.length, 0);
  drift = [];
  changes = [change('waiting')];
  watch.lookNow();
  await settled();
  assert.equal(looks, 2);
  assert.match(posted.map(({ title }) => title).join(), /^a change of \/etc\/exim4 waits to be confirmed/);
  changes = [];
  watch.lookNow();
  await settled();
  assert.deepEqual(
    posted.map(({ urgency }) => urgency),
    ['needed', 'over'],
  );
  stop.abort();
  await running;
});
