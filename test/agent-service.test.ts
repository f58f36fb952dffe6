/** The agent as a service: an ordinary user with CAP_NET_ADMIN alone, who bans, and stops with bans kept. */
import assert from 'node:assert/strict';
import { ownProgram } from '../src/host/own-program.ts';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openLab } from '../src/lab/lab.ts';

const skip = process.geteuid?.() === 0 ? false : 'needs root for a lab machine';

const unprivileged = [
  'setpriv',
  '--reuid=portreeve',
  '--regid=portreeve',
  '--init-groups',
  '--inh-caps=-all,+net_admin',
  '--ambient-caps=-all,+net_admin',
  '--bounding-set=-all,+net_admin',
  '--no-new-privs',
  '--',
];

const relay =
  '2026-11-23 09:00:00 H=(x) [198.18.0.11] F=<a@b.example> rejected RCPT <a@c.test>: relay not permitted';

test('agent bans as an ordinary user with CAP_NET_ADMIN alone', { skip }, async (context) => {
  const lab = await openLab({ tell: () => undefined });
  assert.ok(lab.ok, JSON.stringify(lab));
  const machine = lab.value;
  context.after(async () => {
    await machine.close();
  });
  const banned = async (): Promise<boolean> => {
    const listed = await machine.run(['nft', 'list', 'set', 'inet', 'portreeve', 'banned4']);
    return listed.ok && listed.value.stdout.includes('198.18.0.11');
  };
  const start = (user: readonly string[]) => {
    const records: Record<string, unknown>[] = [];
    const errors: string[] = [];
    const service = machine.start([...user, ...ownProgram, '--json', 'agent', '--firewall', 'nft'], {
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
      onLine: (line) => records.push(JSON.parse(line) as Record<string, unknown>),
      onErrorLine: (line) => errors.push(line),
    });
    const until = async (done: () => boolean | Promise<boolean>): Promise<void> => {
      for (let waited = 0; waited < 15_000 && !(await done()); waited += 100) await sleep(100);
      assert.ok(await done(), errors.join(' | '));
    };
    const ready = async (): Promise<Record<string, unknown>> => {
      await until(() => records.some(({ type }) => type === 'ready'));
      return records.find(({ type }) => type === 'ready') ?? {};
    };
    return { service, errors, until, ready };
  };

  const agent = start(unprivileged);
  const { pid, firewall } = await agent.ready();
  assert.equal(firewall, 'nft');
  const status = await machine.succeed('look at the agent', ['cat', `/proc/${String(pid)}/status`]);
  assert.ok(status.ok);
  const field = (name: string): string =>
    new RegExp(`^${name}:\\s+(.*)$`, 'm').exec(status.value.stdout)?.[1] ?? '';
  const netAdmin = (1n << 12n).toString(16).padStart(16, '0');
  for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb'])
    assert.equal(field(set), netAdmin, set);
  assert.doesNotMatch(field('Uid'), /\b0\b/);
  assert.doesNotMatch(field('Gid'), /\b0\b/);
  assert.equal(field('NoNewPrivs'), '1');

  await agent.until(async () => {
    await machine.run(['sh', '-c', 'echo "$1" >> /var/log/exim4/mainlog', 'sh', relay]);
    return await banned();
  });
  await machine.succeed('flush', ['nft', 'flush', 'ruleset']);
  const flushed = performance.now();
  await agent.until(banned);
  assert.ok(performance.now() - flushed < 5000, 'what others flush is noticed within 5 s');
  await machine.run(['sh', '-c', 'kill -TERM "$1"', 'sh', String(pid)]);
  assert.equal(await agent.service.ended, 0);
  assert.ok(await banned(), 'bans outlive the agent');

  const powerless = [
    'setpriv',
    '--reuid=portreeve',
    '--regid=portreeve',
    '--init-groups',
    '--bounding-set=-all',
    '--',
  ];
  const observer = start(powerless);
  assert.equal((await observer.ready())['firewall'], 'null');
  assert.match(observer.errors.join('\n'), /[Pp]ermi[\s\S]*NOBODY IS BANNED/);
  observer.service.signal('SIGKILL');
});
