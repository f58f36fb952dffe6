/** A filter as its file defines it, with every tag but fail2ban's own replaced: what `fail2ban-client -d` shows. */
import { fail, ok, type Result } from '../../base/result.ts';
import type { Configuration } from './configuration.ts';
import { resolveDefinition } from './definition.ts';

export interface FilterDefinition {
  readonly prefregex: string | undefined;
  readonly failregex: readonly string[];
  readonly ignoreregex: readonly string[];
  readonly maxlines: number;
  /** One pattern a line; undefined for the default ones. */
  readonly datepattern: string | undefined;
  readonly journalmatch: readonly string[];
  readonly usedns: string | undefined;
}

const filterOptions = [
  'usedns',
  'prefregex',
  'ignoreregex',
  'failregex',
  'maxlines',
  'datepattern',
  'journalmatch',
] as const;

export interface FilterRequest {
  readonly configuration: Configuration;
  readonly options: ReadonlyMap<string, string>;
  readonly jail?: ReadonlyMap<string, string>;
  /** What kind of log it will read, where the filter does not say. */
  readonly logtype?: 'file' | 'journal';
}

/** The resolved options, for `%(known/…)s` of a jail. */
export function resolveFilter(
  request: FilterRequest & { readonly all?: boolean },
): Result<Map<string, string>> {
  const { configuration, logtype } = request;
  const options = new Map(request.options);
  const hasOwn = configuration.sections.get('Definition')?.has('logtype') === true;
  if (logtype !== undefined && (options.get('logtype') ?? '') === '' && !hasOwn)
    options.set('logtype', logtype);
  return resolveDefinition({ ...request, options, wanted: filterOptions });
}

export function filterDefinition(options: ReadonlyMap<string, string>): Result<FilterDefinition> {
  const lines = (name: string): string[] =>
    (options.get(name) ?? '').split('\n').filter((line) => line !== '');
  const maxlines = options.get('maxlines') ?? '1';
  if (!/^\s*\d{1,4}\s*$/.test(maxlines) || Number(maxlines) < 1) {
    return fail('configuration', `cannot set maxlines: needs a whole number from 1 to 9999: ${maxlines}`);
  }
  const text = (name: string): string | undefined => {
    const value = options.get(name);
    return value === undefined || value === '' ? undefined : value;
  };
  return ok({
    prefregex: text('prefregex'),
    failregex: lines('failregex'),
    ignoreregex: lines('ignoreregex'),
    maxlines: Number(maxlines),
    datepattern: text('datepattern'),
    journalmatch: lines('journalmatch'),
    usedns: text('usedns'),
  });
}
