/** The section `[notify]`: who is told of what, how, and when not. */
import { choiceSetting, durationSetting, listSetting, numberSetting, textSetting } from '../base/setting.ts';
import type { SettingsSection } from '../base/settings.ts';
import { noticeKinds } from './notice.ts';

const second = 1000;
const hour = 3_600_000;

const kind = {
  needs: `one of ${noticeKinds.join(', ')}`,
  fits: (text: string) => noticeKinds.some((one) => one === text),
};

export const notifySection: SettingsSection = {
  name: 'notify',
  says: 'who is told of what, how, and when not',
  settings: [
    durationSetting(
      'notify.group',
      { least: 0, most: hour, default: 30 * second },
      'what happens within this time goes into one message',
    ),
    numberSetting(
      'notify.most',
      { least: 1, most: 1000, default: 12 },
      'the most messages that a channel sends in an hour; the rest is told in the next one',
    ),
    textSetting(
      'notify.quiet',
      '',
      'the hours in which only what cannot wait is told, such as 22:00-07:00, in local time',
      {
        needs: 'two times of day, such as 22:00-07:00',
        fits: (text) => /^(?:[01]\d|2[0-3]):[0-5]\d-(?:[01]\d|2[0-3]):[0-5]\d$/.test(text),
      },
    ),
    listSetting(
      'notify.loud',
      ['starttls', 'trouble'],
      'the kinds of notices that are told in quiet hours too',
      kind,
    ),
  ],
  tables: [
    {
      name: 'notify.channel',
      says: 'one way to somebody',
      fields: [
        textSetting('name', '', 'what it is called in problems, and by notify test'),
        choiceSetting(
          'by',
          ['mail', 'webhook', 'command'],
          'mail',
          'how: mail through the local Exim, a webhook (a POST of JSON, signed), or a command',
        ),
        textSetting('to', '', 'the mail address, or the URL', {
          needs: 'a mail address or a URL of http or https',
          fits: (text) => /^[^\s@<>]{1,64}@[\w.-]{1,253}$|^https?:\/\/\S{1,2000}$/.test(text),
        }),
        textSetting('from', '', 'the sender of mail; nothing for portreeve at the name of this host'),
        textSetting('server', '127.0.0.1:25', 'where mail is handed in', {
          needs: 'HOST:PORT',
          fits: (text) => /^[\w.:[\]-]{1,255}:\d{1,5}$/.test(text),
        }),
        textSetting('secret', '', "a file with the key of a webhook's signature"),
        listSetting(
          'command',
          [],
          'the program and its arguments; it gets the message as JSON on standard input',
        ),
        listSetting('kinds', [], 'the kinds of notices that it tells; nothing for all but single bans', kind),
      ],
    },
  ],
};
