/** `portreeve notify test [CHANNEL…]`: one message by each channel, now. */
import { Command } from 'commander';
import { fail, ok } from '../../base/result.ts';
import { systemClock } from '../../host/clock.ts';
import { ownName } from '../../host/own-name.ts';
import { readChannels } from '../../notice/channel.ts';
import { tellChannel } from '../../notice/tell-channel.ts';
import { act } from '../act.ts';
import { loadSettings, settingOptions } from '../load-settings.ts';

export function notifyTest(): Command {
  return new Command('test')
    .description('send a message by each channel of the settings; status 1 when one does not arrive')
    .argument('[channel...]', 'these alone')
    .action(
      act(settingOptions, async ({ speak, args, options }) => {
        const settings = await loadSettings(options);
        if (!settings.ok) return settings;
        const host = ownName();
        const channels = readChannels(settings.value, host);
        if (!channels.ok) return channels;
        const chosen = channels.value.filter(({ name }) => args.length === 0 || args.includes(name));
        const missing = args.find((name) => !channels.value.some((channel) => channel.name === name));
        if (missing !== undefined)
          return fail('usage', `cannot test ${missing}: it must be a channel of the settings: it is none`);
        if (chosen.length === 0)
          return fail('no', 'cannot test: somebody must be told: the settings have no [[notify.channel]]', {
            hint: 'portreeve.toml(5) shows how to write one',
          });
        const now = systemClock.now();
        const title = 'a test: this is how Portreeve tells you';
        const message = {
          notices: [
            {
              kind: 'trouble' as const,
              at: now,
              title,
              lines: ['nothing has happened'],
              subject: 'test',
              urgency: 'told' as const,
            },
          ],
          more: 0,
          bans: 0,
          culprits: [],
        };
        let failed = 0;
        const outcomes = [];
        for (const channel of chosen) {
          const sent = await tellChannel(channel, message, host, now);
          if (!sent.ok) failed += 1;
          outcomes.push({
            channel: channel.name,
            by: channel.way.by,
            ...(sent.ok ? {} : { problem: sent.problem }),
          });
          if (sent.ok) speak.line(`${speak.style.good('sent')}  ${channel.name} (${channel.way.by})`);
          else {
            speak.line(`${speak.style.bad('NOT ')}  ${channel.name} (${channel.way.by})`);
            speak.problem(sent.problem);
          }
        }
        speak.document(outcomes);
        return ok(failed === 0 ? 0 : 1);
      }),
    );
}
