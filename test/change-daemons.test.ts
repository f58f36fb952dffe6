/**
 * Changes of nginx, Apache, sshd and Dovecot, each running in a lab machine: a good one is in force, a bad
 * one is refused by the daemon's own check or by what that lets pass, one that closes a port is undone.
 * One in the suite, all of them each night. Postfix cannot be unpacked beside Exim (both provide mail-transport-agent); its row is not run here.
 */
import assert from 'node:assert/strict';
import { ownProgram } from '../src/host/own-program.ts';
import { after, before, describe, test } from 'node:test';
import { cacheFolder } from '../src/host/checkout.ts';
import { isRoot } from '../src/host/identity.ts';
import type { Ran } from '../src/host/run.ts';
import { openLab } from '../src/lab/lab.ts';
import type { Machine } from '../src/lab/machine.ts';
import { eachNight, nightly } from './each-night.ts';

const skip = isRoot() ? false : 'a lab machine needs root';

interface Case {
  readonly name: string;
  readonly folder: string;
  /** A file that is edited, and its content; `start` leaves the daemon running with it. */
  readonly file: string;
  readonly content: string;
  readonly start: string;
  readonly good: string;
  /** Shows that the good one is in force. */
  readonly shows: string;
  readonly refused: readonly (readonly [content: string, says: RegExp])[];
  readonly closesPort: string;
}

const sshd = 'Port 2022\nHostKey /etc/ssh/ssh_host_ed25519_key\nPidFile /run/sshd.pid\nUsePAM no\n';
const dovecot = `protocols = imap
listen = *
ssl = no
log_path = /tmp/dovecot.log
default_internal_user = dovecot
default_login_user = dovenull
service imap-login {
  inet_listener imap {
    port = 8143
  }
  inet_listener imaps {
    port = 0
  }
}
passdb {
  driver = static
  args = nopassword=y
}
`;

const cases: readonly Case[] = [
  {
    name: 'nginx',
    folder: '/etc/nginx',
    file: 'conf.d/lab.conf',
    content: 'server { listen 8081; return 200 one; }\n',
    start: 'mkdir -p /var/lib/nginx /var/log/nginx; nginx',
    good: 'server { listen 8081; return 200 two; }\n',
    shows: 'curl -s http://127.0.0.1:8081/ | grep -q two',
    refused: [
      ['server { listen 8081; no_such 1; }\n', /nginx must be able to work with it.*no_such/],
      [
        'server { listen 8081 ssl; ssl_certificate /nowhere.crt; ssl_certificate_key /nowhere.key; }\n',
        /nowhere\.crt/,
      ],
    ],
    closesPort: 'server { listen 8091; return 200 three; }\n',
  },
  {
    name: 'Apache',
    folder: '/etc/apache2',
    file: 'ports.conf',
    content: 'ServerName lab\nListen 8082\n',
    start: `mkdir -p /var/log/apache2 /var/www/html
      cd /etc/apache2; mkdir -p mods-enabled sites-enabled conf-enabled
      for mod in mpm_event.load mpm_event.conf authz_core.load; do ln -s ../mods-available/$mod mods-enabled/; done
      apache2ctl start`,
    good: 'ServerName lab2\nListen 8082\n',
    shows: 'ss -Htln "sport = :8082" | grep -q .',
    refused: [
      ['ServerName lab\nListen 8082\nNoSuch on\n', /Apache must be able to work with it.*NoSuch/],
      [
        'ServerName lab\nListen 8082\n<VirtualHost *:8082>\nDocumentRoot /nowhere\n</VirtualHost>\n',
        /DocumentRoot \[\/nowhere\] does not exist/,
      ],
    ],
    closesPort: 'ServerName lab\nListen 8092\n',
  },
  {
    name: 'sshd',
    folder: '/etc/ssh',
    file: 'sshd_config',
    content: sshd,
    start:
      'useradd --system --home-dir /run/sshd --shell /usr/sbin/nologin sshd; mkdir -p /run/sshd; ssh-keygen -A >/dev/null; /usr/sbin/sshd',
    good: `${sshd}MaxAuthTries 2\n`,
    shows: 'ss -Htln "sport = :2022" | grep -q .',
    refused: [
      [`${sshd}NoSuch yes\n`, /sshd must be able to work with it.*NoSuch/i],
      [
        `${sshd}PubkeyAuthentication no\nPasswordAuthentication no\nKbdInteractiveAuthentication no\n`,
        /one way to log in must be allowed/,
      ],
    ],
    closesPort: sshd.replace('2022', '2023'),
  },
  {
    name: 'Dovecot',
    folder: '/etc/dovecot',
    file: 'dovecot.conf',
    content: dovecot,
    start: `useradd --system --shell /usr/sbin/nologin dovecot; useradd --system --shell /usr/sbin/nologin dovenull
      mkdir -p /run/dovecot /var/lib/dovecot; dovecot`,
    good: `${dovecot}mail_debug = yes\n`,
    shows: 'ss -Htln "sport = :8143" | grep -q .',
    refused: [
      [`${dovecot}no_such = 1\n`, /Dovecot must be able to work with it.*no_such/],
      [`${dovecot}ssl_cert = </nowhere.crt\n`, /nowhere\.crt/],
    ],
    closesPort: dovecot.replace('8143', '8144'),
  },
];

describe('a change of another daemon', { skip }, () => {
  let machine: Machine;

  before(async () => {
    const more = nightly
      ? ['nginx-light', 'curl', 'apache2', 'openssh-server', 'dovecot-imapd']
      : ['nginx-light', 'curl'];
    const opened = await openLab({
      tell: () => undefined,
      more: more.map((name) => ({ name, why: 'a daemon whose folder is changed' })),
    });
    assert.ok(opened.ok, opened.ok ? '' : opened.problem.message);
    machine = opened.value;
  });
  after(async () => {
    await machine.close();
  });

  async function run(argv: readonly string[]): Promise<Ran> {
    const ran = await machine.run(argv, {
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', NODE_COMPILE_CACHE: `${cacheFolder}/node-compile` },
      timeoutMs: 60_000,
    });
    assert.ok(ran.ok, ran.ok ? '' : ran.problem.message);
    return ran.value;
  }
  async function shell(script: string): Promise<string> {
    const ran = await run([
      'sh',
      '-eu',
      '-c',
      `( ${script}\n) > /tmp/said 2>&1 || { status=$?; cat /tmp/said; exit $status; }`,
    ]);
    assert.equal(ran.status, 0, `${script}: ${ran.stdout}${ran.stderr}`);
    return ran.stdout;
  }
  async function apply({ folder, file }: Case, content: string): Promise<Ran> {
    await shell(`cat > /tmp/new <<'EOF'\n${content}EOF`);
    const edit = [`${file}=/tmp/new`, '--folder', folder, '-m', 'try it'];
    return await run([...ownProgram, 'change', 'apply', ...edit]);
  }

  for (const each of cases) {
    const { name, folder, file, content, start, good, shows, refused, closesPort } = each;
    test(name, { timeout: 120_000, skip: name === 'nginx' ? false : eachNight }, async () => {
      await shell(`mkdir -p ${folder}/conf.d; cat > ${folder}/${file} <<'EOF'\n${content}EOF\n${start}`);
      await shell('sleep 0.5');
      const tracked = await run([...ownProgram, 'history', 'init', folder]);
      assert.equal(tracked.status, 0, tracked.stderr);
      const applied = await apply(each, good);
      assert.equal(applied.status, 0, applied.stdout + applied.stderr);
      assert.match(applied.stdout, /^reload .*has reloaded and listens$/m);
      assert.match(applied.stdout, /^prove +port \d+ still takes connections/m);
      await shell(shows);
      for (const [bad, says] of refused) {
        const answer = await apply(each, bad);
        assert.equal(answer.status, 2, answer.stdout + answer.stderr);
        assert.match(answer.stderr, says);
        assert.match(answer.stderr, /hint: /);
        await shell(shows);
      }
      const undone = await apply(each, closesPort);
      assert.equal(undone.status, 4, undone.stdout + undone.stderr);
      assert.match(undone.stderr, /still takes connections/);
      await shell(shows);
    });
  }
});
