/** `portreeve top`: the live view in a terminal, with keys. */
import { Command } from 'commander';
import { ok } from '../../base/result.ts';
import { systemClock } from '../../host/clock.ts';
import { stopSignal } from '../../host/stop-signal.ts';
import { openTerminal } from '../../host/terminal.ts';
import type { AddressFacts, Bans } from '../../server/api/guard.ts';
import type { Overview } from '../../server/api/overview.ts';
import type { Timeline } from '../../server/api/timeline.ts';
import { act } from '../act.ts';
import { loadSettings, settingOptions } from '../load-settings.ts';
import { PageClient } from '../page-client.ts';
import { drawTop, emptyTop, press, type TopState, type TopWish } from '../top-screen.ts';

const everyMs = 1000;
const mostBans = 200;
const anHour = 3600;

export function top(): Command {
  return new Command('top')
    .description('the live view: what happens, the bans, and keys to explain, ban and unban')
    .action(
      act(settingOptions, async ({ options, speak }) => {
        const settings = await loadSettings(options);
        if (!settings.ok) return settings;
        const client = await PageClient.open(settings.value);
        if (!client.ok) return client;
        const quit = new AbortController();
        // Whoever ends us gets the terminal back as it was, too.
        stopSignal().addEventListener('abort', () => {
          quit.abort();
        });
        let state: TopState = emptyTop;
        const draw = (): void => {
          if (screen.ok)
            screen.value.show(
              drawTop(state, screen.value.rows, screen.value.columns, systemClock.now()).map((line) =>
                line.look === undefined
                  ? line.text
                  : speak.painted(line.text, line.look === 'chosen' ? 'reverse' : line.look),
              ),
            );
        };
        const screen = openTerminal((key) => {
          const [next, wish] = press(state, key);
          state = next;
          draw();
          if (wish?.does === 'quit') quit.abort();
          else if (wish !== undefined) void fulfil(wish);
        }, draw);
        if (!screen.ok) return screen;
        const fulfil = async (wish: Exclude<TopWish, { does: 'quit' }>): Promise<void> => {
          const outcome = await fulfilled(client.value, wish);
          const { address: _, ...rest } = state;
          state = { ...rest, ...outcome };
          draw();
        };
        while (!quit.signal.aborted) {
          const looked = await look(client.value);
          // Keys may have been pressed meanwhile: what they changed stays.
          const chosen = Math.min(state.chosen, Math.max(0, (looked.bans ?? state.bans).length - 1));
          state = { ...state, ...looked, chosen };
          draw();
          await systemClock.sleep(everyMs, quit.signal);
        }
        screen.value.close();
        return ok(0);
      }),
    );
}

async function look(client: PageClient): Promise<Partial<TopState>> {
  const [overview, bans, timeline] = await Promise.all([
    client.ask<Overview>('/api/overview'),
    client.ask<Bans>(`/api/guard/bans?limit=${mostBans}`),
    client.ask<Timeline>('/api/timeline'),
  ]);
  if (!overview.ok) return { said: overview.problem.message };
  if (!bans.ok) return { said: bans.problem.message };
  if (!timeline.ok) return { said: timeline.problem.message };
  const { bans: shown, total } = bans.value;
  return { overview: overview.value, bans: shown, total, notices: timeline.value.notices.slice(0, 20) };
}

async function fulfilled(
  client: PageClient,
  { does, target }: Exclude<TopWish, { does: 'quit' }>,
): Promise<Partial<TopState>> {
  if (does === 'explain') {
    const facts = await client.ask<AddressFacts>(`/api/guard/address?address=${encodeURIComponent(target)}`);
    return facts.ok ? { address: facts.value } : { said: facts.problem.message };
  }
  const order = does === 'ban' ? { target, seconds: anHour, reason: 'by hand, from top' } : { target };
  const done = await client.tell<{ readonly done: string }>(`/api/guard/${does}`, order);
  return { said: done.ok ? done.value.done : done.problem.message };
}
