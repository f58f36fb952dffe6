/**
 * The rules of the settings in a scan: on Exim's events, and on the lines of other logs. Which of the latter concern
 * a file is told by its name, or by that of the log that it was rotated from.
 */
import type { Settings } from '../base/settings.ts';
import { eximRules } from './exim-rules.ts';
import { lineJudges } from './other-lines.ts';
import { builtInRules, type ScanRules } from './scan-rules.ts';
import { sightingOf, sightingsBy } from './sighting.ts';
import { userRules } from './user-rules.ts';

/** Whoever has loaded the settings has asked whether their rules are sound. */
export function ownScanRules(settings: Settings): ScanRules {
  const rules = userRules(settings);
  const events = rules.ok ? rules.value.events : [];
  const judges = lineJudges(settings);
  const named = new Map([...judges].map(([log, those]) => [nameOf(log), those]));
  return {
    sightingOf: events.length === 0 ? sightingOf : sightingsBy([...events, ...eximRules]),
    hasOwn: events.length > 0,
    judgesOf: (path) => judges.get(path) ?? named.get(nameOf(path)) ?? builtInRules.judgesOf(path),
  };
}

/** Without its folder and without what rotation has appended. */
function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/(?:[.-]\d{1,8})?(?:\.gz)?$/, '');
}
