/**
 * Hostile folders: whoever controls a file in a tracked folder must not get anything run, and must not
 * make the history hold anything but the bytes that were there. Ours is tried, and a person's own git.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import type { Result } from '../base/result.ts';
import { isRoot } from '../host/identity.ts';
import { auditHistory } from './audit.ts';
import { diffStates } from './diff.ts';
import { findCommit } from './find-commit.ts';
import { findDrift } from './drift.ts';
import { initRepository } from './init-repository.ts';
import { readLog } from './read-log.ts';
import { parseReason } from './reason.ts';
import { record } from './record.ts';
import type { Repository } from './repository.ts';
import { undoTo } from './undo.ts';
import { whyFile, whyLine } from './why.ts';

const skip = isRoot() ? false : 'owners are part of a history, so making one needs root';
const person = { name: 'alice', email: 'alice@example.test' };
const stateBefore = process.env['PORTREEVE_STATE'];
let base = '';
let folder = '';

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'hostile-')));
  folder = join(base, 'etc');
  mkdirSync(folder);
  process.env['PORTREEVE_STATE'] = join(base, 'state');
});
afterEach(() => {
  rmSync(base, { recursive: true });
  if (stateBefore === undefined) delete process.env['PORTREEVE_STATE'];
  else process.env['PORTREEVE_STATE'] = stateBefore;
});

function value<T>(result: Result<T>): T {
  assert.ok(result.ok, JSON.stringify(result));
  return result.value;
}

/** Git as an administrator runs it, in the folder, with nothing of ours around it. */
function plainGit(...args: readonly string[]): string {
  return execFileSync('git', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

async function tracked(): Promise<Repository> {
  const { repository } = value(await initRepository(folder));
  await recordAll(repository, 'baseline');
  return repository;
}

async function recordAll(repository: Repository, reason: string): Promise<string> {
  return value(
    await record(repository, { reason: value(parseReason(reason)), person, at: 1_800_000_000_000 }),
  ).commit;
}

function bytesOf(repository: Repository, path: string): Buffer {
  return execFileSync('git', [`--git-dir=${repository.gitDir}`, 'cat-file', 'blob', `HEAD:${path}`], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

interface Hostile {
  readonly name: string;
  /** Lays it out; `trap` is a program that leaves a mark when it is run. */
  readonly lay: (trap: string) => void;
  /** Path → bytes that the history has to hold. */
  readonly holds?: Readonly<Record<string, string>>;
  readonly holdsNot?: readonly string[];
  /** There is somebody's repository in the folder: plain git is theirs, not ours. */
  readonly foreign?: boolean;
}

const put = (path: string, content: string, mode = 0o644): void => {
  const full = join(folder, path);
  mkdirSync(join(full, '..'), { recursive: true });
  writeFileSync(full, content, { mode });
};

const odd = [
  '-rf',
  '--help',
  ':(exclude)*',
  ':(top)x',
  '*',
  'a b',
  ' lead',
  'tab\there',
  'line\nend',
  '"quoted"',
];
const odder = ["it's", 'back\\slash', '$(touch x)', '#hash', '!bang', 'ü\u202e', 'HEAD', 'con.git', '\\101'];

const hostiles: readonly Hostile[] = [
  {
    name: 'a repository in the folder with fsmonitor, hooks and a filter',
    lay: (trap) => {
      execFileSync('git', ['init', '--quiet', folder]);
      for (const [name, setting] of [
        ['core.fsmonitor', trap],
        ['core.hooksPath', join(base, 'hooks')],
        ['filter.z.clean', trap],
        ['filter.z.smudge', trap],
        ['diff.external', trap],
        ['core.pager', trap],
        ['core.sshCommand', trap],
      ] as const) {
        execFileSync('git', ['-C', folder, 'config', name, setting]);
      }
      put('.gitattributes', '* filter=z diff=z\n');
      put('exim4.conf', 'one\n');
    },
    holds: { 'exim4.conf': 'one\n', '.gitattributes': '* filter=z diff=z\n' },
    holdsNot: ['.git/config'],
    foreign: true,
  },
  {
    name: 'attributes that would convert, hide or substitute',
    lay: () => {
      put('.gitattributes', '* text=auto eol=lf ident working-tree-encoding=UTF-16 export-subst -diff\n');
      put('crlf.conf', 'one\r\ntwo\r\n');
      put('ident.conf', '$Id$ $Id: x $\n');
    },
    holds: { 'crlf.conf': 'one\r\ntwo\r\n', 'ident.conf': '$Id$ $Id: x $\n' },
  },
  {
    name: 'an ignore file that would hide everything',
    lay: () => {
      put('.gitignore', '*\n');
      put('exim4.conf', 'hidden?\n');
    },
    holds: { 'exim4.conf': 'hidden?\n', '.gitignore': '*\n' },
  },
  {
    name: 'a nested repository with hooks',
    lay: (trap) => {
      execFileSync('git', ['init', '--quiet', join(folder, 'nested')]);
      execFileSync('git', ['-C', join(folder, 'nested'), 'config', 'core.fsmonitor', trap]);
      put('nested/.git/hooks/post-commit', `#!/bin/sh\n${trap}\n`, 0o755);
      put('nested/exim4.conf', 'inner\n');
    },
    holds: { 'nested/exim4.conf': 'inner\n' },
    holdsNot: ['nested/.git/config'],
    foreign: true,
  },
  {
    name: 'a bare repository buried as files',
    lay: (trap) => {
      execFileSync('git', ['init', '--quiet', '--bare', join(folder, 'buried')]);
      execFileSync('git', ['-C', join(folder, 'buried'), 'config', 'core.fsmonitor', trap]);
    },
    holds: { 'buried/HEAD': 'ref: refs/heads/master\n' },
  },
  {
    name: 'submodule files',
    lay: (trap) => {
      put('.gitmodules', `[submodule "x"]\n\tpath = x\n\turl = ext::${trap}\n\tupdate = !${trap}\n`);
      put('x/.git', `gitdir: ${base}/elsewhere\n`);
      put('x/conf', 'x\n');
    },
    holds: { 'x/conf': 'x\n' },
    holdsNot: ['x/.git'],
    foreign: true,
  },
  {
    name: 'names that are options, pathspecs, quotes, line ends',
    lay: () => {
      for (const name of [...odd, ...odder]) put(name, name);
      put('sub/-x/\n', 'deep');
    },
    holds: { ...Object.fromEntries([...odd, ...odder].map((name) => [name, name])), 'sub/-x/\n': 'deep' },
  },
  {
    name: 'links that lead out, and in circles',
    lay: () => {
      symlinkSync('/etc/shadow', join(folder, 'shadow-link'));
      symlinkSync('.', join(folder, 'loop'));
      symlinkSync('/nowhere', join(folder, 'dangling'));
    },
    holds: { 'shadow-link': '/etc/shadow', loop: '.', dangling: '/nowhere' },
  },
  {
    name: 'a pipe that nobody writes to',
    lay: () => {
      execFileSync('/usr/bin/mkfifo', [join(folder, 'pipe')]);
      put('exim4.conf', 'x\n');
    },
    holds: { 'exim4.conf': 'x\n' },
    holdsNot: ['pipe'],
  },
];

for (const { name, lay, holds = {}, holdsNot = [], foreign = false } of hostiles) {
  test(`the history of ${name}: nothing runs, bytes are true`, { skip }, async () => {
    const mark = join(base, 'mark');
    const trap = join(base, 'trap');
    writeFileSync(trap, `#!/bin/sh\necho "$0 $*" >> ${mark}\ncat\n`, { mode: 0o755 });
    mkdirSync(join(base, 'hooks'));
    for (const hook of [
      'pre-commit',
      'post-commit',
      'post-index-change',
      'reference-transaction',
      'post-checkout',
    ]) {
      writeFileSync(join(base, 'hooks', hook), `#!/bin/sh\n${trap}\n`, { mode: 0o755 });
    }
    lay(trap);
    rmSync(mark, { force: true });
    process.env['GIT_CONFIG_COUNT'] = '1';
    process.env['GIT_CONFIG_KEY_0'] = 'core.fsmonitor';
    process.env['GIT_CONFIG_VALUE_0'] = trap;
    try {
      const repository = await tracked();
      for (const [path, content] of Object.entries(holds)) {
        assert.equal(bytesOf(repository, path).toString(), content, path);
      }
      for (const path of holdsNot) assert.throws(() => bytesOf(repository, path), path);
      assert.deepEqual(value(await findDrift(repository)).differences, []);
      writeFileSync(join(folder, 'more'), 'more\r\n');
      assert.deepEqual(
        value(await findDrift(repository)).differences.map(({ path }) => path),
        ['more'],
      );
      assert.match(value(await diffStates(repository, 'HEAD')).text, /^\+more/m);
      await recordAll(repository, '# two\n\nlines --amend');
      assert.equal(value(await readLog(repository, 5))[0]?.reason, '# two\n\nlines --amend');
      assert.equal(bytesOf(repository, 'more').toString(), 'more\r\n');
      assert.equal(value(await whyFile(repository, 'more')).length, 1);
      assert.equal(value(await whyLine(repository, 'more', 1)).length, 1);
      value(await auditHistory(repository));
      const back = value(await undoTo(repository, 'HEAD~1', ['.']));
      assert.deepEqual(
        back.edits.map(({ path, content }) => [path, content]),
        [[join(folder, 'more'), null]],
      );
    } finally {
      for (const variable of ['COUNT', 'KEY_0', 'VALUE_0']) delete process.env[`GIT_CONFIG_${variable}`];
    }
    if (!foreign) {
      plainGit('status');
      plainGit('diff', 'HEAD', '--');
      assert.equal(plainGit('log', '-1', '--format=%s', '--'), '# two\n');
    }
    assert.ok(!existsSync(mark), existsSync(mark) ? readFileSync(mark, 'utf8') : '');
  });
}

test('a change of mode alone is drift, and reads well', { skip }, async () => {
  put('passwd.client', 'secret', 0o640);
  const repository = await tracked();
  execFileSync('chmod', ['0644', join(folder, 'passwd.client')]);
  const drift = value(await findDrift(repository)).differences;
  assert.deepEqual(
    drift.map(({ before, after }) => [before?.mode, after?.mode]),
    [[0o640, 0o644]],
  );
  await recordAll(repository, 'open it');
  const shown = plainGit('show', '--format=', '-U0');
  assert.match(shown, /^-file {3}0640 root root passwd\.client secret/m);
  assert.match(shown, /^\+file {3}0644 root root passwd\.client secret/m);
});

test('a lock that a killed git left is told, with the way out', { skip }, async () => {
  put('exim4.conf', 'one\n');
  const repository = await tracked();
  put('exim4.conf', 'two\n');
  for (const lock of ['index.lock', 'refs/heads/main.lock']) {
    const path = join(repository.gitDir, lock);
    writeFileSync(path, '');
    const recorded = await record(repository, { reason: value(parseReason('x')), person, at: 0 });
    assert.ok(!recorded.ok);
    assert.equal(recorded.problem.kind, 'unavailable');
    assert.ok(recorded.problem.message.includes(path), recorded.problem.message);
    assert.ok(recorded.problem.hint?.includes(`rm ${path}`));
    rmSync(path);
  }
  await recordAll(repository, 'x');
});

test('findCommit() takes a record, and nothing for an option', { skip }, async () => {
  put('exim4.conf', 'one\n');
  const repository = await tracked();
  const head = plainGit('rev-parse', 'HEAD').trim();
  for (const text of ['HEAD', head, head.slice(0, 7), 'main']) {
    assert.equal(value(await findCommit(repository, text)), head);
  }
  for (const text of ['', 'nonsense', '--all', '-h', 'HEAD:exim4.conf', 'HEAD~5', 'main\nHEAD']) {
    const found = await findCommit(repository, text);
    assert.ok(!found.ok, text);
    assert.equal(found.problem.kind, 'no');
  }
});

test('the git directory is open to root alone', { skip }, async () => {
  put('exim4.conf', 'one\n');
  const repository = await tracked();
  assert.equal(execFileSync('stat', ['-c', '%a', repository.gitDir], { encoding: 'utf8' }), '700\n');
  assert.deepEqual(readdirSync(join(repository.gitDir)).includes('hooks'), false);
});
