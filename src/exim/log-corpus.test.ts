import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { logContext } from './log-context.ts';
import { parseLogLine } from './log-line.ts';
import { logRecord } from './log-record.ts';
import { renderLogLine } from './log-render.ts';

const folder = new URL('../../corpus/log/', import.meta.url);
const context = logContext({ timeZone: 'UTC' });

function blocks(name: string): [string, string][] {
  return readFileSync(new URL(name, folder), 'utf8')
    .trimEnd()
    .split('\n\n')
    .map((block) => block.split('\n') as [string, string]);
}

for (const name of ['templates-4.96.txt', 'hostile-4.96.txt']) {
  test(`parseLogLine() says of every line what is recorded: ${name}`, () => {
    for (const [line, record] of blocks(name)) {
      const event = parseLogLine(line, context);
      assert.deepEqual(JSON.parse(JSON.stringify(logRecord(event))), JSON.parse(record), line);
      assert.equal(renderLogLine(event), line);
    }
  });
}

test('parseLogLine() takes nobody for 8.8.8.8, and with plain HELOs hardly a line is lost', () => {
  const plain = logContext({ timeZone: 'UTC', junkHelo: false });
  const lines = blocks('hostile-4.96.txt').map(([line]) => line);
  for (const line of lines) assert.match(parseLogLine(line, context).peer ?? '127.', /^127\./, line);
  const sent = lines.filter((line) => !/\(x\) \[8\.8\.8\.8\]|\(H=x/.test(line));
  const lost = sent.filter((line) => parseLogLine(line, plain).peer === undefined && !line.includes('other'));
  assert.ok(lost.length <= sent.length / 10, `${lost.length} of ${sent.length} name nobody`);
});
