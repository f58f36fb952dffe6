/** The section `[watch]`: the live tests that the agent makes of this host's own mail ports. */
import { durationSetting, listSetting, textSetting } from '../base/setting.ts';
import type { SettingsSection } from '../base/settings.ts';

const minute = 60_000;

export const watchSection: SettingsSection = {
  name: 'watch',
  says: "the live tests of this host's own mail ports",
  settings: [
    durationSetting(
      'watch.every',
      { least: minute, most: 10_080 * minute, default: 60 * minute },
      'how often each port is tested',
    ),
    durationSetting(
      'watch.audit',
      { least: 60 * minute, most: 43_200 * minute, default: 1440 * minute },
      'how often each port is audited, for its grade: gently, some forty connections',
    ),
    listSetting('watch.ports', ['25', '465', '587'], 'the ports to test, of those that somebody listens on', {
      needs: 'a port',
      fits: (text) => /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535,
    }),
    textSetting('watch.host', '127.0.0.1', 'the address that they are tested at'),
    textSetting(
      'watch.name',
      '',
      'the name that the certificate has to cover; nothing for the name of this host',
    ),
    textSetting('watch.ca', '', 'a file of authorities to trust instead of those of the system'),
  ],
};
