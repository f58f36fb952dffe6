/**
 * The keeper on a real Exim: members of its group change through it, others do not reach it, deadlines
 * hold, and whatever hostile clients do, it goes on serving.
 */
import assert from 'node:assert/strict';
import { ownProgram } from '../src/host/own-program.ts';
import { after, before, describe, test } from 'node:test';
import { cacheFolder } from '../src/host/checkout.ts';
import { isRoot } from '../src/host/identity.ts';
import type { Ran } from '../src/host/run.ts';
import type { Service } from '../src/host/service.ts';
import { openLab } from '../src/lab/lab.ts';
import type { Machine } from '../src/lab/machine.ts';

const skip = isRoot() ? false : 'a lab machine needs root';
const macros = '/etc/exim4/exim4.conf.localmacros';
const socket = '/run/portreeve/keeper.sock';
/** A folder that no daemon reads: what is asked of the keeper here has nothing to do with Exim. */
const plain = '/srv/plain';
const cli = ownProgram;
const path = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', NODE_COMPILE_CACHE: `${cacheFolder}/node-compile` };

describe('the keeper', { skip }, () => {
  let machine: Machine;
  let keeper: Service;
  const said: string[] = [];

  before(async () => {
    const opened = await openLab({ tell: () => undefined });
    assert.ok(opened.ok);
    machine = opened.value;
    await shell('usermod -aG portreeve alice');
    await shell(`mkdir ${plain}; echo first > ${plain}/text`);
    for (const folder of ['/etc/exim4', plain]) {
      assert.equal((await as('root', 'history', 'init', folder)).status, 0);
    }
    keeper = machine.start([...cli, 'keeper'], { env: path, onErrorLine: (line) => said.push(line) });
    await until(async () => (await run(['test', '-S', socket])).status === 0);
  });
  after(async () => {
    await machine.close();
  });

  async function run(argv: readonly string[], input = ''): Promise<Ran> {
    const ran = await machine.run(argv, { env: path, timeoutMs: 60_000, input });
    assert.ok(ran.ok, ran.ok ? '' : ran.problem.message);
    return ran.value;
  }
  async function shell(script: string): Promise<string> {
    const ran = await run(['sh', '-eu', '-c', script]);
    assert.equal(ran.status, 0, `${script}: ${ran.stderr}`);
    return ran.stdout;
  }
  async function as(user: string, ...args: readonly string[]): Promise<Ran> {
    return await run(['setpriv', `--reuid=${user}`, `--regid=${user}`, '--init-groups', ...cli, ...args]);
  }
  async function applyText(within: string): Promise<Ran> {
    const wait = ['--confirm-within', within];
    return await as('alice', 'change', 'apply', 'text=/tmp/m', '--folder', plain, '-m', 'second', ...wait);
  }
  async function until(what: () => Promise<boolean>): Promise<void> {
    for (let waited = 0; waited < 15_000; waited += 100) {
      if (await what()) return;
      await new Promise((resolve) => {
        setTimeout(resolve, 100);
      });
    }
    assert.fail('it did not happen within 15 s');
  }
  /** A client that does as the script says; \`socket\` is connected. Prints what it hears. */
  async function client(script: string): Promise<string> {
    const ran = await run([
      process.execPath,
      '--input-type=module',
      '--eval',
      `
      import { connect } from 'node:net';
      const open = () => connect(${JSON.stringify(socket)});
      const socket = open();
      const heard = new Promise((resolve) => {
        let text = '';
        socket.on('data', (chunk) => { text += chunk; });
        socket.on('error', () => undefined);
        socket.on('close', () => resolve(text));
      });
      ${script}
      console.log(await heard);
      process.exit();`,
    ]);
    assert.equal(ran.status, 0, ran.stderr);
    return ran.stdout;
  }
  async function serves(): Promise<void> {
    const listed = await as('alice', 'change', 'list');
    assert.equal(listed.status, 0, listed.stderr);
  }

  test('guards its socket by folder and mode', async () => {
    assert.equal(
      await shell(`stat -c '%U:%G %a' /run/portreeve ${socket}`),
      'root:portreeve 750\nroot:portreeve 660\n',
    );
  });

  test('carries a change out for a member of its group, and records who', { timeout: 60_000 }, async () => {
    await shell(`cat ${macros} > /tmp/m; echo '# through the keeper' >> /tmp/m; chmod 0644 /tmp/m`);
    const applied = await as(
      'alice',
      'change',
      'apply',
      `${macros}=/tmp/m`,
      '--folder',
      '/etc/exim4',
      '-m',
      'a comment',
    );
    assert.equal(applied.status, 0, applied.stderr);
    assert.match(applied.stdout, /^rehearse Exim .*[\s\S]*^prove +port 25 still serves/m);
    assert.equal(await shell('git -C /etc/exim4 log -1 --format="%an: %s"'), 'alice via keeper: a comment\n');
  });

  test('ends the Exim processes that serve a connection, and nobody else', { timeout: 60_000 }, async (t) => {
    const daemon = (await shell('cat /run/exim4/exim.pid')).trim();
    const heard: string[] = [];
    const held = machine.start(
      [
        process.execPath,
        '--input-type=module',
        '--eval',
        `
        import { connect, createServer } from 'node:net';
        process.stdin.resume().on('end', () => process.exit());
        createServer(() => undefined).listen(2525, '127.0.0.1', () => {
          for (const port of [25, 25, 2525]) {
            const socket = connect(port, '127.0.0.1');
            let own;
            socket.on('connect', () => console.log(port + ' ' + (own = socket.localPort)));
            socket.on('data', (chunk) => console.log(String(chunk).trim()));
            socket.on('close', () => console.log('closed ' + own));
            socket.on('error', () => undefined);
          }
        });`,
      ],
      { env: path, onLine: (line) => heard.push(line) },
    );
    const greeted = async (): Promise<boolean> =>
      await Promise.resolve(heard.filter((line) => line.startsWith('220 ')).length === 2);
    t.after(async () => {
      held.finish();
      await held.ended;
    });
    await until(greeted);
    const ports = (server: number): number[] =>
      heard
        .flatMap((line) => Number(new RegExp(`^${server} (\\d+)$`).exec(line)?.[1] ?? NaN))
        .filter(Number.isInteger);
    const [first = 0, second = 0] = ports(25);
    const [stranger = 0] = ports(2525);
    const end = async (...sessions: readonly (readonly [number, number])[]): Promise<string> => {
      const order = {
        do: 'end',
        sessions: sessions.map(([peerPort, localPort]) => ({ peer: '127.0.0.1', peerPort, localPort })),
      };
      return await client(`socket.write(${JSON.stringify(`${JSON.stringify(order)}\n`)}); socket.end();`);
    };
    // Not Exim's; the client's own side of it; one that is gone.
    assert.match(await end([stranger, 2525], [25, first], [1, 25]), /"done":0/);
    assert.match(await end([first, 25]), /"done":1/);
    await until(async () => await Promise.resolve(heard.includes(`closed ${first}`)));
    assert.ok(
      heard.some((line) => line.startsWith('421 ')),
      heard.join('\n'),
    );
    assert.ok(!heard.includes(`closed ${second}`) && !heard.includes(`closed ${stranger}`));
    assert.equal((await shell('cat /run/exim4/exim.pid')).trim(), daemon);
    assert.match(await shell('tail -n 3 /var/log/exim4/mainlog'), /closed after SIGTERM/);
    assert.match(
      await client(
        `socket.write('{"do":"end","sessions":[{"peer":"x","peerPort":1,"localPort":25}]}\\n'); socket.end();`,
      ),
      /sessions\.0\.peer is not accepted/,
    );
  });

  test('takes a record back as a change of its own, unless something stands in the way', {
    timeout: 60_000,
  }, async () => {
    const commit = (await shell('git -C /etc/exim4 log -1 --format=%H')).trim();
    const order = { do: 'undo', folder: '/etc/exim4', commit, person: 'alice' };
    const undo = `socket.write(${JSON.stringify(`${JSON.stringify(order)}\n`)}); socket.end();`;
    const undone = await client(undo);
    assert.match(undone, /"phase":"prove"/);
    assert.match(undone, /"done":\{"commit"/);
    assert.doesNotMatch(await shell(`cat ${macros}`), /through the keeper/);
    assert.equal(
      await shell('git -C /etc/exim4 log -1 --format="%an: %s"'),
      `alice via keeper: undo ${commit.slice(0, 12)}: a comment\n`,
    );
    const head = await shell('git -C /etc/exim4 rev-parse HEAD');
    // What it added is gone already.
    assert.match(await client(undo), /"problem":\{"kind":"no"/);
    assert.equal(await shell('git -C /etc/exim4 rev-parse HEAD'), head);
  });

  test('refuses in its own words what root would be refused', { timeout: 60_000 }, async () => {
    await shell('echo "no_such_option = 1" > /tmp/m; chmod 0644 /tmp/m');
    const refused = await as(
      'alice',
      'change',
      'apply',
      `${macros}=/tmp/m`,
      '--folder',
      '/etc/exim4',
      '-m',
      'typo',
    );
    assert.equal(refused.status, 2);
    assert.match(refused.stderr, /no_such_option/);
    const outside = await as(
      'alice',
      'change',
      'apply',
      '/etc/passwd=/tmp/m',
      '--folder',
      '/etc/exim4',
      '-m',
      'x',
    );
    assert.equal(outside.status, 2);
    assert.match(outside.stderr, /it must lie in \/etc\/exim4/);
    const untracked = await as(
      'alice',
      'change',
      'apply',
      '/etc/ssh/x=/tmp/m',
      '--folder',
      '/etc/ssh',
      '-m',
      'x',
    );
    assert.notEqual(untracked.status, 0);
    assert.match(untracked.stderr, /hint: /);
  });

  test('an editor works for a member of its group', { timeout: 60_000 }, async () => {
    await shell(
      `printf '#!/bin/sh\\necho "# edited" >> "$1"\\n' > /usr/local/bin/ed-it; chmod 0755 /usr/local/bin/ed-it`,
    );
    const asAlice = ['setpriv', '--reuid=alice', '--regid=alice', '--init-groups'];
    const withEditor = ['env', 'EDITOR=/usr/local/bin/ed-it', ...cli];
    const edited = await run([...asAlice, ...withEditor, 'edit', `${plain}/text`, '-m', 'by hand']);
    assert.equal(edited.status, 0, edited.stderr);
    assert.equal(await shell(`tail -n 1 ${plain}/text`), '# edited\n');
  });

  test('does not let others in', async () => {
    const listed = await as('bob', 'change', 'list');
    assert.equal(listed.status, 3);
    assert.match(listed.stderr, /you must be in its group.*\n {2}hint: /);
  });

  test('takes back what nobody confirms', { timeout: 60_000 }, async () => {
    await shell('echo second > /tmp/m; chmod 0644 /tmp/m');
    const applied = await applyText('2s');
    assert.equal(applied.status, 0, applied.stderr);
    assert.equal((await as('alice', 'change', 'list')).status, 1);
    assert.equal((await run(['pgrep', '-f', 'change recover'])).status, 1, 'no second watcher');
    await until(async () => (await as('alice', 'change', 'list')).status === 0);
    assert.match(
      await shell(`git -C ${plain} log -1 --format=%s`),
      /^undone: second: nobody confirmed it in time/,
    );
    assert.match(await shell(`cat ${plain}/text`), /^first/);
    const confirmed = await as('alice', 'change', 'confirm');
    assert.equal(confirmed.status, 1);
  });

  test('a confirmation by a member counts', { timeout: 60_000 }, async () => {
    const applied = await applyText('1m');
    assert.equal(applied.status, 0, applied.stderr);
    const confirmed = await as('alice', 'change', 'confirm');
    assert.equal(confirmed.status, 0, confirmed.stderr);
    assert.equal(
      await shell(`git -C ${plain} log -1 --format="%an: %s"`),
      'alice via keeper: confirmed: second\n',
    );
  });

  const nonsense = [
    ['garbage', 'GET / HTTP/1.1'],
    ['no object', '[1,2,3]'],
    ['an unknown command', '{"do":"run","argv":["id"]}'],
    ['a command with more than it takes', '{"do":"list","also":1}'],
    ['a prototype', '{"do":"list","__proto__":{"x":1},"constructor":1}'],
    ['a path that is not absolute', '{"do":"record","folder":"etc","reason":"x","person":"p"}'],
    ['a path with a null byte', '{"do":"record","folder":"/etc\\u0000/x","reason":"x","person":"p"}'],
    [
      'a mode that is none',
      '{"do":"apply","folder":"/etc/exim4","reason":"x","edits":[{"path":"/etc/exim4/x","content":"","mode":99999}],"expect":[],"person":"p"}',
    ],
    [
      'content that is no base64',
      '{"do":"apply","folder":"/etc/exim4","reason":"x","edits":[{"path":"/etc/exim4/x","content":"%%%"}],"expect":[],"person":"p"}',
    ],
    ['an id that is a path', '{"do":"abort","id":"../../x","person":"p"}'],
    ['deep nesting', `{"do":${'['.repeat(50_000)}`],
  ] as const;

  test('answers each piece of nonsense with one problem, and goes on', { timeout: 60_000 }, async () => {
    const heard = await client(`
      for (const line of ${JSON.stringify(nonsense.map(([, line]) => line))}) {
        const other = open();
        let text = '';
        other.on('data', (chunk) => { text += chunk; });
        const ended = new Promise((resolve) => other.on('close', resolve));
        other.write(line + '\\n');
        await ended;
        console.log(JSON.stringify(text));
      }
      socket.destroy();`);
    const replies = heard.trim().split('\n');
    assert.equal(replies.length, nonsense.length, heard);
    for (const [index, [name]] of nonsense.entries()) {
      const answers = (JSON.parse(replies[index] ?? '') as string).trim().split('\n');
      assert.equal(answers.length, 1, `${name}: ${answers.join('\n')}`);
      const { problem } = JSON.parse(answers[0] ?? '') as { problem: { kind: string; message: string } };
      assert.equal(problem.kind, 'usage', name);
      assert.doesNotMatch(problem.message, /\[\[|%%%|HTTP/, `${name}: it does not repeat what it was sent`);
    }
    await serves();
  });

  test('lets a client go that is slow, huge, half-closed, or gone', { timeout: 60_000 }, async () => {
    assert.match(await client(`socket.write('{"do":');`), /must arrive within 5 s/);
    assert.match(await client(`socket.write('x'.repeat(9_000_000)); `), /at most 4194304 bytes/);
    assert.match(await client(`socket.end('{"do":"list"}');`), /ends with a line end/);
    assert.match(await client(`socket.end('{"do":"list"}\\n');`), /"done"/);
    assert.match(
      await client(
        `const gone = open(); gone.write('{"do":"li'); gone.destroy(); socket.write('{"do":"list"}\\n');`,
      ),
      /"done"/,
    );
    await serves();
  });

  test('serves so many at a time, and more once those are gone', { timeout: 60_000 }, async () => {
    const heard = await client(`
      const idle = Array.from({ length: 40 }, open);
      for (const each of idle) each.on('error', () => undefined);
      await new Promise((resolve) => setTimeout(resolve, 300));
      const late = open();
      late.on('data', (chunk) => console.log(String(chunk)));
      late.on('error', () => undefined);
      await new Promise((resolve) => setTimeout(resolve, 300));
      for (const each of [...idle, late, socket]) each.destroy();`);
    assert.match(heard, /at most 16 at a time/);
    await serves();
  });

  test('a change goes on though its client is gone', { timeout: 60_000 }, async () => {
    const content = Buffer.from(`${await shell(`cat ${macros}`)}# gone client\n`).toString('base64');
    const command = {
      do: 'apply',
      folder: '/etc/exim4',
      reason: 'gone',
      edits: [{ path: macros, content }],
      expect: [],
      person: 'p',
    };
    await client(
      `socket.write(${JSON.stringify(JSON.stringify(command))} + '\\n', () => setTimeout(() => socket.destroy(), 200));`,
    );
    await until(async () => (await shell('git -C /etc/exim4 log -1 --format=%s')) === 'gone\n');
    await serves();
  });

  test('there is one keeper, and none without root or in a folder that others write to', async () => {
    const second = await as('root', 'keeper');
    assert.equal(second.status, 3);
    assert.match(second.stderr, /another one runs[\s\S]*hint: /);
    const user = await as('alice', 'keeper');
    assert.equal(user.status, 3);
    assert.match(user.stderr, /needs root[\s\S]*hint: /);
    const open = await run([
      'env',
      'PORTREEVE_STATE=/tmp/state',
      ...cli,
      'keeper',
      '--socket',
      '/tmp/keeper.sock',
    ]);
    assert.equal(open.status, 3);
    assert.match(open.stderr, /nobody else writes to[\s\S]*hint: /);
    const group = await run(['env', 'PORTREEVE_STATE=/tmp/state', ...cli, 'keeper', '--group', 'nobodies']);
    assert.notEqual(group.status, 0);
  });

  test('listens on no network, and ends when it is told to', { timeout: 30_000 }, async () => {
    assert.equal(await shell('ss -Htlunp | grep -c node || true'), '0\n');
    assert.equal((await run(['pkill', '-TERM', '-f', 'cli/main.* keeper'])).status, 0);
    await keeper.ended;
    assert.equal((await run(['test', '-e', socket])).status, 1, 'its socket is gone');
    const listed = await as('alice', 'change', 'list');
    assert.equal(listed.status, 3);
    assert.match(listed.stderr, /it must run[\s\S]*hint: /);
    assert.deepEqual(
      said.filter((line) => /Error|at file|portreeve: /.test(line)),
      [],
    );
  });
});
