/** All sections of the settings file: each room of the program declares its own, and stands here. */
import type { SettingsSection } from '../base/settings.ts';
import { watchSection } from '../agent/watch-settings.ts';
import { fail2banSection } from '../fail2ban/settings.ts';
import { guardSection } from '../guard/settings.ts';
import { notifySection } from '../notice/settings.ts';
import { serverSection } from '../server/settings.ts';

export const sections: readonly SettingsSection[] = [
  guardSection,
  fail2banSection,
  watchSection,
  serverSection,
  notifySection,
];
