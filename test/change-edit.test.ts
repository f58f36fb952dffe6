/** `portreeve edit`, visudo's way, on a real Exim: by root, without and with a terminal; and its bad input. */
import assert from 'node:assert/strict';
import { ownProgram } from '../src/host/own-program.ts';
import { after, before, describe, test } from 'node:test';
import { cacheFolder } from '../src/host/checkout.ts';
import { isRoot } from '../src/host/identity.ts';
import type { Ran } from '../src/host/run.ts';
import { openLab } from '../src/lab/lab.ts';
import type { Machine } from '../src/lab/machine.ts';
import { eachNight } from './each-night.ts';

const skip = isRoot() ? false : 'a lab machine needs root';
const macros = '/etc/exim4/exim4.conf.localmacros';
const cli = ownProgram;

describe('edit', { skip }, () => {
  let machine: Machine;

  before(async () => {
    const opened = await openLab({ tell: () => undefined });
    assert.ok(opened.ok);
    machine = opened.value;
    const tracked = await run([...cli, 'history', 'init', '/etc/exim4']);
    assert.equal(tracked.status, 0, tracked.stderr);
  });
  after(async () => {
    await machine.close();
  });

  async function run(argv: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
    const path = {
      PATH: '/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      NODE_COMPILE_CACHE: `${cacheFolder}/node-compile`,
    };
    const ran = await machine.run(argv, { env: { ...path, ...env }, timeoutMs: 60_000 });
    assert.ok(ran.ok, ran.ok ? '' : ran.problem.message);
    return ran.value;
  }
  async function shell(script: string): Promise<string> {
    const ran = await run(['sh', '-eu', '-c', script]);
    assert.equal(ran.status, 0, `${script}: ${ran.stderr}`);
    return ran.stdout;
  }
  /** An editor that runs a script on its last argument, and notes how it was called. */
  async function edit(editor: string, ...args: readonly string[]): Promise<Ran> {
    await shell(`cat > /usr/local/bin/an-editor <<'EOF'
#!/bin/sh
echo "$@" > /tmp/called; for file; do :; done; stat -c '%a %U' "$file" > /tmp/look
${editor}
EOF
chmod 0755 /usr/local/bin/an-editor`);
    return await run([...cli, 'edit', ...args], { EDITOR: 'an-editor --wait' });
  }
  async function reason(): Promise<string> {
    return (await shell('git -C /etc/exim4 log -1 --format=%s')).trim();
  }

  test('edits a private copy of the same name, shows the difference, applies it', {
    timeout: 60_000,
  }, async () => {
    const edited = await edit('echo "# one" >> "$file"', macros, '-m', 'a comment');
    assert.equal(edited.status, 0, edited.stderr);
    assert.match(edited.stdout, /^\+# one$/m);
    assert.match(edited.stdout, /^rehearse [\s\S]*^prove [\s\S]*^record /m);
    assert.equal(await reason(), 'a comment');
    assert.match(await shell('cat /tmp/called'), /^--wait \/tmp\/portreeve-\w+\/exim4\.conf\.localmacros$/m);
    assert.equal(await shell('cat /tmp/look'), '600 root\n');
    assert.equal(await shell('ls -d /tmp/portreeve-* 2>/dev/null || true'), '', 'the copy is gone');
  });

  test('a file that is left as it was is no change', { timeout: 60_000 }, async () => {
    const edited = await edit(':', macros, '-m', 'nothing');
    assert.equal(edited.status, 0);
    assert.match(edited.stdout, /nothing to change/);
    assert.equal(await reason(), 'a comment');
  });

  test('what the rehearsal refuses is not applied', { timeout: 60_000 }, async () => {
    const untouched = await shell(`sha256sum ${macros}`);
    const edited = await edit('echo "smtp_banner = \\$no_such_variable" >> "$file"', macros, '-m', 'typo');
    assert.equal(edited.status, 2);
    assert.match(edited.stderr, /unknown variable name "no_such_variable"/);
    assert.equal(await shell(`sha256sum ${macros}`), untouched);
  });

  test('makes a new file; does not show a secret', { timeout: 60_000 }, async () => {
    const edited = await edit('echo "bob:hush" > "$file"', '/etc/exim4/passwd.bob', '-m', 'a login for bob');
    assert.equal(edited.status, 0, edited.stderr);
    assert.doesNotMatch(edited.stdout, /hush/);
    assert.equal(await shell('stat -c "%U:%G %a" /etc/exim4/passwd.bob'), 'root:Debian-exim 640\n');
  });

  test('at a terminal it asks, and no means no', { timeout: 60_000 }, async () => {
    await shell(`printf '#!/bin/sh\\necho "# not this" >> "$1"\\n' > /usr/local/bin/an-editor`);
    const untouched = await shell(`sha256sum ${macros}`);
    const command = `${cli.join(' ')} edit ${macros} -m x`;
    const asked = await run([
      'sh',
      '-c',
      `(sleep 2; echo n) | EDITOR=an-editor script -qec '${command}' /dev/null`,
    ]);
    assert.match(asked.stdout, /Apply it\?/);
    assert.match(asked.stdout, /nothing was touched/);
    assert.equal(asked.status, 1);
    assert.equal(await shell(`sha256sum ${macros}`), untouched);
  });

  for (const [name, editor, args, status, says] of [
    ['no reason', ':', [macros], 2, /must have a reason/],
    ['a reason of spaces', ':', [macros, '-m', '  '], 2, /must have a reason/],
    ['a file of no tracked folder', ':', ['/etc/hosts', '-m', 'x'], 3, /must lie in a tracked folder/],
    ['a folder that is not there', ':', ['/etc/nowhere/x', '-m', 'x'], 3, /nowhere/],
    ['a folder', ':', ['/etc/exim4/conf.d', '-m', 'x'], 2, /must be a regular file/],
    ['a symbolic link', ':', ['/etc/exim4/link', '-m', 'x'], 2, /symbolic link/],
    [
      'an expectation that there is not',
      'echo >> "$file"',
      [macros, '-m', 'x', '--expect', 'wonders'],
      2,
      /cannot expect wonders/,
    ],
    ['an editor that fails', 'exit 3', [macros, '-m', 'x'], 1, /it ended with status 3/],
    ['an editor that removes the file', 'rm "$file"', [macros, '-m', 'x'], 1, /it is gone/],
  ] as const) {
    test(`${name}: one problem with a hint`, { timeout: 60_000 }, async () => {
      await shell('ln -sfn /etc/hosts /etc/exim4/link');
      const untouched = await shell(
        'sha256sum /etc/hosts; cd /etc/exim4; find . -type f ! -path ./.git | sort | xargs sha256sum',
      );
      const edited = await edit(editor, ...args);
      assert.equal(edited.status, status, edited.stdout + edited.stderr);
      assert.match(edited.stderr, says);
      assert.equal(edited.stderr.match(/^portreeve: /gm)?.length, 1);
      assert.match(edited.stderr, /^ {2}hint: /m);
      assert.equal(
        await shell(
          'sha256sum /etc/hosts; cd /etc/exim4; find . -type f ! -path ./.git | sort | xargs sha256sum',
        ),
        untouched,
      );
    });
  }

  test('a change is tried in the lab first: what breaks there never comes here', {
    timeout: 120_000,
    skip: eachNight,
  }, async () => {
    // Nothing that a rehearsal sees: the configuration is sound, it is only open to the world.
    await shell(`cat ${macros} > /tmp/open; echo 'MAIN_RELAY_NETS = *' >> /tmp/open`);
    const untouched = await shell('git -C /etc/exim4 rev-parse HEAD');
    const tried = await run([...cli, 'history', 'try', 'open', `${macros}=/tmp/open`, '--rehearse']);
    assert.equal(tried.status, 1, tried.stderr);
    assert.match(tried.stderr, /^lab: reload .*has reloaded/m);
    assert.match(tried.stderr, /it must work in the lab: .*refuses probe@elsewhere\.invalid/);
    assert.equal(await shell('git -C /etc/exim4 rev-parse HEAD'), untouched);
    assert.equal(await shell('git -C /etc/exim4 branch --list "try/*"'), '');
  });
});
