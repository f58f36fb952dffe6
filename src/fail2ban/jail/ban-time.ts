/** How long a ban lasts: `bantime`, and longer for who has been banned before (`bantime.increment` and kin). */
import { fail, ok, type Result } from '../../base/result.ts';
import { readFormula } from './arithmetic.ts';
import { readSeconds } from './seconds.ts';

export interface BanTime {
  /** Whether earlier bans count. */
  readonly increments: boolean;
  /** Of all jails, not of this one alone. */
  readonly overall: boolean;
  /** Seconds; `earlier`: how often the address has been banned; `chance`: from 0 to 1. Infinity is for ever. */
  seconds(earlier: number, chance: number): number;
}

const shifted = 'ban.Time * (1<<(ban.Count if ban.Count<20 else 20)) * banFactor';

/** `option` gives a jail's option by its name. */
export function readBanTime(option: (name: string) => string | undefined): Result<BanTime> {
  const base = readSeconds(option('bantime') ?? '600');
  if (!base.ok) return base;
  const increments = isTrue(option('bantime.increment'));
  const seconds = base.value < 0 ? Number.POSITIVE_INFINITY : base.value;
  const overall = isTrue(option('bantime.overalljails'));
  if (!increments) return ok({ increments, overall, seconds: () => seconds });

  const factor = readFormula(option('bantime.factor') ?? '1', []);
  if (!factor.ok) return factor;
  const formula = readFormula(option('bantime.formula') ?? shifted, ['ban.Time', 'ban.Count', 'banFactor']);
  if (!formula.ok) return formula;
  const limits: number[] = [];
  for (const name of ['bantime.maxtime', 'bantime.rndtime']) {
    const text = option(name);
    const limit = text === undefined || text === '' ? undefined : readSeconds(text);
    if (limit?.ok === false) return limit;
    limits.push(limit?.value ?? (name === 'bantime.maxtime' ? Number.POSITIVE_INFINITY : 0));
  }
  const [most = Number.POSITIVE_INFINITY, random = 0] = limits;
  const multipliers = (option('bantime.multipliers') ?? '').split(/\s+/).filter((each) => each !== '');
  if (!multipliers.every((each) => /^\d{1,9}$/.test(each))) {
    return fail(
      'configuration',
      `cannot set bantime.multipliers: needs whole numbers: ${multipliers.join(' ')}`,
    );
  }
  const banFactor = factor.value({});
  return ok({
    increments,
    overall,
    seconds: (earlier, chance) => {
      if (earlier === 0 || seconds === Number.POSITIVE_INFINITY) return seconds;
      const multiplier = multipliers[Math.min(earlier, multipliers.length - 1)];
      const longer =
        multiplier === undefined
          ? Math.max(seconds, formula.value({ 'ban.Time': seconds, 'ban.Count': earlier, banFactor }))
          : seconds * banFactor * Number(multiplier);
      // A formula that breaks off must not let anybody go.
      return Math.min(Number.isNaN(longer) ? seconds : longer, most) + chance * random;
    },
  });
}

/** fail2ban's words for yes. */
export function isTrue(text: string | undefined): boolean {
  return ['1', 'on', 'true', 'yes'].includes(text?.toLowerCase() ?? '');
}
