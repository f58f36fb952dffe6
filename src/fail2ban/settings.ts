/** The `[fail2ban]` table of the settings file. */
import type { SettingsSection } from '../base/settings.ts';
import { switchSetting, textSetting } from '../base/setting.ts';

export const fail2banSection: SettingsSection = {
  name: 'fail2ban',
  says: "fail2ban's jails, run in place",
  settings: [
    textSetting(
      'fail2ban.config',
      '',
      "The folder of fail2ban's configuration whose jails are run; none without it",
    ),
    switchSetting(
      'fail2ban.culprits',
      false,
      'Whether a jail spares those who are merely turned away, and those whom the guard trusts',
    ),
  ],
};
