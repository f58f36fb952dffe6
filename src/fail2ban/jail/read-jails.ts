/**
 * The jails of fail2ban's configuration (jail.conf, jail.d, jail.local), each by itself: one that cannot be run
 * is a problem that names file and line, and costs none of the others.
 */
import { type Network, parseNetwork } from '../../base/network.ts';
import type { Problem } from '../../base/problem.ts';
import { type Failed, fail, ok, type Result } from '../../base/result.ts';
import { readText } from '../../host/files.ts';
import { textDecoder } from '../../host/text-lines.ts';
import type { Configuration } from '../config/configuration.ts';
import { filterDefinition, type FilterDefinition, resolveFilter } from '../config/filter-definition.ts';
import { readNamed } from '../config/option-list.ts';
import { type ConfigurationCache, readConfiguration } from '../config/read-configuration.ts';
import { datesOf } from '../dates/dates-of.ts';
import { zoneOffset } from '../dates/zone-offset.ts';
import { compileRules, type FilterRules } from '../filter/filter-rules.ts';
import type { UseDns } from '../filter/resolve-tags.ts';
import { isTrue, readBanTime } from './ban-time.ts';
import { readIgnoreCommand } from './ignore-command.ts';
import type { Jail } from './jail.ts';
import { journalMatches } from './journal-line.ts';
import { mapActions } from './map-actions.ts';
import { readPorts, readServices } from './ports.ts';
import { readSeconds } from './seconds.ts';

export interface ReadJails {
  readonly jails: readonly Jail[];
  /** Jails that are enabled and cannot be run. */
  readonly problems: readonly { readonly jail: string; readonly problem: Problem }[];
  /** Names of those that are not enabled. */
  readonly disabled: readonly string[];
}

/** `folder` is fail2ban's configuration. `thisYear` bounds what may be a year. */
export async function readJails(folder: string, thisYear: number): Promise<Result<ReadJails>> {
  const cache: ConfigurationCache = new Map();
  const read = await readConfiguration(folder, 'jail', cache);
  if (!read.ok) return read;
  if (read.value === undefined) {
    return fail(
      'missing',
      `cannot read the jails: needs jail.conf or jail.local: there is none in ${folder}`,
      {
        path: folder,
        hint: 'name the folder of fail2ban’s configuration',
      },
    );
  }
  const configuration = read.value;
  for (const [name, text] of [
    ['fail2ban_version', '1.0.2'],
    ['fail2ban_confpath', folder],
  ] as const) {
    if (!configuration.defaults.has(name)) configuration.defaults.set(name, { text, path: folder, line: 0 });
  }
  const services = readServices(await readText('/etc/services').then((text) => (text.ok ? text.value : '')));
  const jails: Jail[] = [];
  const problems: { jail: string; problem: Problem }[] = [];
  const disabled: string[] = [];
  for (const name of configuration.names()) {
    if (name === 'INCLUDES' || name === 'Definition') continue;
    const enabled = configuration.get(name, 'enabled');
    if (enabled.ok && !isTrue(enabled.value)) {
      disabled.push(name);
      continue;
    }
    const jail = enabled.ok
      ? await readJail({ folder, configuration, cache, services, thisYear }, name)
      : enabled;
    if (jail.ok) jails.push(jail.value);
    else problems.push({ jail: name, problem: inJail(configuration, name, jail) });
  }
  return ok({ jails, problems, disabled });
}

interface Context {
  readonly folder: string;
  readonly configuration: Configuration;
  readonly cache: ConfigurationCache;
  readonly services: ReadonlyMap<string, number>;
  readonly thisYear: number;
}

async function readJail(context: Context, name: string): Promise<Result<Jail>> {
  const { configuration, services } = context;
  const filter = await readFilterOf(context, name);
  if (!filter.ok) return filter;
  const values = new Map<string, string>();
  for (const option of jailOptions) {
    const value = configuration.get(name, option);
    if (!value.ok) return value;
    if (value.value !== undefined) values.set(option, value.value);
  }
  const option = (wanted: string): string | undefined => values.get(wanted);
  const times = readBanTime(option);
  if (!times.ok) return times;
  const findTime = readSeconds(option('findtime') ?? '600');
  if (!findTime.ok) return findTime;
  const maxRetry = option('maxretry') ?? '5';
  if (!/^\d{1,6}$/.test(maxRetry) || Number(maxRetry) < 1) {
    return fail('configuration', `cannot set maxretry: needs a whole number of at least 1: ${maxRetry}`, {
      path: 'maxretry',
    });
  }
  const changed: string[] = [];
  const left: string[] = [];
  const actions = mapActions(option('action') ?? '');
  if (actions.admits) {
    return fail(
      'configuration',
      'cannot run the jail: needs an action that bans: its action admits those whom the filter finds',
      { path: 'action' },
    );
  }
  const ports = readPorts(actions.allPorts ? 'all' : (actions.port ?? option('port') ?? 'all'), services);
  if (!ports.ok) return ports;
  const zone = option('logtimezone');
  if (zone !== undefined && zoneOffset(zone) === undefined) {
    return fail('configuration', `cannot set logtimezone: needs one like UTC+0200 or CET: ${zone}`, {
      path: 'logtimezone',
    });
  }
  const encoding = option('logencoding') ?? 'auto';
  if (encoding !== 'auto' && textDecoder(encoding) === undefined) {
    return fail('configuration', `cannot set logencoding: needs one like utf-8 or latin1: ${encoding}`, {
      path: 'logencoding',
    });
  }
  const command = option('ignorecommand') ?? '';
  const ignoreCommand = command.trim() === '' ? undefined : readIgnoreCommand(command);
  if (ignoreCommand?.ok === false) left.push(`ignorecommand: ${ignoreCommand.problem.message}`);
  const ignored = networksOf(option('ignoreip') ?? '', left);
  const isJournal = (option('backend') ?? '').startsWith('systemd');
  const logs = isJournal ? [] : logsOf(option('logpath') ?? '');
  if (!isJournal && logs.length === 0) {
    return fail('configuration', `cannot run the jail: needs a logpath: it has none`, { path: 'logpath' });
  }
  if ((option('ignorecache') ?? '') !== '') changed.push('ignorecache: answers are kept for a minute');
  return ok({
    name,
    filter: option('filter') ?? name,
    rules: filter.value.rules,
    definition: filter.value.definition,
    logs,
    journal: isJournal ? journalMatches(filter.value.definition.journalmatch) : undefined,
    looksUpNames: ['yes', 'warn'].includes(filter.value.useDns),
    encoding: encoding === 'auto' ? 'utf-8' : encoding,
    zone: zone === undefined ? undefined : zoneOffset(zone),
    maxRetry: Number(maxRetry),
    findTime: findTime.value,
    banTime: times.value,
    ignored,
    ignoreSelf: isTrue(option('ignoreself') ?? 'true'),
    ignoreCommand: ignoreCommand?.ok === true ? ignoreCommand.value : undefined,
    ports: ports.value,
    changed: [...changed, ...actions.changed],
    left: [...left, ...actions.left],
  });
}

const jailOptions = [
  'filter',
  'backend',
  'usedns',
  'maxretry',
  'findtime',
  'bantime',
  'bantime.increment',
  'bantime.factor',
  'bantime.formula',
  'bantime.multipliers',
  'bantime.maxtime',
  'bantime.rndtime',
  'bantime.overalljails',
  'ignorecommand',
  'ignoreself',
  'ignoreip',
  'ignorecache',
  'logtimezone',
  'logencoding',
  'logpath',
  'port',
  'action',
] as const;

const ownFilterOptions = [
  'failregex',
  'ignoreregex',
  'prefregex',
  'maxlines',
  'datepattern',
  'journalmatch',
  'usedns',
] as const;

interface JailFilter {
  readonly rules: FilterRules;
  readonly definition: FilterDefinition;
  readonly useDns: UseDns;
}

/** The jail's filter: what the jail says itself stands in for what the filter says. */
async function readFilterOf(
  { folder, configuration, cache, thisYear }: Context,
  jail: string,
): Promise<Result<JailFilter>> {
  const written = configuration.get(jail, 'filter');
  if (!written.ok) return written;
  const backend = configuration.get(jail, 'backend');
  if (!backend.ok) return backend;
  let resolved = new Map<string, string>();
  let file: Configuration | undefined;
  if (written.value !== undefined && written.value !== '') {
    const named = readNamed(written.value);
    if (!named.ok) return named;
    const { name, options } = named.value;
    const read = await readConfiguration(folder, `filter.d/${name}`, cache);
    if (!read.ok) return read;
    if (read.value === undefined) {
      return fail('missing', `cannot read the filter: needs filter.d/${name}.conf: there is none`, {
        path: 'filter',
      });
    }
    file = read.value;
    const logtype = backend.value?.startsWith('systemd') === true ? 'journal' : 'file';
    const given = new Map([
      ['backend', backend.value ?? 'auto'],
      ['filter', written.value],
      ['enabled', 'true'],
    ]);
    const all = resolveFilter({ configuration: file, options, logtype, jail: given, all: true });
    if (!all.ok) return all;
    const section = configuration.sections.get(jail);
    for (const [option, text] of all.value) {
      if (!option.startsWith('known/')) section?.set(`known/${option}`, { text, path: folder, line: 0 });
    }
    const own = ownOptions(configuration, jail);
    if (!own.ok) return own;
    const again = resolveFilter({
      configuration: file,
      options,
      logtype,
      jail: new Map([...given, ...own.value]),
    });
    if (!again.ok) return again;
    resolved = again.value;
  }
  const own = ownOptions(configuration, jail);
  if (!own.ok) return own;
  for (const [option, text] of own.value) resolved.set(option, text);
  const definition = filterDefinition(resolved);
  if (!definition.ok) return definition;
  if (definition.value.failregex.length === 0) {
    return fail(
      'configuration',
      'cannot run the jail: needs a failregex: neither it nor its filter has one',
      { path: 'filter' },
    );
  }
  const dnsMode = own.value.get('usedns') ?? definition.value.usedns ?? 'warn';
  const useDns = (['yes', 'warn', 'no', 'raw'].includes(dnsMode) ? dnsMode : 'no') as UseDns;
  const rules = compileRules(definition.value, useDns);
  if (!rules.ok) return placed(rules, file, configuration, jail);
  const dates = datesOf(definition.value.datepattern, thisYear);
  return dates.ok
    ? ok({ rules: rules.value, definition: definition.value, useDns })
    : placed(dates, file, configuration, jail);
}

function ownOptions(configuration: Configuration, jail: string): Result<Map<string, string>> {
  const own = new Map<string, string>();
  for (const option of ownFilterOptions) {
    const value = configuration.get(jail, option);
    if (!value.ok) return value;
    if (value.value !== undefined) own.set(option, value.value);
  }
  return ok(own);
}

/** Puts the file and line of the option before a problem with it. */
function placed(
  { problem }: Failed,
  file: Configuration | undefined,
  configuration: Configuration,
  jail: string,
): Failed {
  const option = problem.path?.replace(/ \d+$/, '') ?? 'datepattern';
  const value =
    configuration.find(jail, option) ?? file?.find('Definition', option) ?? file?.find('Init', option);
  const where = value === undefined ? '' : `${value.path}, line ${value.line}: `;
  return {
    ok: false,
    problem: {
      ...problem,
      message: `${where}${problem.message}`,
      ...(value === undefined ? {} : { path: value.path }),
    },
  };
}

/** A problem of a jail says where the jail stands, unless it knows better. */
function inJail(configuration: Configuration, jail: string, { problem }: Failed): Problem {
  if (/, line \d+/.test(problem.message)) return problem;
  const value = configuration.find(jail, problem.path ?? 'enabled') ?? configuration.find(jail, 'enabled');
  if (value === undefined) return problem;
  return { ...problem, message: `${value.path}, line ${value.line}: ${problem.message}`, path: value.path };
}

function logsOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim().replace(/\s+(?:tail|head)$/, ''))
    .filter((line) => line !== '');
}

function networksOf(text: string, left: string[]): Network[] {
  const networks: Network[] = [];
  for (const word of text.split(/[\s,]+/).filter((each) => each !== '')) {
    const network = parseNetwork(word);
    if (network === undefined) left.push(`ignoreip ${word}: a name is not looked up; write its addresses`);
    else networks.push(network);
  }
  return networks;
}
