/** A time as fail2ban writes it, in seconds: `600`, `10m`, `1h30m`, `1d 12h`, `1y-6mo`, `2*1w`; -1 is for ever. */
import { fail, ok, type Result } from '../../base/result.ts';
import { readFormula } from './arithmetic.ts';

const day = 86_400;
/** With its share of a leap day. */
const year = 365.25 * day;

const units: readonly (readonly [RegExp, number])[] = [
  [/^(?:days?|da|dd?)$/, day],
  [/^(?:weeks?|wee?|ww?)$/, 7 * day],
  [/^(?:months?|mon?)$/, year / 12],
  [/^(?:years?|yea?|yy?)$/, year],
  [/^(?:seconds?|sec?|ss?)$/, 1],
  [/^(?:minutes?|min?|mm?)$/, 60],
  [/^(?:hours?|hou?|hh?)$/, 3600],
];

export function readSeconds(text: string): Result<number> {
  const refused = (): Result<number> =>
    fail('configuration', `cannot read the time: needs one like 600, 10m or 1d12h: ${text.slice(0, 60)}`);
  let unknown = false;
  const sum = text
    .trim()
    .replace(/(\d)\s*([a-z]+)/gi, (_, digit: string, name: string) => {
      const found = units.find(([pattern]) => pattern.test(name.toLowerCase()));
      unknown ||= found === undefined;
      return `${digit}*${found?.[1] ?? 0} `;
    })
    // Numbers side by side are added.
    .replace(/(\d)\s+(?=\d)/g, '$1+');
  const formula = unknown ? undefined : readFormula(sum, []);
  if (formula?.ok !== true) return refused();
  const value = formula.value({});
  return Number.isFinite(value) ? ok(value) : refused();
}
