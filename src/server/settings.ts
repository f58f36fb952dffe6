/** The section `[server]`: the page, its API and the metrics. */
import { durationSetting, listSetting, switchSetting, textSetting } from '../base/setting.ts';
import type { SettingsSection } from '../base/settings.ts';

const minute = 60_000;
const day = 86_400_000;

export const serverSection: SettingsSection = {
  name: 'server',
  says: 'the page, its API and the metrics',
  settings: [
    textSetting(
      'server.listen',
      '127.0.0.1:8725',
      'where the page is served: ADDRESS:PORT, a path of a Unix socket for a proxy, or nothing for no page',
      {
        needs: 'ADDRESS:PORT, a path, or nothing',
        fits: (text) =>
          text === '' || text.startsWith('/') || /^(?:[\d.]+|\[[\da-f:]+\]):\d{1,5}$/.test(text),
      },
    ),
    listSetting(
      'server.hosts',
      [],
      'further names that browsers may call the page by, such as that of a proxy',
      {
        needs: 'a host name, with :PORT where it is not the usual one',
        fits: (text) => /^[\w.-]{1,253}(?::\d{1,5})?$/.test(text),
      },
    ),
    durationSetting(
      'server.session',
      { least: minute, most: 30 * day, default: day / 2 },
      'how long a login holds',
    ),
    switchSetting(
      'server.changes',
      true,
      'whether the page may ask the keeper to confirm or take back a change, and explain drift',
    ),
    switchSetting('server.bans', true, 'whether the page may ban and unban'),
  ],
};
