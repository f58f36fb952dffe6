import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { logContext } from './log-context.ts';
import { SyslogEntries } from './syslog-entries.ts';

const context = logContext({ timeZone: 'UTC', now: Date.UTC(2026, 10, 24) });
const before = (pid: number): string => `Nov 23 08:53:00 mx exim[${pid}]: `;
const entry = (recipient: string): string =>
  `2026-11-23 08:53:00 H=(x) [192.0.2.66] F=<a@b.example> rejected RCPT <${recipient}>: relay not permitted`;

/** As write_syslog() of Exim's log.c does. */
function cut(text: string, pid: number): string[] {
  const pieces: { readonly text: string; readonly mark: string }[] = [];
  const lines = text.split('\n');
  for (const [place, line] of lines.entries()) {
    for (let at = 0; at < Math.max(1, line.length); at += 870) {
      const isEnd = at + 870 >= line.length;
      pieces.push({ text: line.slice(at, at + 870), mark: isEnd && place < lines.length - 1 ? '\\' : '/' });
    }
  }
  if (pieces.length === 1) return [`${before(pid)}${text}`];
  return pieces.map(
    (piece, place) => `${before(pid)}[${place + 1}${piece.mark}${pieces.length}] ${piece.text}`,
  );
}

function kinds(lines: readonly string[]): string[] {
  const entries = new SyslogEntries(context);
  return lines.map((line) => entries.read(line).event.kind);
}

test('an entry that was cut is told whole, with its last line', () => {
  const lines = cut(entry(`${'x'.repeat(2000)}@c.example`), 12);
  assert.equal(lines.length, 3);
  const entries = new SyslogEntries(context);
  const read = lines.map((line) => entries.read(line));
  assert.deepEqual(
    read.map(({ event }) => event.kind),
    ['continuation', 'continuation', 'rejected'],
  );
  const event = read[2]?.event;
  assert.ok(event?.kind === 'rejected');
  assert.deepEqual(
    [event.peer, event.phase, event.text, event.at],
    ['192.0.2.66', 'RCPT', 'relay not permitted', Date.UTC(2026, 10, 23, 8, 53)],
  );
});

test('pieces of several processes do not mix, and lost ones spoil nothing', () => {
  const one = cut(entry(`${'x'.repeat(1000)}@c.example`), 12);
  const other = cut(entry(`${'y'.repeat(1000)}@c.example`), 13);
  assert.deepEqual(kinds([one[0] ?? '', other[0] ?? '', one[1] ?? '', other[1] ?? '']), [
    'continuation',
    'continuation',
    'rejected',
    'rejected',
  ]);
  assert.deepEqual(kinds([one[1] ?? '', one[0] ?? '', ...cut(entry('c@d.example'), 12), one[1] ?? '']), [
    'continuation',
    'continuation',
    'rejected',
    'continuation',
  ]);
});

test('header lines of the reject log are no lines of their own', () => {
  const lines = cut(
    `${entry('c@d.example')}\nEnvelope-from: <a@b.example>\n2026-11-23 08:53:00 H=[192.0.2.1]`,
    12,
  );
  assert.deepEqual(kinds(lines), ['rejected', 'continuation', 'continuation']);
});

test('what stands in both logs counts once', () => {
  const [main = ''] = cut(entry('c@d.example'), 12);
  const reject = cut(`${entry('c@d.example')}\nEnvelope-from: <a@b.example>`, 12);
  const [other = ''] = cut(entry('c@d.example'), 13);
  assert.deepEqual(kinds([main, main]), ['rejected', 'continuation']);
  assert.deepEqual(kinds([main, other, main, other]), [
    'rejected',
    'rejected',
    'continuation',
    'continuation',
  ]);
  assert.deepEqual(kinds([main, ...reject]), ['rejected', 'continuation', 'continuation']);
  // The same again is another try.
  assert.deepEqual(kinds([main, main, main, main]), ['rejected', 'continuation', 'rejected', 'continuation']);
  // A full server says the same again and again, to the main log alone.
  const full = `${before(1)}2026-11-23 08:53:00 Connection from [192.0.2.66] refused: too many connections`;
  assert.deepEqual(kinds([full, full]), ['refused', 'refused']);
  // Exim's own files have each line once.
  assert.deepEqual(kinds([entry('c@d.example'), entry('c@d.example')]), ['rejected', 'rejected']);
});

test('however an entry is cut, it reads as it does whole', () => {
  const text = fc.string({
    minLength: 1,
    maxLength: 3000,
    unit: fc.constantFrom('a', '[', '/', ' ', ']', '1'),
  });
  fc.assert(
    fc.property(text, (recipient) => {
      const entries = new SyslogEntries(context);
      const read = cut(entry(recipient), 12).map((line) => entries.read(line));
      const whole = new SyslogEntries(context).read(`${before(12)}${entry(recipient)}`);
      assert.deepEqual(read.at(-1)?.event, whole.event);
    }),
    { numRuns: 100 },
  );
});
