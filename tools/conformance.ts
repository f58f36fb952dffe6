// Reads logs of Exim's test suite by the log grammar: npm run conformance -- --corpus DIR
// Runs the sample logs of Debian's fail2ban: npm run conformance -- --fail2ban [--differential [--mutated 2000] [--only sshd]]
//
// --fail2ban: see fail2ban-conformance.ts. --corpus:
// Prints per kind: lines, and lines whose re-rendering differs; then the lines that are `other`, by the
// reason that docs/log-conformance.md gives, and those without one. Exit status 1 if a line was
// rendered differently, raised an exception, or if more than 0.5 % of the lines with a time are
// `other` without a reason; 3 if the corpus cannot be read.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { logContext } from '../src/exim/log-context.ts';
import { parseLogLine } from '../src/exim/log-line.ts';
import { renderLogLine } from '../src/exim/log-render.ts';

interface Count {
  lines: number;
  differ: number;
}

const allowed = 0.005;
const { values } = parseArgs({
  options: {
    corpus: { type: 'string' },
    unexplained: { type: 'boolean' },
    fail2ban: { type: 'boolean', default: false },
    differential: { type: 'boolean', default: false },
    mutated: { type: 'string', default: '2000' },
    only: { type: 'string' },
  },
});
if (values.fail2ban) {
  const { fail2banConformance } = await import('./fail2ban-conformance.ts');
  process.exit(
    await fail2banConformance(
      values.differential ? Number(values.mutated) : undefined,
      values.only === undefined ? undefined : new RegExp(values.only),
    ),
  );
}
const folder = values.corpus;
if (folder === undefined) {
  console.error('usage: npm run conformance -- --corpus DIR [--unexplained] | --fail2ban');
  process.exit(2);
}

const reasons = readReasons(join(import.meta.dirname, '..', 'docs', 'log-conformance.md'));
const kinds = new Map<string, Count>();
const explained = new Map<string, number>();
const unexplained: string[] = [];
const exceptions: string[] = [];
let timed = 0;

if (!existsSync(folder)) {
  console.error(`cannot read the corpus: there is no such folder: ${folder}`);
  process.exit(3);
}

for (const path of filesBelow(folder)) {
  const context = logContext({ timeZone: 'UTC' });
  const text = readFileSync(path, 'latin1');
  for (const line of text.split('\n')) {
    if (line !== '') read(line, context);
  }
}

console.log('kind             lines   differ');
for (const [kind, { lines, differ }] of [...kinds].toSorted((a, b) => b[1].lines - a[1].lines)) {
  console.log(`${kind.padEnd(14)} ${String(lines).padStart(7)}  ${String(differ).padStart(7)}`);
}
console.log('\nother, because');
for (const [reason, lines] of explained) console.log(`${String(lines).padStart(7)}  ${reason}`);
console.log(`${String(unexplained.length).padStart(7)}  (no reason)`);
if (values.unexplained === true)
  for (const line of unexplained) console.log(`         ${JSON.stringify(line)}`);

const differ = [...kinds.values()].reduce((sum, count) => sum + count.differ, 0);
const total = [...kinds.values()].reduce((sum, count) => sum + count.lines, 0);
const share = timed === 0 ? 1 : unexplained.length / timed;
console.log(
  `\n${total} lines, ${timed} with a time; ${(share * 100).toFixed(2)} % other without a reason ` +
    `(at most ${allowed * 100} %), ${differ} rendered differently, ${exceptions.length} exceptions`,
);
for (const exception of exceptions.slice(0, 5)) console.log(exception);
process.exitCode = share <= allowed && differ === 0 && exceptions.length === 0 ? 0 : 1;

function read(line: string, context: ReturnType<typeof logContext>): void {
  try {
    const event = parseLogLine(line, context);
    const count = kinds.get(event.kind) ?? { lines: 0, differ: 0 };
    kinds.set(event.kind, count);
    count.lines += 1;
    if (renderLogLine(event) !== line) count.differ += 1;
    if (event.kind !== 'continuation') timed += 1;
    if (event.kind !== 'other') return;
    const reason = reasons.find(({ pattern }) => pattern.test(event.text))?.reason;
    if (reason === undefined) unexplained.push(event.text);
    else explained.set(reason, (explained.get(reason) ?? 0) + 1);
  } catch (error) {
    exceptions.push(`${String(error)}: ${JSON.stringify(line)}`);
  }
}

/** The headings of the page, each with the patterns in its code block. */
function readReasons(path: string): { reason: string; pattern: RegExp }[] {
  const found: { reason: string; pattern: RegExp }[] = [];
  let reason = '';
  let inside = false;
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    if (line.startsWith('## ')) reason = line.slice(3);
    else if (line.startsWith('```')) inside = !inside;
    else if (inside) found.push({ reason, pattern: new RegExp(line) });
  }
  return found;
}

function filesBelow(path: string): string[] {
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .map((name) => join(path, name))
    .filter((each) => statSync(each).isFile())
    .toSorted();
}
