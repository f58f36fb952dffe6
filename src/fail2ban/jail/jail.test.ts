// Jails: times, formulas, ports, actions, what cannot be run, and what follows from lines.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { parseAddress } from '../../base/address.ts';
import { datesOf } from '../dates/dates-of.ts';
import { readFormula } from './arithmetic.ts';
import { readBanTime } from './ban-time.ts';
import { ignoreArguments, readIgnoreCommand } from './ignore-command.ts';
import { FailureCount } from './jail-count.ts';
import { JailWatch } from './jail-watch.ts';
import { mapActions } from './map-actions.ts';
import { readPorts, readServices } from './ports.ts';
import { readJails, type ReadJails } from './read-jails.ts';
import { readSeconds } from './seconds.ts';

test('times', () => {
  const times: [text: string, seconds: number | undefined][] = [
    ['600', 600],
    ['10m', 600],
    ['1h 2m 3s', 3723],
    ['1d12h', 129_600],
    ['1year-6mo', 15_778_800],
    ['2 weeks', 1_209_600],
    ['2*1w', 1_209_600],
    ['-1', -1],
    ['1 fortnight', undefined],
    ['', undefined],
    ['__import__', undefined],
  ];
  for (const [text, seconds] of times) {
    const read = readSeconds(text);
    assert.equal(read.ok ? read.value : undefined, seconds, text);
  }
});

test("formulas are Python's arithmetic, and nothing else", () => {
  const names = { 'ban.Time': 600, 'ban.Count': 3, banFactor: 1 };
  const rows: [text: string, value: number | undefined][] = [
    ['ban.Time * (1<<(ban.Count if ban.Count<20 else 20)) * banFactor', 4800],
    ['ban.Time * math.exp(float(ban.Count+1)*banFactor)/math.exp(1*banFactor)', 600 * Math.exp(3)],
    ['-2**2', -4],
    ['2**3**2', 512],
    ['-7 // 2', -4],
    ['-7 % 3', 2],
    ['1 if 0 else 2', 2],
    ['min(ban.Time, 100) + max(1, 2, 3)', 103],
    ['1/0', Number.NaN],
    ['not 1 or 2 and 3', 3],
    ['__import__("os").system("x")', undefined],
    ['ban.__class__', undefined],
    ['ban.Time; 1', undefined],
    ['(1', undefined],
    [`${'('.repeat(60)}1${')'.repeat(60)}`, undefined],
  ];
  for (const [text, value] of rows) {
    const formula = readFormula(text, Object.keys(names));
    assert.deepEqual(formula.ok ? formula.value(names) : undefined, value, text);
  }
});

test('a ban is longer for who comes back', () => {
  const seconds = (options: Record<string, string>, earlier: number): number => {
    const time = readBanTime((name) => options[name]);
    assert.ok(time.ok);
    return time.value.seconds(earlier, 0.5);
  };
  const grows = { bantime: '10m', 'bantime.increment': 'true' };
  assert.deepEqual(
    [0, 1, 2].map((count) => seconds(grows, count)),
    [600, 1200, 2400],
  );
  assert.equal(seconds({ ...grows, 'bantime.maxtime': '1000' }, 5), 1000);
  assert.equal(seconds({ ...grows, 'bantime.rndtime': '60' }, 1), 1230);
  assert.deepEqual(
    [1, 2, 9].map((count) => seconds({ ...grows, 'bantime.multipliers': '1 5 30' }, count)),
    [3000, 18_000, 18_000],
  );
  assert.equal(seconds({ ...grows, 'bantime.formula': 'ban.Time / 0' }, 3), 600);
  assert.equal(seconds({ bantime: '-1' }, 0), Number.POSITIVE_INFINITY);
});

test('ignorecommand is an argument vector', () => {
  const read = readIgnoreCommand('/usr/bin/known --list "a b" <ip>');
  assert.ok(read.ok);
  assert.deepEqual(ignoreArguments(read.value, { ip: '192.0.2.7; rm -rf /' }), [
    '/usr/bin/known',
    '--list',
    'a b',
    '192.0.2.7; rm -rf /',
  ]);
  for (const text of [
    '/bin/a | /bin/b',
    '/bin/a $HOME',
    '/bin/a `b`',
    '/bin/a; b',
    'relative <ip>',
    '/bin/a "$x"',
    '/bin/a > f',
  ]) {
    assert.equal(readIgnoreCommand(text).ok, false, text);
  }
});

test('ports and actions', () => {
  const services = readServices('smtp 25/tcp mail # x\nweird 4711/tcp\n');
  const ports = (text: string): unknown => {
    const read = readPorts(text, services);
    return read.ok ? read.value : undefined;
  };
  assert.deepEqual(ports('ssh'), [22]);
  assert.deepEqual(ports('mail,465, submission weird'), [25, 465, 587, 4711]);
  assert.deepEqual(ports('80-82'), [80, 81, 82]);
  assert.equal(ports('0:65535'), 'all');
  assert.equal(ports('all'), 'all');
  assert.equal(ports('nonsense-service'), undefined);
  const mapped = mapActions(
    'iptables-multiport[name=x, port="25,465"]\n sendmail-whois[name=x]\n mine[port=1]',
  );
  assert.deepEqual([mapped.port, mapped.allPorts], ['25,465', false]);
  assert.deepEqual(
    mapped.left.map((line) => line.split(':')[0]),
    ['action sendmail-whois', 'action mine'],
  );
  assert.equal(mapActions('iptables-allports').allPorts, true);
  assert.equal(mapActions('iptables[blocktype=RETURN, returntype=DROP]').admits, true);
});

test('failures within findtime', () => {
  const count = new FailureCount({ maxRetry: 3, findTime: 100 });
  assert.deepEqual(
    [0, 10, 20, 30].map((at) => count.add('a', at)),
    [false, false, true, false],
  );
  // Too far apart
  assert.deepEqual(
    [0, 200, 400].map((at) => count.add('b', at)),
    [false, false, false],
  );
  assert.deepEqual(
    [1, 2].map((at) => count.add('c', at, 2)),
    [false, false],
  );
  assert.deepEqual(
    [1, 2].map((at) => count.add('d', at, 1, 2)),
    [false, true],
  );
});

async function jails(
  t: { after: (done: () => void) => void },
  files: Record<string, string | Buffer>,
): Promise<ReadJails> {
  const folder = mkdtempSync(join(tmpdir(), 'portreeve-jails-'));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const read = await readJails(folder, 2026);
  assert.ok(read.ok);
  return read.value;
}

const filter = '[Definition]\nfailregex = \\[<HOST>\\] .*refused: too many connections\n';

test('the recipe of two files', async (t) => {
  const read = await jails(t, {
    'filter.d/exim-dos.conf': filter,
    'jail.local':
      '[exim-dos]\nenabled = true\nfilter = exim-dos\nport = all\nlogpath = /var/log/exim*/mainlog\nmaxretry = 1\nbantime = 3600\n',
  });
  const [jail] = read.jails;
  assert.ok(jail !== undefined);
  assert.deepEqual(
    [jail.name, jail.logs, jail.ports, jail.maxRetry],
    ['exim-dos', ['/var/log/exim*/mainlog'], 'all', 1],
  );

  let now = Date.UTC(2026, 10, 24, 10) / 1000;
  const watch = new JailWatch({
    jail,
    calendar: { now: () => now, local: (at) => at * 1000, instant: (at) => at / 1000 },
    own: [parseAddress('192.0.2.25')].flatMap((address) => address ?? []),
    earlier: new Map(),
    chance: () => 0,
    isSpared: (address) => address === '192.0.2.99',
    patience: (address) => (address === '192.0.2.50' ? 2 : 1),
    quarantine: new Set(),
  });
  const line = (address: string): unknown =>
    watch
      .line('log', `2026-11-24 10:00:00 Connection from [${address}] refused: too many connections`, () => {
        const dates = datesOf(undefined, 2026);
        assert.ok(dates.ok);
        return dates.value;
      })
      .map(({ target, seconds, earlier }) => [target.text, seconds, earlier]);
  assert.deepEqual(line('192.0.2.7'), [['192.0.2.7', 3600, 0]]);
  assert.deepEqual(line('192.0.2.7'), [], 'who is banned is not banned again');
  assert.deepEqual(line('192.0.2.25'), [], 'ignoreself');
  assert.deepEqual(line('192.0.2.99'), [], 'spared');
  assert.deepEqual([line('192.0.2.50'), line('192.0.2.50')], [[], [['192.0.2.50', 3600, 0]]]);
  assert.deepEqual(line('bad.example'), [], 'a name is no address');
  now += 4000;
  assert.deepEqual(line('192.0.2.7'), [['192.0.2.7', 3600, 1]]);
});

test('what a jail says stands in for what its filter says', async (t) => {
  const read = await jails(t, {
    'filter.d/f.conf': '[Definition]\nfailregex = <mode> <HOST>\nmode = filter\n[Init]\nmaxlines = 2\n',
    'jail.conf':
      '[DEFAULT]\nlogpath = /a\n  /b tail\nignoreip = 127.0.0.1/8 ::1 host.example\nfilter = f[mode=%(mode)s]\nmode = x\n' +
      '[one]\nenabled = yes\nmode = y\nfailregex = %(known/failregex)s\n  more <HOST>\n[two]\nenabled = no\n',
    'jail.d/z.local': '[one]\nmaxretry = 7\nfindtime = 1h\n',
  });
  const [jail] = read.jails;
  assert.ok(jail !== undefined, JSON.stringify(read.problems));
  assert.deepEqual(jail.definition.failregex, ['y <HOST>', 'more <HOST>']);
  assert.deepEqual([jail.rules.maxlines, jail.maxRetry, jail.findTime], [2, 7, 3600]);
  assert.deepEqual(jail.logs, ['/a', '/b']);
  assert.deepEqual(
    jail.ignored.map(({ text }) => text),
    ['127.0.0.0/8', '::1'],
  );
  assert.ok(jail.left.some((each) => each.includes('host.example')));
  assert.deepEqual(read.disabled, ['two']);
});

test('each jail that cannot be run is a problem with file and line; the others run', async (t) => {
  const read = await jails(t, {
    'filter.d/good.conf': filter,
    'filter.d/tag.conf': '[Definition]\nfailregex = <HOSTS>\n',
    'filter.d/nobody.conf': '[Definition]\nfailregex = nobody\n',
    'filter.d/syntax.conf': '[Definition]\n\nfailregex = <HOST> (\n',
    'filter.d/loop.conf': '[INCLUDES]\nbefore = loop.conf\n',
    'filter.d/latin.conf': Buffer.from('[Definition]\nfailregex = gr\xfc\xdfe <HOST>\n', 'latin1'),
    'jail.conf': [
      '[DEFAULT]\nenabled = true\nlogpath = /var/log/x\n',
      ...['good', 'tag', 'nobody', 'syntax', 'loop', 'latin', 'missing'].map(
        (name) => `[${name}]\nfilter = ${name}\n`,
      ),
      '[time]\nfilter = good\nbantime = soon\n[nolog]\nfilter = good\nlogpath =\n',
    ].join(''),
  });
  assert.deepEqual(
    read.jails.map(({ name }) => name),
    ['good'],
  );
  const says = new Map(read.problems.map(({ jail, problem }) => [jail, problem.message]));
  const expected: [jail: string, message: RegExp][] = [
    ['tag', /tag.conf, line 2: .*needs tags that fail2ban knows: <HOSTS>/],
    ['nobody', /nobody.conf, line 2: .*needs a group that names the host/],
    ['syntax', /syntax.conf, line 3: .*at position \d+/],
    ['loop', /line \d+: .*needs includes without a loop/],
    ['latin', /latin.conf, line 2: needs UTF-8/],
    ['missing', /jail.conf, line \d+: .*needs filter.d\/missing.conf/],
    ['time', /jail.conf, line \d+: .*cannot read the time/],
    ['nolog', /jail.conf, line \d+: .*needs a logpath/],
  ];
  for (const [jail, message] of expected) assert.match(says.get(jail) ?? 'no problem', message);
  assert.equal(says.size, expected.length);
});
