// Debian's engine and ours on the same lines: every filter with every option set of its samples, on its own
// sample lines and on mutated ones. What is compared for each line: which expressions found something, for
// whom, when, after how many attempts, with which groups.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseAddress } from '../src/base/address.ts';
import { filterDefinition, resolveFilter } from '../src/fail2ban/config/filter-definition.ts';
import { readConfiguration } from '../src/fail2ban/config/read-configuration.ts';
import { datesOf } from '../src/fail2ban/dates/dates-of.ts';
import { compileRules } from '../src/fail2ban/filter/filter-rules.ts';
import { LineFilter } from '../src/fail2ban/filter/line-filter.ts';
import { localCalendar } from '../src/host/local-calendar.ts';
import { endsWithin } from '../src/host/within-time.ts';
import { runSamples } from './fail2ban-samples.ts';
import { mutateLine, random } from './mutate-line.ts';

export interface Differences {
  readonly sets: number;
  readonly lines: number;
  /** Lines of which both say that somebody has failed. */
  readonly matched: number;
  readonly verdict: number;
  readonly groups: number;
  readonly overruns: number;
  /** Lines on which fail2ban itself did not end within two seconds, so that there is nothing to compare. */
  readonly theirOverruns: number;
}

interface Job {
  readonly base: string;
  readonly filter: string;
  readonly options: Readonly<Record<string, string>>;
  readonly journal: boolean;
  readonly prefix: string;
  readonly lines: readonly string[];
}

/** Milliseconds; fail2ban has two seconds. */
const lineBudget = 2000;

const testNow = Date.UTC(2005, 7, 14, 10) / 1000;

/** `mutated`: how many lines beside the samples, for each option set. `tell` gets each difference. */
export async function compareEngines(
  tree: string,
  mutated: number,
  only: RegExp | undefined,
  tell: (line: string) => void,
): Promise<Differences> {
  const jobs = (await jobsOf(tree, mutated)).filter(({ filter }) => only?.test(filter) ?? true);
  const engine = spawn(
    '/usr/bin/python3',
    [join(import.meta.dirname, 'fail2ban-engine.py'), join(tree, 'usr/lib/python3/dist-packages')],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const answers = createInterface({ input: engine.stdout })[Symbol.asyncIterator]();
  const total = { sets: 0, lines: 0, matched: 0, verdict: 0, groups: 0, overruns: 0, theirOverruns: 0 };
  for (const job of jobs) {
    engine.stdin.write(`${JSON.stringify(job)}\n`);
    const answer = await answers.next();
    if (answer.done === true) throw new Error(`fail2ban's engine has ended at ${job.filter}`);
    const theirs = JSON.parse(answer.value) as Answer[];
    // A line that fail2ban has lost must not be known to us either: what it did may show in later ones.
    const lost = job.lines.filter((_, place) => theirs[place] === 'overrun');
    const told = await ourAnswers({
      ...job,
      lines: job.lines.filter((_, place) => theirs[place] !== 'overrun'),
    });
    const ours = job.lines.map((_, place) =>
      theirs[place] === 'overrun' ? 'not asked' : (told.shift() ?? 'missing'),
    );
    total.overruns += (await ourAnswers({ ...job, lines: lost })).filter((each) => each === 'overrun').length;
    total.sets += 1;
    for (const [place, line] of job.lines.entries()) {
      compare(job, line, theirs[place] ?? 'missing', ours[place] ?? 'missing', total, tell);
    }
  }
  engine.stdin.end();
  await once(engine, 'close');
  return total;
}

type Entry = [
  regex: number,
  id: unknown,
  time: number | null,
  attempts: number,
  users: string[],
  groups: Record<string, unknown>,
];
type Answer = Entry[] | string;

function compare(
  job: Job,
  line: string,
  theirs: Answer,
  ours: Answer,
  total: { -readonly [Key in keyof Differences]: Differences[Key] },
  tell: (line: string) => void,
): void {
  total.lines += 1;
  if (ours === 'overrun') {
    total.overruns += 1;
    tell(`overrun of ${job.filter}${JSON.stringify(job.options)} on ${JSON.stringify(line)}`);
  }
  if (theirs === 'overrun') {
    total.theirOverruns += 1;
    return;
  }
  // Where fail2ban itself breaks off, the line counts for nothing.
  const expected = typeof theirs === 'string' ? [] : theirs;
  if (typeof ours === 'string') return;
  if (expected.length > 0 && ours.length > 0) total.matched += 1;
  const verdict = (all: Entry[]): string =>
    JSON.stringify(all.map(([regex, id, ...more]) => [regex, sameAddress(id), ...more.slice(0, 3)]));
  const groups = (all: Entry[]): string =>
    JSON.stringify(all.map((entry) => Object.entries(entry[5]).toSorted(([a], [b]) => (a < b ? -1 : 1))));
  const differs =
    verdict(expected) !== verdict(ours)
      ? 'verdict'
      : groups(expected) !== groups(ours)
        ? 'groups'
        : undefined;
  if (differs === undefined) return;
  total[differs] += 1;
  tell(`${differs} of ${job.filter}${JSON.stringify(job.options)} on ${JSON.stringify(line)}`);
  tell(`  fail2ban: ${JSON.stringify(theirs)}`);
  tell(`  ours:     ${JSON.stringify(ours)}`);
}

/** Two spellings of an address are one: the C library writes `::255.255.0.20` for `::ffff:14`. */
function sameAddress(id: unknown): unknown {
  if (typeof id !== 'string') return id;
  const plain = id.replace(/^::(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...bytes) => {
    const [one = 0, two = 0, three = 0, four = 0] = bytes.slice(0, 4).map(Number);
    return `::${(one * 256 + two).toString(16)}:${(three * 256 + four).toString(16)}`;
  });
  return parseAddress(plain) ?? id;
}

async function jobsOf(tree: string, mutated: number): Promise<Job[]> {
  const sets = new Map<string, Job & { lines: string[] }>();
  const filters = new Set<string>();
  await runSamples(tree, (filter, { options, line }) => {
    filters.add(filter);
    const given = Object.fromEntries(Object.entries(options).filter(([name]) => !name.startsWith('test.')));
    const journal = options['logtype'] === 'journal';
    const prefix = options['test.prefix-line'] ?? '';
    const key = JSON.stringify([filter, given, prefix]);
    const base = filter.startsWith('zzz-')
      ? join(tree, 'usr/lib/python3/dist-packages/fail2ban/tests/config')
      : join(tree, 'etc/fail2ban');
    const known = sets.get(key) ?? { base, filter, options: given, journal, prefix, lines: [] };
    known.lines.push(line);
    sets.set(key, known);
  });
  for (const [key, job] of sets) {
    const next = random(
      Array.from(key).reduce((sum, each) => (sum * 31 + (each.codePointAt(0) ?? 0)) | 0, 7),
    );
    const samples = [...job.lines];
    for (let count = 0; count < mutated; count += 1) job.lines.push(mutateLine(samples, next));
  }
  return [...sets.values()];
}

async function ourAnswers(job: Job): Promise<Answer[]> {
  const configuration = sound(await readConfiguration(job.base, `filter.d/${job.filter}`));
  if (configuration === undefined) throw new Error(`${job.filter} is not there`);
  const options = new Map(Object.entries(job.options));
  const definition = sound(filterDefinition(sound(resolveFilter({ configuration, options }))));
  const filter = new LineFilter({
    rules: sound(compileRules(definition, 'warn')),
    dates: sound(datesOf(definition.datepattern, new Date().getFullYear())),
    calendar: localCalendar(() => testNow),
    checkAll: true,
  });
  const answers: Answer[] = [];
  const next = (): void => {
    const line = job.lines[answers.length] ?? '';
    const found = job.journal
      ? filter.dated(['', '2005-08-14T10:00:00', job.prefix + line], testNow)
      : filter.line(line);
    answers.push(
      found.map(
        ({ regex, id = null, time = null, attempts, users, groups }): Entry => [
          regex,
          id,
          time,
          attempts,
          // By code points, as Python sorts: UTF-16 puts U+FEFF behind an emoji.
          [...(users ?? [])].toSorted((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other))),
          Object.fromEntries([...groups].filter(([, value]) => value !== undefined)),
        ],
      ),
    );
  };
  while (answers.length < job.lines.length) {
    const end = Math.min(answers.length + 50, job.lines.length);
    const ends = endsWithin(lineBudget, () => {
      while (answers.length < end) next();
    });
    if (ends) continue;
    filter.rewind();
    if (!endsWithin(lineBudget, next)) answers.push('overrun');
  }
  return answers;
}

function sound<T>(result: { ok: true; value: T } | { ok: false; problem: { message: string } }): T {
  if (!result.ok) throw new Error(result.problem.message);
  return result.value;
}
