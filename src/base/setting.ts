/**
 * A setting, declared once: the settings file, `--set`, the manual and `--help` read the same line.
 * A value is a number (milliseconds for a duration, 1 or 0 for a switch), a text, or a list of texts.
 */
import { type Duration, formatDuration, parseDuration } from './duration.ts';
import { fail, ok, type Result } from './result.ts';

export type SettingValue = number | string | readonly string[];

export type Setting = NumericSetting | TextSetting | ListSetting;

interface Declared {
  /** Dotted, the section first: `guard.flood.bantime`. */
  readonly name: string;
  /** What it does, as one sentence. */
  readonly says: string;
}

export interface NumericSetting extends Declared {
  readonly type: 'duration' | 'number' | 'switch';
  readonly least: number;
  readonly most: number;
  readonly default: number;
}

export interface TextSetting extends Declared {
  readonly type: 'text';
  readonly default: string;
  readonly form?: Form;
}

export interface ListSetting extends Declared {
  readonly type: 'list';
  readonly default: readonly string[];
  /** Of each entry. */
  readonly form?: Form;
}

/** What a text has to be; `needs` completes "it needs …". */
export interface Form {
  readonly needs: string;
  readonly fits: (text: string) => boolean;
}

const longestText = 4096;
const longestList = 10_000;

export function numberSetting(
  name: string,
  bounds: Pick<NumericSetting, 'least' | 'most' | 'default'>,
  says: string,
): NumericSetting {
  return { name, type: 'number', ...bounds, says };
}

/** Bounds and default in milliseconds. */
export function durationSetting(
  name: string,
  bounds: Pick<NumericSetting, 'least' | 'most' | 'default'>,
  says: string,
): NumericSetting {
  return { name, type: 'duration', ...bounds, says };
}

export function switchSetting(name: string, standard: boolean, says: string): NumericSetting {
  return { name, type: 'switch', least: 0, most: 1, default: standard ? 1 : 0, says };
}

export function textSetting(name: string, standard: string, says: string, form?: Form): TextSetting {
  return { name, type: 'text', default: standard, says, ...(form === undefined ? {} : { form }) };
}

export function choiceSetting(
  name: string,
  choices: readonly string[],
  standard: string,
  says: string,
): TextSetting {
  const form = { needs: `one of ${choices.join(', ')}`, fits: (text: string) => choices.includes(text) };
  return { name, type: 'text', default: standard, says, form };
}

export function listSetting(
  name: string,
  standard: readonly string[],
  says: string,
  form?: Form,
): ListSetting {
  return { name, type: 'list', default: standard, says, ...(form === undefined ? {} : { form }) };
}

/** A value as a person writes it behind `--set NAME=`: `90s`, `0.25`, `yes`, `one,two`. */
export function readSetting(setting: Setting, text: string): Result<SettingValue> {
  switch (setting.type) {
    case 'duration': {
      const read = parseDuration(text);
      return read.ok ? bounded(setting, read.value, text) : refused(setting, durationNeeds, text);
    }
    case 'switch':
      return /^(?:yes|no|true|false)$/.test(text)
        ? ok(text === 'yes' || text === 'true' ? 1 : 0)
        : refused(setting, 'needs yes or no', text);
    case 'number':
      return /^\d{1,9}(?:\.\d{1,6})?$/.test(text)
        ? bounded(setting, Number(text), text)
        : refused(setting, 'needs a number', text);
    case 'text':
      return fitting(setting, [text], text, text);
    default: {
      const entries = text
        .split(',')
        .map((entry) => entry.trim())
        .filter((entry) => entry !== '');
      return fitting(setting, entries, entries, text);
    }
  }
}

/** A value as the settings file has it (TOML); durations are texts there, or numbers of seconds. */
export function takeSetting(setting: Setting, value: unknown): Result<SettingValue> {
  switch (setting.type) {
    case 'duration':
      if (typeof value === 'string') return readSetting(setting, value);
      return Number.isSafeInteger(value)
        ? readSetting(setting, String(value))
        : refused(setting, durationNeeds, value);
    case 'switch':
      return typeof value === 'boolean' ? ok(value ? 1 : 0) : refused(setting, 'needs true or false', value);
    case 'number':
      return typeof value === 'number' && Number.isFinite(value)
        ? bounded(setting, value, value)
        : refused(setting, 'needs a number', value);
    case 'text':
      return typeof value === 'string'
        ? fitting(setting, [value], value, value)
        : refused(setting, 'needs a text', value);
    default: {
      if (!Array.isArray(value)) return refused(setting, 'needs a list of texts', value);
      const texts = value.filter((entry) => typeof entry === 'string');
      return texts.length === value.length
        ? fitting(setting, texts, texts, value)
        : refused(setting, 'needs a list of texts', value);
    }
  }
}

/** A value as `--set` would take it. */
export function writeSetting(setting: Setting, value: SettingValue): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'number') return value.join(',');
  if (setting.type === 'duration') return formatDuration(value as Duration);
  return setting.type === 'switch' ? (value === 1 ? 'yes' : 'no') : String(value);
}

const durationNeeds = 'needs a duration like 90s, 10m, 1h30m or 2d';

function bounded(setting: NumericSetting, value: number, given: unknown): Result<number> {
  if (value >= setting.least && value <= setting.most) return ok(value);
  const { least, most } = setting;
  return refused(setting, `needs ${writeSetting(setting, least)} to ${writeSetting(setting, most)}`, given);
}

function fitting<Value extends SettingValue>(
  setting: TextSetting | ListSetting,
  texts: readonly string[],
  value: Value,
  given: unknown,
): Result<Value> {
  const { form } = setting;
  if (texts.length > longestList)
    return refused(setting, `needs at most ${longestList} entries`, texts.length);
  for (const text of texts) {
    // oxlint-disable-next-line no-control-regex -- a setting is one line of text
    if (text.length > longestText || /[\u0000-\u001f\u007f]/.test(text))
      return refused(setting, `needs at most ${longestText} characters, none of control`, text);
    // What stands by default is always allowed: most often the empty text, for "none".
    if (form !== undefined && !form.fits(text) && text !== setting.default)
      return refused(setting, `needs ${form.needs}`, text);
  }
  return given === undefined ? refused(setting, 'needs a value', given) : ok(value);
}

function refused(setting: Setting, requirement: string, given: unknown): Result<never> {
  const standard = writeSetting(setting, setting.default);
  const shown = typeof given === 'string' ? given.slice(0, 40) : given;
  return fail(
    'configuration',
    `cannot set ${setting.name}: ${requirement}: ${JSON.stringify(shown)?.slice(0, 60) ?? 'nothing'}`,
    {
      path: setting.name,
      hint: `${setting.says} (default: ${standard === '' ? 'none' : standard})`,
    },
  );
}
