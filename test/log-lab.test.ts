/**
 * The real Exim writes, the grammar reads: every wording that a client can provoke, and every field
 * that a client controls filled with text that imitates somebody else. With PORTREEVE_KEEP_LOGS=DIR
 * the logs are kept there, to be looked at and recorded in corpus/log.
 */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { LogEvent } from '../src/exim/event.ts';
import { logContext } from '../src/exim/log-context.ts';
import { parseLogLine } from '../src/exim/log-line.ts';
import { renderLogLine } from '../src/exim/log-render.ts';
import { checkout } from '../src/host/checkout.ts';
import { type Machine, openMachine } from '../src/lab/machine.ts';
import { startMailServer } from '../src/lab/mail-server.ts';
import { preparePackages } from '../src/lab/packages.ts';
import { attacks, imitations, provocations } from './log/dialogues.ts';
import { type ConfOptions, eximConf } from './log/exim-conf.ts';
import type { Dialogue } from './log/talk.ts';
import { eachNight } from './each-night.ts';

const skip = process.geteuid?.() === 0 ? false : 'needs root for namespaces and a real Exim';
const context = logContext({ timeZone: 'UTC' });
let machine: Machine;

before(async () => {
  if (skip !== false) return;
  const packages = await preparePackages({ fail2ban: false, tell: () => undefined });
  assert.ok(packages.ok, JSON.stringify(packages));
  const opened = await openMachine(packages.value, { name: 'mx.example.test', address: '127.0.0.1' });
  assert.ok(opened.ok, JSON.stringify(opened));
  machine = opened.value;
  const started = await startMailServer(machine, {
    layout: 'unsplit',
    hostname: 'mx.example.test',
    domain: 'example.test',
    mailboxes: ['alice', 'bob'],
    senders: { domain: 'world.example', address: '198.19.0.1' },
    login: { name: 'alice', password: 'right' },
  });
  assert.ok(started.ok, JSON.stringify(started));
});

after(async () => {
  if (skip === false) await machine.close();
});

/** The main log that these dialogues leave behind, with an Exim of this configuration. */
async function logOf(
  options: ConfOptions,
  dialogues: readonly Dialogue[],
  together: number,
): Promise<string[]> {
  const script = [
    'cat > /etc/exim4/lab.conf',
    'rm -f /var/log/exim4/lab-*log',
    'exim4 -C /etc/exim4/lab.conf -bd',
    'for try in 1 2 3 4 5 6 7 8 9 10; do ss -Htln "( sport = :$1 )" | grep -q . && exit 0; sleep 0.1; done; exit 1',
  ].join('\n');
  const begun = await machine.succeed('start Exim', ['sh', '-c', script, 'sh', String(options.port)], {
    input: eximConf(options),
  });
  assert.ok(begun.ok, JSON.stringify(begun));
  const talked = await machine.succeed(
    'talk',
    [process.execPath, join(checkout, 'test/log/talk.ts'), String(together)],
    {
      input: JSON.stringify(dialogues),
      timeoutMs: 600_000,
    },
  );
  assert.ok(talked.ok, JSON.stringify(talked));
  await machine.run(['sh', '-c', 'sleep 0.3; kill $(cat /run/exim4/lab.pid)']);
  const log = readFileSync(`${machine.root}/var/log/exim4/lab-mainlog`, 'latin1');
  const kept = process.env['PORTREEVE_KEEP_LOGS'];
  if (kept !== undefined) writeFileSync(join(kept, `exim-${options.port}.log`), log, 'latin1');
  return log.split('\n').filter((line) => line !== '');
}

function numbered(said: readonly Omit<Dialogue, 'from' | 'port'>[], port: number): Dialogue[] {
  return said.map((each, index) => ({
    from: `127.0.${2 + Math.floor(index / 250)}.${1 + (index % 250)}`,
    port,
    ...each,
  }));
}

function read(line: string): LogEvent {
  const start = performance.now();
  const event = parseLogLine(line, context);
  assert.ok(performance.now() - start < 250, 'a line takes a moment at most');
  assert.equal(renderLogLine(event), line);
  return event;
}

const most = '+all -arguments';
const usual =
  '+smtp_protocol_error +smtp_syntax_error +smtp_no_mail +smtp_connection +smtp_incomplete_transaction';

for (const [name, options] of [
  ['usual', { port: 2525, selector: usual, junkHelo: false }],
  ['all', { port: 2526, selector: most, junkHelo: false }],
] as const) {
  test(`the grammar reads all that a client can provoke (${name})`, {
    skip: skip === false && name !== 'all' ? eachNight : skip,
  }, async () => {
    const lines = await logOf(options, numbered(provocations, options.port), 1);
    const others = lines.filter((line) => read(line).kind === 'other');
    assert.deepEqual(others, []);
    const kinds = new Set(lines.map((line) => read(line).kind));
    for (const kind of expectedKinds) assert.ok(kinds.has(kind), `no line is ${kind}`);
  });
}

const expectedKinds = [
  'arrival',
  'auth-failed',
  'command',
  'connection',
  'dropped',
  'helo-rejected',
  'incomplete',
  'no-mail',
  'protocol-error',
  'refused',
  'rejected',
  'sender-verify',
  'sync-error',
  'syntax-error',
  'timeout',
  'tls-error',
  'unqualified',
  'warning',
] as const; // prettier-ignore

for (const junkHelo of [false, true]) {
  test(`no text makes a client somebody else (HELO: ${junkHelo ? 'anything' : 'plain'})`, {
    skip: skip === false && !junkHelo ? eachNight : skip,
  }, async () => {
    const options = { port: junkHelo ? 2528 : 2527, selector: usual, junkHelo };
    const dialogues = numbered(
      imitations.flatMap((text) => attacks(text)),
      options.port,
    );
    const clients = new Set(dialogues.map(({ from }) => from));
    const lines = await logOf(options, dialogues, 8);
    let named = 0;
    let ambiguous = 0;
    for (const line of lines) {
      const event = read(line);
      if (event.ambiguous === true) ambiguous += 1;
      if (event.peer === undefined) continue;
      assert.ok(clients.has(event.peer), `${event.peer} is nobody's: ${line}`);
      named += 1;
    }
    assert.ok(
      named > lines.length / 2,
      `${named} of ${lines.length} lines name a peer, ${ambiguous} are ambiguous`,
    );
  });
}
