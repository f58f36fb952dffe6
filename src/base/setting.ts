/**
 * A setting, declared once: the parser, the manual and the page read the same line. Its value is a
 * number: milliseconds for a duration, 1 or 0 for a switch.
 */
import { formatDuration, parseDuration, type Duration } from './duration.ts';
import { fail, ok, type Result } from './result.ts';

export interface Setting {
  readonly name: string;
  readonly type: 'duration' | 'number' | 'switch';
  readonly least: number;
  readonly most: number;
  readonly default: number;
  /** What it does, as one sentence. */
  readonly says: string;
}

/** A value as a person writes it: `90s`, `0.25`, `yes`. */
export function readSetting(setting: Setting, text: string): Result<number> {
  const refused = (requirement: string): Result<number> =>
    fail(
      'configuration',
      `cannot set ${setting.name}: ${requirement}: ${JSON.stringify(text.slice(0, 40))}`,
      {
        path: setting.name,
        hint: `${setting.says} (default: ${writeSetting(setting, setting.default)})`,
      },
    );
  let value: number;
  if (setting.type === 'duration') {
    const read = parseDuration(text);
    if (!read.ok) return refused('needs a duration like 90s, 10m, 1h30m or 2d');
    value = read.value;
  } else if (setting.type === 'switch') {
    if (text !== 'yes' && text !== 'no') return refused('needs yes or no');
    value = text === 'yes' ? 1 : 0;
  } else {
    if (!/^\d{1,9}(?:\.\d{1,6})?$/.test(text)) return refused('needs a number');
    value = Number(text);
  }
  if (value >= setting.least && value <= setting.most) return ok(value);
  return refused(`needs ${writeSetting(setting, setting.least)} to ${writeSetting(setting, setting.most)}`);
}

export function writeSetting(setting: Setting, value: number): string {
  if (setting.type === 'duration') return formatDuration(value as Duration);
  if (setting.type === 'switch') return value === 1 ? 'yes' : 'no';
  return String(value);
}
