/**
 * The rehearsal on a real Exim, in both of Debian's layouts: what `exim4 -bV` lets pass is refused with
 * its cause, the stock configuration raises no alarm, and nothing live is touched.
 *
 * Each night every case alone; in the suite those that can be are put into one configuration: what is found
 * by reading it is told all at once, and what is no fault raises no alarm beside others.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { cacheFolder, checkout } from '../src/host/checkout.ts';
import { isRoot } from '../src/host/identity.ts';
import { openLab } from '../src/lab/lab.ts';
import type { Machine } from '../src/lab/machine.ts';
import { eachNight, nightly } from './each-night.ts';

const skip = isRoot() ? false : 'a lab machine needs root';

interface Case {
  readonly name: string;
  /** Edits the copy, the current folder; $MACROS is the file of local macros, $ACL one with the RCPT ACL. */
  readonly edit: string;
  /** The cause that the refusal names; undefined: it is accepted. */
  readonly cause?: RegExp;
  /** It takes a daemon or a handshake to find it, or it gets in the way of others. */
  readonly alone?: boolean;
  /** What `-bV` lets pass is more interesting than what it does not. */
  readonly passesVersionCheck?: boolean;
}

/** A line in front of the RCPT ACL, the way an administrator adds one. */
function inAcl(line: string): string {
  return `sed -i 's~^acl_check_rcpt:$~acl_check_rcpt:\\n${line.replaceAll('~', '\\~')}~' "$ACL"`;
}
function inMain(line: string): string {
  return `printf '%s\\n' '${line}' >> "$MACROS"`;
}

const cases: readonly Case[] = [
  { name: 'the folder as it is', alone: true, edit: ':' },
  { name: 'a comment', edit: inMain('# by hand') },
  {
    name: 'an unbalanced ${if',
    edit: inAcl('  warn condition = ${if eq{$sender_address}{a@b}{yes}'),
    cause: /ACL acl_check_rcpt, condition: a brace is not closed: /,
  },
  {
    name: 'an undefined variable',
    edit: inAcl('  warn condition = ${if eq{$sender_adress}{a@b}}'),
    cause: /unknown variable name "sender_adress"/,
  },
  {
    name: 'an undefined variable where no probe comes by',
    edit: inMain('smtp_banner = $primary_hostnam ready'),
    cause: /smtp_banner: unknown variable name "primary_hostnam"/,
  },
  {
    name: 'an unknown operator',
    edit: inAcl('  warn set acl_m_x = ${lowercase:$sender_address}'),
    cause: /unknown expansion operator "lowercase"/,
  },
  {
    name: 'an ACL that is not there',
    edit: inMain('acl_smtp_helo = acl_check_hello'),
    cause: /there is no ACL acl_check_hello/,
  },
  {
    name: 'an ACL that is not there, called from another',
    edit: inAcl('  deny acl = acl_nowhere'),
    cause: /ACL acl_check_rcpt, acl: there is no ACL acl_nowhere/,
  },
  {
    name: 'an ACL written in place',
    edit: inMain('acl_smtp_vrfy = accept'),
  },
  {
    name: 'a named list that is not there',
    edit: inAcl('  deny hosts = +blocked_hosts'),
    cause: /there is no hostlist blocked_hosts/,
  },
  {
    name: 'a named list of the wrong kind',
    edit: inAcl('  deny hosts = +local_domains'),
    cause: /there is no hostlist local_domains/,
  },
  {
    name: 'a transport that is not there',
    edit: `grep -rl 'transport = LOCAL_DELIVERY' . | xargs sed -i 's/transport = LOCAL_DELIVERY/transport = mail_spol/'`,
    cause: /there is no transport mail_spol/,
  },
  {
    name: 'a bad regular expression in a list',
    edit: inAcl('  deny senders = ^spam(.*@'),
    cause: /ACL acl_check_rcpt, senders: regular expression error/,
  },
  {
    name: 'a bad regular expression in match',
    edit: inAcl('  deny condition = ${if match{$sender_address}{\\\\N^[a-z\\\\N}}'),
    cause: /regular expression error/,
  },
  {
    name: 'a good regular expression',
    edit: inAcl('  deny senders = \\\\N^spam\\\\d+@.*$\\\\N'),
  },
  {
    name: 'a certificate that is not there',
    alone: true,
    edit: inMain('tls_certificate = /etc/exim4/nowhere.crt'),
    cause: /tls_certificate: Exim must be able to read \/etc\/exim4\/nowhere\.crt/,
  },
  {
    name: 'a key that does not fit its certificate',
    alone: true,
    edit: `cp -p /tmp/right.crt exim.crt; cp -p /tmp/wrong.key exim.key; ${inMain('MAIN_TLS_ENABLE = yes')}`,
    cause: /STARTTLS: it would be offered and then refused: .*cert\/key setup/,
  },
  {
    name: 'a key that Exim cannot read',
    alone: true,
    edit: `cp -p /tmp/right.crt exim.crt; install -m 0600 /tmp/right.key exim.key; ${inMain('MAIN_TLS_ENABLE = yes')}`,
    cause: /tls_privatekey: Exim must be able to read \/etc\/exim4\/exim\.key/,
  },
  {
    name: 'a key that fits',
    edit: `cp -p /tmp/right.crt exim.crt; cp -p /tmp/right.key exim.key; ${inMain('MAIN_TLS_ENABLE = yes')}`,
  },
  {
    name: 'a port that is none',
    alone: true,
    edit: `sed -i 's/^daemon_smtp_ports = .*/daemon_smtp_ports = 25 : notaport/' "$MACROS"`,
    cause: /the daemon: .*notaport/,
  },
  {
    name: 'a port too large',
    alone: true,
    edit: `sed -i 's/^daemon_smtp_ports = .*/daemon_smtp_ports = 25 : 99999/' "$MACROS"`,
    cause: /daemon_smtp_ports: 99999 is not a port/,
  },
  {
    name: 'a port that another program has',
    alone: true,
    edit: `sed -i 's/^daemon_smtp_ports = .*/daemon_smtp_ports = 25 : 4025/' "$MACROS"`,
    cause: /port 4025 is taken by another program/,
  },
  {
    name: 'a cipher string that the library refuses',
    alone: true,
    edit: inMain('tls_require_ciphers = ECDHE-RSA-AES128-GCM-SHA256'),
    cause: /the daemon: tls_require_ciphers invalid/,
  },
  {
    name: 'a deny that fails open',
    edit: inAcl('  deny hosts = lsearch;/nonexistent'),
    cause: /ACL acl_check_rcpt, hosts: Exim must be able to read \/nonexistent/,
  },
  {
    name: 'a list in a file that only root reads',
    edit: `touch only-root; chmod 0600 only-root; chown root: only-root; ${inAcl('  deny hosts = /etc/exim4/only-root')}`,
    cause: /Exim must be able to read \/etc\/exim4\/only-root/,
  },
  {
    name: 'a lookup in a file that is not there',
    edit: inAcl('  warn set acl_m_x = ${lookup{$sender_address}lsearch{/etc/exim4/nowhere}}'),
    cause: /Exim must be able to read \/etc\/exim4\/nowhere/,
  },
  {
    name: 'a lookup in a file that the change brings along',
    edit: `touch new-list; ${inAcl('  warn set acl_m_x = ${lookup{$sender_address}lsearch{/etc/exim4/new-list}}')}`,
  },
  {
    name: 'a configuration that refuses whom the probes write to',
    alone: true,
    edit: `sed -i "s/^dc_other_hostnames=.*/dc_other_hostnames=''/" update-exim4.conf.conf; ${inAcl('  deny message = closed')}`,
  },
  {
    name: 'what only -bV finds',
    alone: true,
    edit: inMain('no_such_option = 1'),
    cause: /must accept the configuration: .*no_such_option/,
    passesVersionCheck: false,
  },
];

/** Of those that need a rehearsal of their own: one for each way to find out. */
const inSuite: ReadonlySet<string> = new Set([
  'a key that does not fit its certificate',
  'a cipher string that the library refuses',
  'a port that another program has',
  'what only -bV finds',
]);

// The other layout each night; the tour plays it in every run.
const layouts = nightly ? (['unsplit', 'split'] as const) : (['unsplit'] as const);
for (const layout of layouts) {
  describe(`rehearsal, ${layout} layout`, { skip }, () => {
    let machine: Machine;

    before(async () => {
      const opened = await openLab({ tell: () => undefined, layout });
      assert.ok(opened.ok);
      machine = opened.value;
      await shell(`
        for name in right wrong; do
          openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=mx.example.test \\
            -keyout /tmp/$name.key -out /tmp/$name.crt 2>/dev/null
          chown root:Debian-exim /tmp/$name.*; chmod 0640 /tmp/$name.*
        done
        exim4 -C /var/lib/exim4/config.autogenerated -bd -oX 4025 -oP /run/exim4/other.pid`);
    });
    after(async () => {
      await machine.close();
    });

    async function shell(script: string, env: Readonly<Record<string, string>> = {}): Promise<string> {
      const ran = await machine.run(['sh', '-eu', '-c', script], {
        env: {
          PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
          NODE_COMPILE_CACHE: `${cacheFolder}/node-compile`,
          ...env,
        },
        timeoutMs: 60_000,
      });
      assert.ok(ran.ok, ran.ok ? '' : ran.problem.message);
      assert.equal(ran.value.status, 0, ran.value.stderr);
      return ran.value.stdout;
    }
    const places =
      layout === 'unsplit'
        ? { MACROS: 'exim4.conf.localmacros', ACL: 'exim4.conf.template' }
        : { MACROS: 'conf.d/main/000_localmacros', ACL: 'conf.d/acl/30_exim4-config_check_rcpt' };

    /** The refusal's words; undefined where it was accepted. */
    async function rehearse(edits: readonly string[]): Promise<string | undefined> {
      await shell(
        `rm -rf /root/scratch; mkdir -m 0700 /root/scratch; cp -a /etc/exim4 /root/scratch/copy; cd /root/scratch/copy; ${edits.join('\n')}`,
        places,
      );
      const state =
        'cat /var/log/exim4/* | grep -v queue | md5sum; ls -lR /etc/exim4 /var/spool/exim4/input; cat /run/exim4/exim.pid';
      const live = await shell(state);
      const answer = await shell(
        `exec "$0" --input-type=module --eval "$SCRIPT"`.replace('"$0"', `"${process.execPath}"`),
        {
          SCRIPT: `
            import { rehearseConfiguration } from ${JSON.stringify(`${checkout}/src/exim/rehearse-configuration.ts`)};
            console.log(JSON.stringify(await rehearseConfiguration('/root/scratch/copy', '/root/scratch')));`,
        },
      );
      const rehearsed = JSON.parse(answer) as {
        ok: boolean;
        value?: string[];
        problem?: { message: string };
      };
      assert.equal(await shell(state), live, 'nothing live was touched');
      return rehearsed.ok ? undefined : rehearsed.problem?.message;
    }

    for (const [title, some] of grouped(cases)) {
      const isSuite = some.some(({ name, alone }) => alone !== true || inSuite.has(name));
      test(title, { timeout: 60_000, skip: isSuite ? false : eachNight }, async () => {
        const said = await rehearse(some.map(({ edit }) => edit));
        for (const { name, cause, passesVersionCheck } of some) {
          if (cause === undefined) {
            assert.equal(said, undefined, name);
            continue;
          }
          assert.match(said ?? 'accepted', cause, name);
          if (passesVersionCheck === false) continue;
          assert.doesNotMatch(said ?? '', /must accept the configuration/, `${name}: -bV lets it pass`);
        }
      });
    }
  });
}

function grouped(all: readonly Case[]): [title: string, cases: readonly Case[]][] {
  const single = (each: Case): [string, readonly Case[]] => [
    `${each.cause === undefined ? 'accepts' : 'refuses'} ${each.name}`,
    [each],
  ];
  if (nightly) return all.map(single);
  const [good, bad] = [true, false].map((accepted) =>
    all.filter(({ alone, cause }) => alone !== true && (cause === undefined) === accepted),
  );
  return [
    [`accepts at once: ${(good ?? []).map(({ name }) => name).join(', ')}`, good ?? []],
    [`refuses at once: ${(bad ?? []).map(({ name }) => name).join(', ')}`, bad ?? []],
    ...all.filter(({ alone }) => alone === true).map(single),
  ];
}
