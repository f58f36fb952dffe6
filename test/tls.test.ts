/**
 * The TLS pillar on a real Exim in a lab machine, in both of Debian's layouts: from the throw-away
 * certificate of a stock Exim to a proved one, and what is refused or undone on the way.
 */
import assert from 'node:assert/strict';
import { ownProgram } from '../src/host/own-program.ts';
import { after, before, describe, test } from 'node:test';
import { cacheFolder, checkout } from '../src/host/checkout.ts';
import { isRoot } from '../src/host/identity.ts';
import type { Ran } from '../src/host/run.ts';
import { mailHost, openLab } from '../src/lab/lab.ts';
import type { Machine } from '../src/lab/machine.ts';
import { serveMailDomain } from './serve-mail-domain.ts';

const skip = isRoot() ? false : 'a lab machine needs root';
const ca = '/root/ca/ca.crt';
const certificate = ['--cert', `/root/tls/${mailHost}.crt`] as const;
const enable = ['tls', 'enable', ...certificate, '--key', `/root/tls/${mailHost}.key`, '--yes'] as const;

// The other layout each night; the tour plays it in every run.
const layouts =
  process.env['PORTREEVE_NIGHTLY'] === undefined ? (['unsplit'] as const) : (['unsplit', 'split'] as const);
for (const layout of layouts) {
  describe(`TLS on a live Exim, ${layout}`, { skip }, () => {
    let machine: Machine;

    before(async () => {
      const opened = await openLab({ layout, tell: () => undefined });
      assert.ok(opened.ok, JSON.stringify(opened));
      machine = opened.value;
    });
    after(async () => {
      await machine.close();
    });

    async function shell(script: string): Promise<string> {
      const ran = await machine.succeed('run a script', ['sh', '-eu', '-c', script]);
      assert.ok(ran.ok, JSON.stringify(ran));
      return ran.value.stdout;
    }
    async function portreeve(...args: readonly string[]): Promise<Ran> {
      const env = { ...process.env, NODE_COMPILE_CACHE: `${cacheFolder}/node-compile` } as Record<
        string,
        string
      >;
      const ran = await machine.run([...ownProgram, ...args], { env });
      assert.ok(ran.ok);
      return ran.value;
    }
    async function report(...args: readonly string[]): Promise<Report> {
      const { stdout, stderr } = await portreeve('--json', 'tls', 'test', mailHost, ...args);
      assert.notEqual(stdout, '', stderr);
      return JSON.parse(stdout) as Report;
    }
    /** Every byte, owner and mode of the folder. */
    async function folder(): Promise<string> {
      return await shell(
        'cd /etc/exim4; find . -name .git -prune -o -printf "%p %u:%g %m\\n" | sort; find . -type f | sort | xargs sha256sum',
      );
    }

    test('a stock Exim is encrypted, but not soundly', async () => {
      const { status, stdout } = await portreeve('tls', 'test', mailHost);
      assert.equal(status, 1);
      assert.match(stdout, /^<- {2}250-STARTTLS$/m);
      assert.match(stdout, /^ -> STARTTLS$/m);
      assert.match(stdout, /^ ~> EHLO /m);
      assert.match(stdout, /throw-away/);
      const { sound, versions, version } = await report();
      assert.deepEqual(
        { sound, versions, version },
        {
          sound: false,
          versions: { TLSv1: 'accepted', 'TLSv1.1': 'accepted' },
          version: 'TLSv1.3',
        },
      );
    });

    test('what swaks sees is what we show', async () => {
      const swaks = await shell(`swaks --server ${mailHost} -a -tls -q HELO -h me.example 2>&1 || true`);
      const { stdout } = await portreeve('tls', 'test', mailHost, '--helo', 'me.example');
      const dialogue = (text: string): string[] =>
        text
          .split('\n')
          // Time stamps aside; and swaks has its own way of AUTH.
          .filter((line) => /^(?:<[-~]| [-~]>) /.test(line) && !/ESMTP|AUTH|QUIT|221/.test(line))
          .map((line) => line.trimEnd());
      assert.ok(dialogue(swaks).length > 10, swaks);
      assert.deepEqual(dialogue(stdout), dialogue(swaks));
      // What it says of the handshake, in our words: version, cipher, bits, our certificate, the peer.
      const [, version = '', cipher = '', bits = ''] =
        /^=== TLS started with cipher ([^:\n]+):([^:\n]+):(\d+)$/m.exec(swaks) ?? [];
      assert.match(stdout, new RegExp(`^=== TLS started with ${version}, ${cipher}, ${bits} bits`, 'm'));
      assert.match(swaks, /^=== TLS no local certificate set$/m);
      assert.match(stdout, /^=== TLS no local certificate set$/m);
      const [, peer = ''] = /^=== TLS peer DN="\/?(.*)"$/m.exec(swaks) ?? [];
      const attributes = (text: string): string[] => text.split(/[/,] ?/).toSorted();
      const shown = /^=== TLS peer (.*)$/m.exec(stdout)?.[1] ?? '';
      assert.deepEqual(attributes(shown), attributes(peer));
    });

    test('a private authority issues a certificate', async () => {
      for (const args of [
        ['history', 'init', '/etc/exim4'],
        ['tls', 'ca', 'init', '--dir', '/root/ca', '--no-passphrase'],
        ['tls', 'ca', 'issue', mailHost, '--dir', '/root/ca', '--out', '/root/tls'],
      ]) {
        const ran = await portreeve(...args);
        assert.equal(ran.status, 0, ran.stderr);
      }
    });

    test('with --domain the MX names that are this host have to be covered', async () => {
      const dns = await serveMailDomain(machine);
      const domain = ['--domain', 'example.test', '--dns', dns];
      const planned = await portreeve('tls', 'enable', '--self-signed', ...domain, '--dry-run');
      assert.equal(planned.status, 0, planned.stdout + planned.stderr);
      assert.match(
        planned.stdout,
        /comes here by mx\.example\.test, in\.example\.test, and elsewhere by mx2/,
      );
      assert.match(planned.stdout, /use a certificate for mx\.example\.test, in\.example\.test, valid/);
    });

    test('what does not hold on the live port is undone', async () => {
      const macros = layout === 'split' ? 'conf.d/main/000_localmacros' : 'exim4.conf.localmacros';
      // Without effect as long as TLS is left to Exim's own defaults, so as it was is good.
      await shell(`echo 'MAIN_TLS_ADVERTISE_HOSTS = 203.0.113.1' >> /etc/exim4/${macros}`);
      const earlier = await folder();
      const undone = await portreeve(...enable);
      assert.equal(undone.status, 4, undone.stdout + undone.stderr);
      assert.match(undone.stderr, /STARTTLS/);
      assert.equal(await folder(), earlier);
      assert.match((await portreeve('tls', 'test', mailHost)).stdout, /throw-away/);
      await shell(`sed -i /ADVERTISE_HOSTS/d /etc/exim4/${macros}`);
    });

    test('a certificate is installed, proved and recorded', async () => {
      const untouched = await folder();
      const dry = await portreeve(...enable, '--issued-by', ca, '--dry-run');
      assert.equal(dry.status, 0, dry.stderr);
      assert.equal(await folder(), untouched);

      const enabled = await portreeve(
        ...enable,
        '--issued-by',
        ca,
        '--reason',
        'mail must not travel in clear',
      );
      assert.equal(enabled.status, 0, enabled.stderr);
      for (const port of [25, 465, 587]) {
        assert.match(
          enabled.stdout,
          new RegExp(`prove .*TLS on port ${port} serves the certificate: TLSv1\\.3 `),
        );
      }
      assert.equal(await shell('git -C /etc/exim4 log -1 --format=%s'), 'mail must not travel in clear\n');
      assert.match(await shell('stat -c "%U:%G %a" /etc/exim4/exim.key'), /^root:Debian-exim 640$/m);
    });

    test('afterwards encryption is sound, on each port', async () => {
      const tested = await report('--ca', ca);
      assert.ok(tested.sound, JSON.stringify(tested.findings));
      assert.deepEqual(tested.versions, { TLSv1: 'refused', 'TLSv1.1': 'refused' });
      const implicit = await portreeve('tls', 'test', mailHost, '--implicit', '--ca', ca);
      assert.equal(implicit.status, 0, implicit.stdout);
      // The world does not trust a private authority, and neither does the system.
      assert.equal((await portreeve('tls', 'test', mailHost)).status, 1);
      assert.equal(
        (await portreeve('tls', 'test', mailHost, '--ca', ca, '--name', 'other.example')).status,
        1,
      );
    });

    test('logins are tried under TLS alone; the empty password is refused', async () => {
      await shell('printf "correct horse battery staple\n" > /root/password');
      const right = ['--auth', 'alice', '--password-file', '/root/password'];
      assert.equal((await report('--ca', ca, ...right)).login?.outcome, 'accepted');
      const empty = await report('--ca', ca, '--auth', 'alice', '--empty-password');
      assert.equal(empty.login?.outcome, 'refused');
      assert.ok(empty.sound);
      assert.doesNotMatch((await portreeve('tls', 'test', mailHost, ...right)).stdout, /Y29ycmVjdC|battery/);
    });

    test('a second enable changes nothing, and proves it again', async () => {
      const [untouched, commit] = [await folder(), await shell('git -C /etc/exim4 rev-parse HEAD')];
      const again = await portreeve(...enable, '--issued-by', ca);
      assert.equal(again.status, 0, again.stderr);
      assert.match(again.stdout, /nothing to change/);
      assert.equal(await folder(), untouched);
      assert.equal(await shell('git -C /etc/exim4 rev-parse HEAD'), commit);
    });

    test('a wrong or locked key, and a foreign authority, are refused before anything is touched', async () => {
      await shell(`
        openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out /root/other.key
        openssl pkey -in /root/tls/${mailHost}.key -aes256 -passout pass:x -out /root/locked.key
        openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=stranger -keyout /dev/null -out /root/stranger.crt 2>/dev/null`);
      const untouched = await folder();
      for (const [args, message] of [
        [['--key', '/root/other.key'], /the key must belong to the first certificate/],
        [['--key', '/root/locked.key'], /without a passphrase: the key is encrypted/],
        [
          ['--key', `/root/tls/${mailHost}.key`, '--name', 'mail.example.test'],
          /must cover the name mail\.example\.test/,
        ],
        [
          ['--key', `/root/tls/${mailHost}.key`, '--issued-by', '/root/stranger.crt'],
          /authority must have issued its chain/,
        ],
      ] as const) {
        const refused = await portreeve('tls', 'enable', ...certificate, ...args, '--yes');
        assert.equal(refused.status, 2, refused.stdout);
        assert.match(refused.stderr, message);
      }
      assert.equal(await folder(), untouched);
    });

    test('modern leaves TLS 1.3 alone', async () => {
      const enabled = await portreeve(...enable, '--policy', 'modern');
      assert.equal(enabled.status, 0, enabled.stderr);
      assert.match(enabled.stdout, /refused: TLSv1, TLSv1\.1, TLSv1\.2/);
    });

    test('a key that does not match, put there by hand, is found out: STARTTLS, then 454', async () => {
      await shell('cat /root/other.key > /etc/exim4/exim.key; kill -HUP $(cat /run/exim4/exim.pid); sleep 1');
      const { stdout, status } = await portreeve('tls', 'test', mailHost, '--ca', ca);
      assert.equal(status, 1);
      assert.match(stdout, /STARTTLS is offered, then refused: 454/);
      const mended = await portreeve(...enable, '--issued-by', ca);
      assert.equal(mended.status, 0, mended.stderr);
    });

    test('a policy that this Exim does not understand is found out without a daemon', async () => {
      const [panics, listening] = [
        await shell('cat /var/log/exim4/paniclog || true'),
        await shell('ss -Htln'),
      ];
      for (const [options, status] of [
        [{ tls_require_ciphers: 'NORMAL:-VERS-ALL:+VERS-TLS1.3' }, 0],
        [{ tls_require_ciphers: 'NORMAL:+X25519-OF-TOMORROW' }, 1],
        [{ tls_require_ciphers: 'ECDHE-RSA-AES128-GCM-SHA256' }, 1],
        [{ openssl_options: '+no_sslv2' }, 1],
      ] as const) {
        const script = `const { tryPolicyOptions } = await import('${checkout}/src/tls/cipher-trial.ts');
          const tried = await tryPolicyOptions(${JSON.stringify(options)});
          process.exitCode = tried.ok ? 0 : 1;`;
        const ran = await machine.run([process.execPath, '--input-type=module', '--eval', script]);
        assert.ok(ran.ok);
        assert.equal(ran.value.status, status, JSON.stringify(options) + ran.value.stderr);
      }
      assert.equal(await shell('cat /var/log/exim4/paniclog || true'), panics);
      assert.equal(await shell('ss -Htln'), listening);
    });

    test('nobody there is no answer', async () => {
      assert.equal((await portreeve('tls', 'test', `${mailHost}:26`)).status, 3);
    });
  });
}

interface Report {
  readonly sound: boolean;
  readonly version: string | null;
  readonly versions: Readonly<Record<string, string>>;
  readonly login: { readonly outcome: string } | null;
  readonly findings: readonly { readonly text: string }[];
}
