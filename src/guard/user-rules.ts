/** The rules of the settings file, `[[guard.rule]]`: on Exim's events, or on lines of other logs. */
import type { Problem } from '../base/problem.ts';
import { fail, ok, type Result } from '../base/result.ts';
import { choiceSetting, listSetting, numberSetting, textSetting } from '../base/setting.ts';
import type { Settings, SettingsTable, TableEntry } from '../base/settings.ts';
import type { LogKind } from '../exim/event.ts';
import type { Condition, EventRule } from './event-rule.ts';
import { compileHostPattern, compileTest, type FindHost } from './pattern.ts';
import { type SightingKind, sightingKinds } from './sighting-kind.ts';

/** A rule on the lines of a log that is not Exim's. */
export interface LineRule {
  readonly name: string;
  readonly log: string;
  readonly find: FindHost;
  readonly kind: SightingKind;
  readonly times: number;
}

export interface UserRules {
  readonly events: readonly EventRule[];
  readonly lines: readonly LineRule[];
}

export const ruleTable: SettingsTable = {
  name: 'guard.rule',
  says: "a rule of your own: either on an event of Exim's log (event, where) or on the lines of another log (log, pattern)",
  fields: [
    textSetting('name', '', 'what it is called'),
    textSetting('event', '', 'the kind of event, as log parse shows it, such as rejected'),
    listSetting(
      'where',
      [],
      'what has to hold of it: FIELD = TEXT, FIELD != TEXT, FIELD ~ PATTERN or FIELD !~ PATTERN, such as "text ~ ^rejected because"',
    ),
    textSetting('log', '', 'the file whose lines are looked at', {
      needs: 'an absolute path',
      fits: (text) => text.startsWith('/'),
    }),
    textSetting(
      'pattern',
      '',
      'a regular expression of RE2 that begins with ^, and in it <HOST> for the address',
    ),
    choiceSetting('kind', sightingKinds, 'probe', 'what it is a sighting of: its measure counts'),
    numberSetting('times', { least: 1, most: 200, default: 1 }, 'as how many sightings it counts'),
  ],
};

export function userRules(settings: Settings): Result<UserRules> {
  const events: EventRule[] = [];
  const lines: LineRule[] = [];
  for (const entry of settings.tables(ruleTable.name)) {
    const text = (name: string): string => String(entry.values.get(name) ?? '');
    const kind = text('kind') as SightingKind;
    const times = Number(entry.values.get('times'));
    const name = text('name');
    const isEvent = text('event') !== '';
    if (name === '') return refused(entry, 'it needs a name');
    if (isEvent === (text('pattern') !== '') || (text('log') !== '') === isEvent)
      return refused(entry, `${name} needs either event, or log and pattern`);
    if (!isEvent) {
      const find = compileHostPattern(text('pattern'));
      if (!find.ok) return refused(entry, find.problem.message);
      lines.push({ name, log: text('log'), find: find.value, kind, times });
      continue;
    }
    if (!logKinds.has(text('event') as LogKind))
      return refused(
        entry,
        `${name} needs a kind of event: ${JSON.stringify(text('event').slice(0, 40))} is none`,
        {
          hint: `they are ${[...logKinds].join(', ')}`,
        },
      );
    const where: Condition[] = [];
    for (const condition of entry.values.get('where') as readonly string[]) {
      const read = readCondition(condition);
      if (!read.ok) return refused(entry, read.problem.message);
      where.push(read.value);
    }
    events.push({ name, event: text('event') as LogKind, where, kind, times });
  }
  return ok({ events, lines });
}

function readCondition(text: string): Result<Condition> {
  const [, field = '', operator = '', value = ''] =
    /^\s*([A-Za-z]{1,40})\s*(=|!=|~|!~)\s*(.*)$/.exec(text) ?? [];
  if (field === '')
    return fail(
      'configuration',
      `cannot use ${JSON.stringify(text.slice(0, 60))}: it needs to be FIELD = TEXT, or with !=, ~ or !~`,
    );
  const isNegative = operator.startsWith('!');
  if (operator.endsWith('=')) return ok({ field, test: (given) => (given === value) !== isNegative });
  const compiled = compileTest(value);
  return compiled.ok ? ok({ field, test: (given) => compiled.value(given) !== isNegative }) : compiled;
}

function refused({ line }: TableEntry, why: string, more: Pick<Problem, 'hint'> = {}): Result<never> {
  return fail('configuration', `cannot read [[${ruleTable.name}]] (line ${line}): ${why}`, more);
}

/** Those that name a peer who came to us. */
const logKinds: ReadonlySet<LogKind> = new Set([
  'arrival',
  'refused',
  'auth-failed',
  'rejected',
  'sender-verify',
  'helo-rejected',
  'unqualified',
  'sync-error',
  'syntax-error',
  'protocol-error',
  'dropped',
  'no-mail',
  'timeout',
  'disconnected',
  'incomplete',
  'command',
  'connection',
  'tls-error',
  'host-lookup',
  'warning',
]);
