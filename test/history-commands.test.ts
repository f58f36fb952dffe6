/** The commands of history, as a person uses them, on a folder of their own. */
import assert from 'node:assert/strict';
import { ownModule } from '../src/host/own-module.ts';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, test } from 'node:test';
import { treeFacts } from '../bench/random-edits.ts';
import { checkout } from '../src/host/checkout.ts';
import { isRoot } from '../src/host/identity.ts';

const options = {
  skip: isRoot() ? false : 'owners are part of a history, so making one needs root',
  timeout: 60_000,
};
let base = '';
let folder = '';

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'history-commands-')));
  folder = join(base, 'etc');
  mkdirSync(folder);
  writeFileSync(join(folder, 'exim4.conf'), 'one\ntwo\nthree\nfour\nfive\n');
});
afterEach(() => {
  rmSync(base, { recursive: true });
});

interface Said {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const environment = (): Record<string, string> => ({
  PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
  PORTREEVE_STATE: join(base, 'state'),
  NODE_COMPILE_CACHE: `${checkout}/.cache/node-compile`,
  SUDO_USER: 'alice',
});

function portreeve(...args: readonly string[]): Said {
  const argv = [ownModule('cli/main'), 'history', ...args];
  return spawnSync(process.execPath, argv, {
    cwd: folder,
    encoding: 'utf8',
    env: environment(),
    input: '',
    timeout: 30_000,
  });
}
function did(...args: readonly string[]): string {
  const said = portreeve(...args);
  assert.equal(said.status, 0, `${args.join(' ')}: ${said.stdout}${said.stderr}`);
  return said.stdout;
}
function refused(status: number, words: RegExp, ...args: readonly string[]): Said {
  const said = portreeve(...args);
  assert.equal(said.status, status, `${args.join(' ')}: ${said.stdout}${said.stderr}`);
  assert.match(said.stderr, words);
  return said;
}
function git(...args: readonly string[]): string {
  const as = ['-c', 'user.name=Bob', '-c', 'user.email=bob@example.test'];
  return execFileSync('git', [...as, ...args], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}
const put = (path: string, text: string, mode = 0o644): void => {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), text);
  chmodSync(join(folder, path), mode);
};
const read = (path: string): string => readFileSync(join(folder, path), 'utf8');
const newest = (): string => git('rev-parse', 'HEAD').trim();

test('history record takes paths, a reason with -m, and no empty one', options, () => {
  did('init', folder);
  put('a', '1\n');
  put('sub/b', '1\n');
  assert.match(did('record', '-m', 'only b', 'sub/b'), /new file root:root 0644/);
  assert.match(portreeve('status').stdout, /^ {2}a {2}new file/m);
  for (const reason of ['', ' \t '])
    refused(2, /it must have a reason: none was given\n {2}hint/, 'record', '-m', reason);
  refused(2, /it must have a reason/, 'record');
  refused(2, /must lie in/, 'record', '-m', 'x', '--folder', folder, '../x');
  did('record', '-m', 'a as well', folder);
  assert.equal(portreeve('status').status, 0);
});

test('history undo shows a conflict with its lines, and does nothing', options, () => {
  did('init', folder);
  put('exim4.conf', 'one\nTWO\nthree\nfour\nfive\n');
  did('record', '-m', 'two');
  const id = newest();
  put('exim4.conf', 'one\nzwei\nthree\nfour\nfive\n');
  put('other', 'x');
  did('record', '-m', 'later');
  const before = treeFacts(folder);
  const said = portreeve('undo', id);
  assert.equal(said.status, 1);
  assert.match(said.stdout, /conflict exim4\.conf: the same lines have been changed since/);
  assert.match(said.stdout, /^ {4}zwei$/m);
  assert.match(said.stdout, /^ {4}two$/m);
  assert.match(said.stderr, /nothing was done/);
  assert.deepEqual(treeFacts(folder), before);
});

test('history undo --to takes back a file, a folder, everything; by record and by time', options, () => {
  put('conf.d/a', '1\n', 0o600);
  put('conf.d/b', '1\n');
  did('init', folder);
  const first = newest();
  put('conf.d/a', '2\n', 0o644);
  put('conf.d/b', '2\n');
  put('exim4.conf', 'changed\n');
  symlinkSync('exim4.conf', join(folder, 'link'));
  did('record', '-m', 'all of it');
  did('undo', '--to', first, 'conf.d/a', '-m', 'a is wrong');
  assert.deepEqual([read('conf.d/a'), read('conf.d/b')], ['1\n', '2\n']);
  assert.equal(git('log', '-1', '--format=%an: %B').trim(), 'alice: a is wrong');
  did('undo', '--to', first, 'conf.d');
  assert.deepEqual([read('conf.d/b'), read('exim4.conf')], ['1\n', 'changed\n']);
  did('undo', '--to', first);
  assert.equal(read('exim4.conf'), 'one\ntwo\nthree\nfour\nfive\n');
  assert.ok(!existsSync(join(folder, 'link')));
  assert.match(did('undo', '--to', 'now'), /nothing to change/);
  refused(1, /a record must be as old/, 'undo', '--to', '2 hours ago');
  refused(2, /one that means something/, 'undo', '--to', 'when it still worked');
  refused(2, /must be in the past/, 'undo', '--to', '2999-01-01');
  refused(1, /must know it: it does not/, 'undo', '--to', first, 'no-such-file');
  refused(2, /it must be one record/, 'undo');
});

test('history undo refuses to lose a secret, and --keep-secrets leaves it', options, () => {
  put('exim.key', 'first key', 0o640);
  did('init', folder);
  const first = newest();
  put('exim.key', 'second key', 0o600);
  put('exim4.conf', 'x\n');
  did('record', '-m', 'new key');
  const said = portreeve('undo', '--to', first);
  assert.equal(said.status, 1);
  assert.match(said.stdout, /exim\.key: its content was a secret/);
  assert.equal(read('exim4.conf'), 'x\n');
  did('undo', '--to', first, '--keep-secrets');
  assert.equal(read('exim.key'), 'second key');
  assert.notEqual(read('exim4.conf'), 'x\n');
});

test(
  'a commit by plain git is welcome: its message is the reason, owners and modes are added',
  options,
  () => {
    did('init', folder);
    put('new.conf', 'n\n', 0o640);
    put('exim4.conf', 'by hand\n');
    put('drifting', 'x\n');
    git('add', 'new.conf', 'exim4.conf');
    git('commit', '--quiet', '-m', 'by hand, on purpose');
    did('record', '-m', 'the rest');
    const log = did('log');
    assert.match(log, /Bob {2}by hand, on purpose/);
    assert.doesNotMatch(log, /owners and modes of/);
    const [rest = '', hand = ''] = log.split(/^(?=[0-9a-f]{12} )/m);
    assert.match(rest, /drifting {2}new file/);
    assert.match(hand, /new\.conf {2}new file root:root 0640/);
    assert.match(hand, /exim4\.conf {2}content/);
    assert.doesNotMatch(rest, /new\.conf/);
    assert.equal(git('status', '--porcelain'), '');
    did('undo', hand.slice(0, 12));
    assert.ok(!existsSync(join(folder, 'new.conf')));
    assert.equal(read('drifting'), 'x\n');
  },
);

test('history init --adopt takes a repository over with its whole history', options, () => {
  git('init', '--quiet', '--initial-branch=master');
  git('add', '-A');
  git('commit', '--quiet', '-m', 'years ago');
  git('branch', 'side');
  git('tag', 'v1');
  git('gc', '--quiet');
  put('exim4.conf', 'password = Tr0ub4dor\n');
  git('commit', '--quiet', '-a', '-m', 'pasted');
  put('exim4.conf', 'clean\n', 0o600);
  git('config', 'core.fsmonitor', `touch ${base}/mark; false`);
  rmSync(join(base, 'mark'), { force: true });
  did('init', folder, '--adopt', '-m', 'as found');
  const log = did('log');
  for (const reason of ['as found', 'pasted', 'years ago'])
    assert.match(log, new RegExp(`Bob {2}${reason}|alice {2}${reason}`));
  assert.match(git('branch', '--list'), /\* main\n {2}side/);
  assert.equal(git('tag').trim(), 'v1');
  assert.equal(git('status', '--porcelain'), '');
  assert.ok(!existsSync(join(base, 'mark')));
  const audit = portreeve('audit');
  assert.equal(audit.status, 1);
  assert.match(audit.stdout, /^exim4\.conf {2}[0-9a-f]{12} {2}line 1: a password$/m);
  assert.doesNotMatch(audit.stdout, /Tr0ub/);
  did('init', folder, '--adopt');
});

for (const [name, spoil, words] of [
  [
    'a corrupt one',
    (): void => {
      const blob = git('rev-parse', 'HEAD:exim4.conf').trim();
      rmSync(join(folder, '.git/objects', blob.slice(0, 2), blob.slice(2)));
    },
    /it must be whole/,
  ],
  ['one in the middle of a merge', (): void => put('.git/MERGE_HEAD', newest()), /a merge is/],
  [
    'one without its objects',
    (): void => put('.git/objects/info/alternates', '/elsewhere\n'),
    /in another repository/,
  ],
  [
    'one with the name main in use',
    (): void => {
      git('branch', '-m', 'trunk');
      git('branch', 'main');
    },
    /the branch name main must be free/,
  ],
] as const) {
  test(`history init --adopt refuses ${name}, and touches nothing`, options, () => {
    git('init', '--quiet', '--initial-branch=main');
    git('add', '-A');
    git('commit', '--quiet', '-m', 'first');
    spoil();
    const before = treeFacts(join(folder, '.git'));
    const said = refused(2, words, 'init', folder, '--adopt');
    assert.match(said.stderr, /^ {2}hint: /m);
    assert.deepEqual(treeFacts(join(folder, '.git')), before);
    assert.ok(!existsSync(join(base, 'state/history', gitDirName(), 'HEAD')));
  });
}

test('history explain tells the reason later, and why finds it through a rename', options, () => {
  did('init', folder);
  put('exim4.conf', 'one\ntwo\nthree\nfour!\nfive\n');
  did('record', '-m', 'drift: exim4.conf');
  assert.match(portreeve('status').stdout, /unexplained: [0-9a-f]{12} drift: exim4\.conf/);
  did('explain', newest(), '-m', 'four was too quiet');
  assert.doesNotMatch(portreeve('status').stdout, /unexplained/);
  renameSync(join(folder, 'exim4.conf'), join(folder, 'exim.conf'));
  did('record', '-m', 'a shorter name');
  put('exim.conf', 'one\ntwo\nthree\nfour!\nFIVE\n');
  did('record', '-m', 'five louder');
  const why = did('why', 'exim.conf:4');
  assert.match(why, /first record[^]*drift: exim4\.conf[^]*because: four was too quiet \(alice\)/);
  assert.doesNotMatch(why, /five louder/);
  assert.match(did('why', 'exim.conf'), /first record[^]*drift[^]*a shorter name[^]*five louder/);
  refused(1, /line 99 of exim\.conf must be recorded/, 'why', 'exim.conf:99');
  refused(1, /must know the path: nothing/, 'why', 'nothing');
  assert.match(did('show'), /five louder[^]*\+FIVE/);
});

test('history why tells of a change of mode alone, and of odd names', options, () => {
  const odd = 'a (b) + "c"\n[d]';
  put(odd, 'x\n');
  did('init', folder);
  chmodSync(join(folder, odd), 0o600);
  did('record', '-m', 'closed');
  put('other', 'x\n');
  did('record', '-m', 'something else');
  const why = did('why', odd);
  assert.match(why, /first record[^]*closed\n.*mode 0644 → 0600/);
  assert.doesNotMatch(why, /something else/);
});

test('a secret pasted into an ordinary file is caught before it is recorded', options, () => {
  did('init', folder);
  put('exim4.conf', 'one\nhide mysql_servers = localhost/mail/exim/Tr0ub4dor\n');
  const said = refused(
    1,
    /line 2 looks like the password of a database\n {2}hint: .*--as-secret/,
    'record',
    '-m',
    'x',
  );
  assert.doesNotMatch(said.stderr, /Tr0ub/);
  did('record', '-m', 'with the database', '--as-secret');
  const objects = (): string => git('cat-file', '--batch-all-objects', '--batch', '--buffer');
  assert.doesNotMatch(objects(), /Tr0ub/);
  did('audit');
  put('notes', 'password = not-a-real-one\n');
  did('record', '-m', 'an example', '--in-clear', 'notes');
  assert.match(objects(), /not-a-real-one/);
  assert.equal(portreeve('status').status, 0);
});

test('secrets sealed to a recovery key come back by it, and can be forgotten', options, () => {
  put('passwd', 'alice:first\n', 0o640);
  did('init', folder);
  const key = join(base, 'recovery');
  assert.match(did('seal', '--new', key), /sealed to age1\w+; 1 content/);
  assert.equal(statSync(key).mode & 0o777, 0o600);
  refused(2, /it must not exist/, 'seal', '--new', key);
  put('passwd', 'alice:second\n');
  did('record', '-m', 'a new password');
  const objects = (): string => git('cat-file', '--batch-all-objects', '--batch', '--buffer');
  assert.doesNotMatch(objects(), /alice:/);
  const conflict = portreeve('undo', newest());
  assert.equal(conflict.status, 1);
  assert.match(conflict.stdout, /passwd: .*the recovery key opens it/);
  refused(2, /it must be a recovery key/, 'undo', newest(), '--recovery-key', join(folder, 'exim4.conf'));
  did('undo', newest(), '--recovery-key', key);
  assert.equal(read('passwd'), 'alice:first\n');
  assert.equal(statSync(join(folder, 'passwd')).mode & 0o777, 0o640);
  did('seal', '--forget');
  assert.doesNotMatch(objects(), /age-encryption/);
  assert.match(portreeve('seal').stdout, /by fingerprint alone/);
  git('fsck');
});

test('an experiment is dropped, kept, or ends by itself', options, () => {
  did('init', folder);
  const first = newest();
  did('try', 'loud');
  put('exim4.conf', 'LOUD\n', 0o600);
  put('extra/x', 'x\n');
  did('record', '-m', 'louder');
  refused(1, /one experiment at a time: loud is at work/, 'try', 'another');
  assert.match(portreeve('status').stdout, /experiment: loud/);
  did('drop');
  assert.match(read('exim4.conf'), /^one/);
  assert.ok(!existsSync(join(folder, 'extra')));
  assert.equal(newest(), first);
  assert.equal(git('status', '--porcelain'), '');
  assert.match(git('log', '--format=%s', 'try/loud'), /^drop loud\nlouder\n/);
  refused(1, /there was an experiment loud before/, 'try', 'loud');
  refused(2, /one that a branch can have/, 'try', 'a..b');
  refused(1, /there must be one: there is none/, 'keep');
  did('try', 'quiet');
  put('exim4.conf', 'quiet\n');
  did('record', '-m', 'quieter');
  did('keep');
  assert.equal(read('exim4.conf'), 'quiet\n');
  assert.equal(git('log', '-1', '--format=%s', 'main'), 'quieter\n');
  assert.equal(git('symbolic-ref', 'HEAD'), 'refs/heads/main\n');
});

test('history try --for comes back by itself', options, async () => {
  did('init', folder);
  assert.match(did('try', 'brief', '--for', '1s'), /dropped by itself at/);
  put('exim4.conf', 'brief\n');
  for (let waited = 0; !read('exim4.conf').startsWith('one') && waited < 15_000; waited += 50)
    await sleep(50);
  for (let waited = 0; git('symbolic-ref', 'HEAD') !== 'refs/heads/main\n' && waited < 5000; waited += 50) {
    await sleep(50);
  }
  assert.match(read('exim4.conf'), /^one/);
  assert.equal(portreeve('status').status, 0);
});

test('history push takes it elsewhere; a push that fails hurts no record', options, () => {
  did('init', folder);
  const bare = join(base, 'bare.git');
  execFileSync('git', ['init', '--quiet', '--bare', bare]);
  refused(2, /a place must be named once/, 'push');
  for (const odd of ['ext::sh -c id', '--upload-pack=x', 'https://example.test/x', '-x:y', 'a::b']) {
    refused(2, /it must be ssh:\/\/host\/path/, 'push', `--to=${odd}`);
  }
  did('push', '--to', bare);
  put('exim4.conf', 'pushed\n');
  assert.match(did('record', '-m', 'pushed'), /pushed to/);
  const there = execFileSync('git', ['--git-dir', bare, 'log', '-1', '--format=%s', 'main'], {
    encoding: 'utf8',
  });
  assert.equal(there, 'pushed\n');
  rmSync(bare, { recursive: true });
  put('exim4.conf', 'not pushed\n');
  const recorded = portreeve('record', '-m', 'not pushed');
  assert.equal(recorded.status, 0);
  assert.match(recorded.stderr, /cannot push to/);
  assert.match(portreeve('status').stdout, /not pushed to .*: cannot push to/);
});

test("the packages' hook records with the list of packages, and never says no", options, () => {
  did('init', folder);
  put('mine', 'drift\n');
  did('packages', 'before');
  put('exim4.conf', 'by a package\n');
  const list = join(base, 'state/packages-before');
  writeFileSync(list, readFileSync(list, 'utf8').replace(/^bash .*$/m, 'bash 0.1'));
  did('packages', 'after');
  const log = did('log');
  assert.match(
    log,
    /packages {2}packages: upgraded bash\n[^]*upgraded bash 0\.1 → [^]*exim4\.conf {2}content/,
  );
  assert.match(log, /drift before a run of the package manager/);
  did('undo', '--to', 'before the upgrade of bash', 'exim4.conf');
  assert.match(read('exim4.conf'), /^one/);
  // A history that is broken, a program that is missing or fails: apt goes on.
  writeFileSync(join(base, 'state/history', gitDirName(), 'HEAD'), 'nonsense');
  assert.equal(portreeve('packages', 'after').status, 0);
  const hook = readFileSync(`${checkout}/packaging/apt/80portreeve`, 'utf8');
  const commands = [...hook.matchAll(/\{ "(.*)"; \};$/gm)].map(([, command = '']) => command);
  assert.equal(commands.length, 2);
  for (const command of commands) {
    for (const program of ['/nowhere/portreeve', '/bin/false']) {
      execFileSync('sh', ['-eu', '-c', command.replaceAll('/usr/bin/portreeve', program)]);
    }
  }
  execFileSync('apt-config', ['-c', `${checkout}/packaging/apt/80portreeve`, 'dump']);
});

function gitDirName(): string {
  return folder.slice(1).replaceAll('-', String.raw`\x2d`).replaceAll('/', '-');
}

test('history init refuses what cannot be tracked, with a way on', options, () => {
  symlinkSync(folder, join(base, 'link'));
  writeFileSync(join(base, 'file'), '');
  for (const [path, status, words] of [
    [join(base, 'link'), 2, /it is a link to one\n {2}hint: name the folder itself/],
    [join(base, 'file'), 2, /it must be a folder: it is none\n {2}hint/],
    [join(base, 'nowhere'), 3, /no such file or folder\n {2}hint/],
    ['/', 2, /must lie apart from Portreeve's own/],
  ] as const) {
    refused(status, words, 'init', path);
  }
  refused(3, /it must be a tracked folder: it is none\n {2}hint/, 'log', folder);
});
