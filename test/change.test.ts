/**
 * The transaction on a real Exim in a lab machine: recorded, refused, proved wrong and undone, killed
 * between any two steps and repaired.
 */
import assert from 'node:assert/strict';
import { ownProgram } from '../src/host/own-program.ts';
import { after, before, describe, test } from 'node:test';
import { type Point, points } from '../src/change/transaction.ts';
import { isRoot } from '../src/host/identity.ts';
import { cacheFolder, checkout } from '../src/host/checkout.ts';
import type { Ran } from '../src/host/run.ts';
import { openLab } from '../src/lab/lab.ts';
import type { Machine } from '../src/lab/machine.ts';
import { eachNight } from './each-night.ts';

/** Those of the suite: after either something else has to be done. */
const chosenPoints: ReadonlySet<Point> = new Set(['applied', 'marked proved']);
const skip = isRoot() ? false : 'a lab machine needs root';

describe('a change on a live Exim', { skip }, () => {
  let machine: Machine;

  before(async () => {
    const opened = await openLab({ tell: () => undefined });
    assert.ok(opened.ok);
    machine = opened.value;
    await shell(`
      for name in right wrong; do
        openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=mx.example.test \\
          -keyout /tmp/$name.key -out /tmp/$name.crt 2>/dev/null
      done
      cd /etc/exim4
      install -o root -g Debian-exim -m 0640 /tmp/right.key exim.key
      install -o root -g Debian-exim -m 0640 /tmp/right.crt exim.crt`);
  });
  after(async () => {
    await machine.close();
  });

  async function run(argv: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
    const ran = await machine.run(argv, {
      env: {
        PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
        NODE_COMPILE_CACHE: `${cacheFolder}/node-compile`,
        ...env,
      },
    });
    assert.ok(ran.ok);
    return ran.value;
  }
  async function shell(script: string): Promise<string> {
    const ran = await run(['sh', '-eu', '-c', script]);
    assert.equal(ran.status, 0, ran.stderr);
    return ran.stdout;
  }
  async function portreeve(
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<Ran> {
    return await run([...ownProgram, ...args], env);
  }
  async function lastReason(): Promise<string> {
    return (await shell('git -C /etc/exim4 log -1 --format=%B | sed "/^Effect: /d"')).trim();
  }
  async function daemon(): Promise<string> {
    return (await shell('tr "\\0" " " < "/proc/$(cat /run/exim4/exim.pid)/cmdline"')).trim();
  }
  async function fingerprintOfFolder(): Promise<string> {
    return await shell(
      'cd /etc/exim4; find . -path ./.git -prune -o -printf "%p %u:%g %m %y\\n" | sort; find . -type f ! -path ./.git | sort | xargs sha256sum',
    );
  }

  test('history init records the folder, without a secret in clear', async () => {
    const made = await portreeve(['history', 'init', '/etc/exim4']);
    assert.equal(made.status, 0, made.stderr);
    const metadata = await shell('git -C /etc/exim4 show HEAD:.portreeve');
    assert.match(metadata, /^file {3}0640 root Debian-exim exim\.key secret [0-9a-f]{32}$/m);
    const everything = await shell(
      'cd /var/lib/portreeve/history/etc-exim4; git cat-file --batch-all-objects --batch --buffer',
    );
    assert.doesNotMatch(everything, /PRIVATE KEY|correct horse/);
    assert.match(everything, /dc_eximconfig_configtype/);
    assert.equal((await shell('stat -c %a /var/lib/portreeve/history/etc-exim4')).trim(), '700');
    assert.equal(await shell('git -C /etc/exim4 status --porcelain'), '');
  });

  test('a good change is proved and recorded, with the person behind sudo', async () => {
    await shell('cd /etc/exim4; cat exim4.conf.localmacros > /tmp/m; echo "MAIN_TLS_ENABLE = yes" >> /tmp/m');
    const applied = await portreeve(
      ['change', 'apply', 'exim4.conf.localmacros=/tmp/m', '--reason', 'TLS on', '--expect', 'starttls:587'],
      { SUDO_USER: 'alice' },
    );
    assert.equal(applied.status, 0, applied.stderr);
    assert.match(applied.stdout, /^prove +STARTTLS on port 587 works: TLSv1\.3/m);
    const recorded = await shell('git -C /etc/exim4 log -1 --format=%an/%cn/%B');
    assert.match(
      recorded,
      /^alice\/portreeve\/TLS on\n\nEffect: Exim .* has reloaded and listens\nEffect: port 25 still/,
    );
    const status = await portreeve(['history', 'status']);
    assert.equal(status.status, 0, status.stdout);
    const again = await portreeve(['change', 'apply', 'exim4.conf.localmacros=/tmp/m', '--reason', 'again']);
    assert.equal(again.status, 0);
    assert.match(again.stdout, /nothing to change/);
    assert.equal(await lastReason(), 'TLS on');
  });

  test('a syntax error is refused in rehearsal, and nothing is touched', async () => {
    const untouched = await fingerprintOfFolder();
    await shell('cat /etc/exim4/exim4.conf.localmacros > /tmp/m; echo "no_such_option = 1" >> /tmp/m');
    const refused = await portreeve(['change', 'apply', 'exim4.conf.localmacros=/tmp/m', '--reason', 'typo']);
    assert.equal(refused.status, 2);
    assert.match(refused.stderr, /no_such_option/);
    assert.equal(await fingerprintOfFolder(), untouched);
    assert.equal(await lastReason(), 'TLS on');
  });

  test('drift is recorded first, as what it is', async () => {
    await shell('cd /etc/exim4; chmod 0664 hubbed_hosts; echo "# by hand" >> hubbed_hosts');
    const status = await portreeve(['history', 'status']);
    assert.equal(status.status, 1);
    assert.match(status.stdout, /hubbed_hosts {2}content, mode 0644 → 0664/);
    await shell('cat /etc/exim4/exim4.conf.localmacros > /tmp/m; echo "# a comment" >> /tmp/m');
    const applied = await portreeve([
      'change',
      'apply',
      'exim4.conf.localmacros=/tmp/m',
      '--reason',
      'comment',
    ]);
    assert.equal(applied.status, 0, applied.stderr);
    const log = await shell('git -C /etc/exim4 log -2 --format=%s');
    assert.equal(log, 'comment\ndrift before: comment\n');
  });

  test('a key that does not fit is refused in rehearsal', async () => {
    const untouched = await fingerprintOfFolder();
    const refused = await portreeve(['change', 'apply', 'exim.key=/tmp/wrong.key', '--reason', 'new key']);
    assert.equal(refused.status, 2);
    assert.match(refused.stderr, /STARTTLS: it would be offered and then refused: /);
    assert.equal(await fingerprintOfFolder(), untouched);
  });

  test('what passes -bV and would kill the daemon is refused, and no HUP happens', async () => {
    const running = await daemon();
    const started = await shell(
      'cat /proc/$(cat /run/exim4/exim.pid)/stat | cut -d" " -f22; ss -Htlne "sport = :25"',
    );
    await shell(
      'cat /etc/exim4/exim4.conf.localmacros > /tmp/m; echo "tls_require_ciphers = BOGUS" >> /tmp/m',
    );
    const refused = await portreeve([
      'change',
      'apply',
      'exim4.conf.localmacros=/tmp/m',
      '--reason',
      'ciphers',
    ]);
    assert.equal(refused.status, 2);
    assert.match(refused.stderr, /the daemon: tls_require_ciphers invalid/);
    assert.equal(await daemon(), running);
    assert.equal(
      await shell('cat /proc/$(cat /run/exim4/exim.pid)/stat | cut -d" " -f22; ss -Htlne "sport = :25"'),
      started,
      'the same sockets: it was not reloaded',
    );
  });

  test('what only the live port shows is undone, and mail flows', async () => {
    const untouched = await fingerprintOfFolder();
    await shell(
      `sed "s/^dc_local_interfaces=.*/dc_local_interfaces='127.0.0.1'/" /etc/exim4/update-exim4.conf.conf > /tmp/a`,
    );
    const undone = await portreeve([
      'change',
      'apply',
      'update-exim4.conf.conf=/tmp/a',
      '--reason',
      'tidy up',
    ]);
    assert.equal(undone.status, 4, undone.stderr);
    assert.match(undone.stderr, /port 25 still serves.*: cannot connect to 192\.0\.2\.25 port 25/);
    assert.equal(await fingerprintOfFolder(), untouched);
    assert.match(untouched, /^\.\/exim\.key root:Debian-exim 640 f$/m);
    assert.match(await daemon(), /exim4 -bd -q30m/);
    assert.match(await lastReason(), /^undone: tidy up: /);
    assert.equal((await portreeve(['history', 'status'])).status, 0);
    await shell('swaks -s 192.0.2.25 -tls --to alice@example.test --from probe@world.example --silent 2');
    await shell(
      'for i in 1 2 3 4 5; do grep -q probe@world.example /var/mail/alice && exit; sleep 0.5; done; exit 1',
    );
  });

  test('a recorded change is taken back as a change, and later work stays', async () => {
    await shell(`cd /etc/exim4; cat hubbed_hosts > /tmp/h; sed -i '1i one.example: 192.0.2.1' /tmp/h`);
    const one = await portreeve(['change', 'apply', 'hubbed_hosts=/tmp/h', '--reason', 'route one']);
    assert.equal(one.status, 0, one.stderr);
    const id = (await shell('git -C /etc/exim4 rev-parse HEAD')).trim();
    await shell('echo "# later" >> /etc/exim4/hubbed_hosts; chmod 0640 /etc/exim4/hubbed_hosts');
    assert.equal((await portreeve(['history', 'record', '--reason', 'later work'])).status, 0);
    const undone = await portreeve(['history', 'undo', id]);
    assert.equal(undone.status, 0, undone.stderr);
    const text = await shell('cat /etc/exim4/hubbed_hosts; stat -c %a /etc/exim4/hubbed_hosts');
    assert.doesNotMatch(text, /one\.example/);
    assert.match(text, /# later\n640\n$/);
    assert.equal(await lastReason(), `undo ${id.slice(0, 12)}: route one`);
  });

  test('a port is closed only by whoever asks for that', { skip: eachNight }, async () => {
    const macros = '/etc/exim4/exim4.conf.localmacros';
    await shell(`cp -p ${macros} /tmp/before; sed 's/ : 587//' ${macros} > /tmp/m`);
    const apply = ['change', 'apply', 'exim4.conf.localmacros=/tmp/m', '--reason', 'no submission'];
    const undone = await portreeve(apply);
    assert.equal(undone.status, 4, undone.stderr);
    assert.match(undone.stderr, /port 587 still serves/);
    const closed = await portreeve([...apply, '--expect', 'closed:587']);
    assert.equal(closed.status, 0, closed.stderr);
    const opened = await portreeve([
      'change',
      'apply',
      'exim4.conf.localmacros=/tmp/before',
      '--reason',
      'again',
      '--expect',
      'starttls:587',
    ]);
    assert.equal(opened.status, 0, opened.stderr);
  });

  // Each step but the first two leaves a trace that the next run has to clear.
  for (const point of points) {
    if (point === 'waiting') continue;
    test(`killed when ${point}, the next run leaves it whole: before the proof undone, after it recorded`, {
      skip: chosenPoints.has(point) ? false : eachNight,
    }, async () => {
      const untouched = await fingerprintOfFolder();
      const killed = await run([
        process.execPath,
        '--input-type=module',
        '--eval',
        killedChange(`${checkout}/src/change/make-change.ts`, point),
      ]);
      assert.equal(killed.status, 137, `${killed.stdout}${killed.stderr}`);
      const repaired = await portreeve(['history', 'record', '--reason', 'after the crash']);
      assert.equal(repaired.status, 0, repaired.stderr);
      const kept = points.indexOf(point) >= points.indexOf('marked proved');
      if (kept) assert.match(await lastReason(), /^killed when/);
      else assert.equal(await fingerprintOfFolder(), untouched);
      assert.equal(await shell('ls -A /var/lib/portreeve/changes/etc-exim4'), '');
      assert.equal(await shell('find /etc/exim4 -name ".portreeve*"'), '');
      const status = await portreeve(['history', 'status']);
      assert.equal(status.status, 0, status.stdout);
      await shell('swaks -s 127.0.0.1 -tls -q HELO');
    });
  }
});

/** Two edits, a new file among them; kill -9 at one point. */
function killedChange(module: string, point: string): string {
  return `
    import { makeChange } from ${JSON.stringify(module)};
    import { readFileSync } from 'node:fs';
    const macros = '/etc/exim4/exim4.conf.localmacros';
    const outcome = await makeChange(
      {
        folder: '/etc/exim4',
        reason: ${JSON.stringify(`killed when ${point}`)},
        edits: [
          { path: macros, content: Buffer.concat([readFileSync(macros), Buffer.from('# one more\\n')]), mode: 0o600 },
          { path: '/etc/exim4/new-' + process.pid, content: Buffer.from('new'), group: 'Debian-exim', mode: 0o640 },
        ],
        proofs: [],
      },
      undefined,
      { reached: (point) => { if (point === ${JSON.stringify(point)}) process.kill(process.pid, 'SIGKILL'); } },
    );
    console.log(JSON.stringify(outcome));
  `;
}
