/**
 * Each source of a certificate, on each layout of Exim's configuration, proved by clients of other hands; and
 * back to the first byte by `tls disable`. Every night all of them; in each run one of a kind.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { isRoot } from '../src/host/identity.ts';
import { mailHost } from '../src/lab/lab.ts';
import type { Service } from '../src/host/service.ts';
import { type Layout, TlsMachine } from './tls-machine.ts';

const skip = isRoot() ? false : 'a lab machine needs root';
const nightly = process.env['PORTREEVE_NIGHTLY'] !== undefined;
const all = [
  'self-signed',
  'authority',
  'files',
  'nginx',
  'apache',
  'live',
  'acme http',
  'acme webroot',
  'acme dns',
] as const;
type SourceName = (typeof all)[number];

const runs: readonly (readonly [Layout, readonly SourceName[]])[] = nightly
  ? [
      ['unsplit', all],
      ['split', all],
      ['plain', all],
    ]
  : [['plain', ['acme http']]];

const more = [
  { name: 'gnutls-bin', why: 'another client of TLS' },
  { name: 'pebble', why: 'an ACME server' },
  { name: 'nginx-light', why: 'a web server with a certificate' },
  { name: 'apache2', why: 'another one' },
];

for (const [layout, sources] of runs) {
  describe(`certificates of every source, ${layout}`, { skip }, () => {
    let lab: TlsMachine;
    let untouched: string;
    const services: Service[] = [];

    before(async () => {
      lab = await TlsMachine.open(layout, more);
      untouched = await lab.folder();
      // A private authority of openssl's hand, with an intermediate: nothing of ours is in it.
      await lab.shell(authority);
    });
    after(async () => {
      for (const service of services) service.finish();
      await lab.machine.close();
    });

    async function acme(...args: readonly string[]): Promise<void> {
      if (services.length === 0) {
        await lab.shell(pebbleFiles);
        const quiet = ['-http01', '', '-https01', '', '-tlsalpn01', '', '-defaultIPv6', ''];
        services.push(
          lab.machine.start([
            'pebble-challtestsrv',
            '-defaultIPv4',
            '127.0.0.1',
            '-dns01',
            ':8053',
            ...quiet,
          ]),
          lab.machine.start(['sh', '-c', pebble]),
        );
        await lab.shell(pebbleReady);
      }
      const server = ['--acme', `https://${mailHost}:14000/dir`, '--acme-roots', '/root/pki/root.crt'];
      const rest = [
        '--agree-terms',
        '--contact',
        'postmaster@example.test',
        '--issued-by',
        '/root/acme/issuers.pem',
      ];
      await lab.ours(
        'tls',
        'enable',
        ...server,
        ...rest,
        ...args,
        '--alt-name',
        'smtp.example.test',
        '--yes',
      );
    }

    const cases: Record<SourceName, () => Promise<string>> = {
      'self-signed': async () => {
        await lab.ours('tls', 'enable', '--self-signed', '--yes');
        return '/etc/exim4/exim.crt';
      },
      authority: async () => {
        const passphrase = ['--passphrase-file', '/root/passphrase'];
        await lab.shell('printf "correct horse\\n" > /root/passphrase; chmod 600 /root/passphrase');
        await lab.ours('tls', 'ca', 'init', '--permit', 'example.test', ...passphrase);
        await lab.ours('tls', 'enable', '--ca', ...passphrase, ...(await lab.mailDomain()), '--yes');
        const covered = await lab.shell('openssl x509 -in /etc/exim4/exim.crt -noout -ext subjectAltName');
        assert.match(covered, /DNS:mx\.example\.test, DNS:in\.example\.test$/m);
        // GnuTLS as well goes from what is served to the root that was handed out.
        const chain = '/etc/exim4/exim.crt /var/lib/portreeve/ca/ca.crt';
        const verified = await lab.shell(
          `cat ${chain} > /root/chain.pem; certtool --verify --load-ca-certificate /var/lib/portreeve/ca/ca.crt --infile /etc/exim4/exim.crt; certtool --verify-chain --infile /root/chain.pem`,
        );
        assert.equal(verified.match(/Chain verification output: Verified/g)?.length, 2, verified);
        return '/var/lib/portreeve/ca/ca.crt';
      },
      files: async () => {
        const pair = ['--cert', '/root/pki/full.pem', '--key', '/root/pki/leaf.key'];
        const args = ['tls', 'enable', ...pair, '--issued-by', '/root/pki/root.crt', '--yes'];
        const lacking = await lab.portreeve(...args, ...(await lab.mailDomain()));
        assert.equal(lacking.status, 2, lacking.stdout + lacking.stderr);
        assert.match(lacking.stderr, /must cover the name in\.example\.test/);
        await lab.ours(...args);
        return '/root/pki/root.crt';
      },
      nginx: async () => {
        await lab.shell(nginxSite);
        const shown = await lab.ours(
          'tls',
          'enable',
          '--reuse',
          '--issued-by',
          '/root/pki/root.crt',
          '--yes',
        );
        assert.match(shown, /^-> nginx +\/root\/pki\/full\.pem/m);
        assert.match(shown, /^ {3}nginx +\/root\/pki\/other\.pem/m);
        await lab.shell('rm /etc/nginx/sites-enabled/mail');
        return '/root/pki/root.crt';
      },
      apache: async () => {
        await lab.shell(apacheSite);
        const shown = await lab.ours(
          'tls',
          'enable',
          '--reuse',
          '--issued-by',
          '/root/pki/root.crt',
          '--yes',
        );
        assert.match(shown, /^-> Apache +\/root\/pki\/leaf\.crt/m);
        await lab.shell('rm /etc/apache2/sites-enabled/mail.conf');
        return '/root/pki/root.crt';
      },
      live: async () => {
        await lab.shell(letsEncrypt);
        const shown = await lab.ours(
          'tls',
          'enable',
          '--reuse',
          '--issued-by',
          '/root/pki/root.crt',
          '--yes',
        );
        assert.match(shown, /^-> Let's Encrypt +\/etc\/letsencrypt\/live\/mail\/fullchain\.pem/m);
        return '/root/pki/root.crt';
      },
      'acme http': async () => {
        await acme('--http-port', '5002');
        return '/root/acme/issuers.pem';
      },
      'acme webroot': async () => {
        await lab.shell(`mkdir -p /root/web; cd /root/web; perl -e '${webServer}' 5002 >/dev/null 2>&1 &`);
        await acme('--webroot', '/root/web', '--key-type', 'rsa2048', '--reuse-key');
        await lab.shell('kill $(cat /root/web.pid); test -z "$(ls /root/web/.well-known/acme-challenge)"');
        return '/root/acme/issuers.pem';
      },
      'acme dns': async () => {
        await lab.shell(`cat > /root/hook <<'END'\n${dnsHook}END\nchmod 755 /root/hook`);
        await acme('--dns-hook', '/root/hook', '--key-type', 'p384', '--alt-name', '*.example.test');
        assert.match(await lab.shell('cat /root/hook.log'), /^remove _acme-challenge\.example\.test\. /m);
        return '/root/acme/issuers.pem';
      },
    };

    const recorded = async (): Promise<unknown> =>
      JSON.parse(await lab.shell('cat /var/lib/portreeve/tls/exim4.json'));
    const served = async (): Promise<string> =>
      await lab.shell(
        `openssl s_client -starttls smtp -connect ${mailHost}:25 </dev/null 2>/dev/null | openssl x509 -noout -serial`,
      );

    /** A renewal that is not due does nothing, one that is serves the new one, and what was swapped behind Exim's back is served. */
    async function renews(name: SourceName, roots: string): Promise<void> {
      const options = passphraseFor(name);
      const first = await served();
      assert.match(await lab.ours('tls', 'renew', ...options), /not due until 20.*every port serves it/);
      await lab.shell('cp -p /etc/exim4/exim.crt /etc/exim4/exim.key /root');
      if (name === 'files') await lab.shell(renewFiles);
      await lab.ours('tls', 'renew', ...(name === 'files' ? [] : ['--force']), ...options);
      const second = await served();
      assert.notEqual(second, first);
      await lab.foreignClients(name === 'self-signed' ? '/etc/exim4/exim.crt' : roots, [25]);
      assert.match(await lab.shell('git -C /etc/exim4 log -1 --format=%s'), /^Renew the certificate of/);
      if (name === 'files') return;
      // The old pair again, by hand: what lies on the disk is not what is served.
      await lab.shell(
        'cd /etc/exim4; mkdir /root/new; cp -p exim.crt exim.key /root/new; cp -p /root/exim.crt /root/exim.key .',
      );
      // On a busy machine Exim may have seen it by itself before we look.
      const taken = await lab.ours('tls', 'renew', ...options);
      assert.match(taken, /^stale .*^reload .*serves it now|every port serves it$/ms);
      assert.equal(await served(), first);
      // Disable takes back what enable and renew have left, not what somebody else has put there.
      await lab.shell('cp -p /root/new/exim.crt /root/new/exim.key /etc/exim4; rm -r /root/new');
    }

    for (const name of sources) {
      test(`${name}: verified by foreign clients on each port, and taken back to the last byte`, async () => {
        const roots = await cases[name]();
        await lab.foreignClients(roots, name === 'acme webroot' ? [25] : undefined);
        assert.match(await lab.shell('stat -c "%U:%G %a" /etc/exim4/exim.key'), /^root:Debian-exim 640$/m);
        const commit = await lab.shell('git -C /etc/exim4 rev-parse HEAD');
        const record = await recorded();
        const enabled = await lab.folder();
        const again = await lab.ours('tls', 'enable', '--yes', ...passphraseFor(name));
        assert.match(again, /nothing to change/);
        assert.equal(await lab.folder(), enabled);
        // What it had to cover, and who had to have issued it, is not forgotten.
        assert.deepEqual(await recorded(), record);
        assert.equal(await lab.shell('git -C /etc/exim4 rev-parse HEAD'), commit);
        if (renewed.has(name)) await renews(name, roots);
        await lab.ours('tls', 'disable', '--yes');
        assert.equal(await lab.folder(), untouched);
      });
    }
  });
}

/** Those whose renewals differ. */
const renewed: ReadonlySet<SourceName> = new Set(['self-signed', 'authority', 'files', 'acme http']);

function passphraseFor(name: SourceName): string[] {
  return name === 'authority' ? ['--passphrase-file', '/root/passphrase'] : [];
}

const authority = `
mkdir -p /root/pki; cd /root/pki
key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out $1.key; }
key root; key inter; key leaf; key other
openssl req -x509 -new -key root.key -subj /CN=lab-root -days 30 -out root.crt
issue() { # name, issuer, extensions
  openssl req -new -key $1.key -subj /CN=$1 -out $1.csr
  printf "$3" > ext
  openssl x509 -req -in $1.csr -CA $2.crt -CAkey $2.key -days 20 -extfile ext -out $1.crt 2>/dev/null
}
issue inter root 'basicConstraints=critical,CA:TRUE\\nkeyUsage=keyCertSign,cRLSign'
issue leaf inter 'subjectAltName=DNS:${mailHost},DNS:localhost'
issue other inter 'subjectAltName=DNS:www.example.test'
cat leaf.crt inter.crt > full.pem; cat other.crt inter.crt > other.pem
`;

/** As another program would renew them. */
const renewFiles = `
cd /root/pki; openssl req -new -key leaf.key -subj /CN=leaf -out leaf.csr
printf 'subjectAltName=DNS:${mailHost},DNS:localhost' > ext
openssl x509 -req -in leaf.csr -CA inter.crt -CAkey inter.key -days 25 -extfile ext -out leaf.crt 2>/dev/null
cat leaf.crt inter.crt > full.pem
`;

const nginxSite = `
mkdir -p /etc/nginx/sites-enabled
cat > /etc/nginx/sites-enabled/mail <<'END'
server { # the site of the mail host; ssl_certificate /commented/out.pem;
  listen 8443 ssl;
  server_name "${mailHost}";
  ssl_certificate /root/pki/full.pem;
  ssl_certificate_key '/root/pki/leaf.key';
}
server {
  listen 8444 ssl; server_name www.example.test;
  ssl_certificate /root/pki/other.pem; ssl_certificate_key /root/pki/other.key;
}
END
nginx -t 2>/root/nginx.out || { cat /root/nginx.out; exit 1; }
`;

const apacheSite = `
mkdir -p /etc/apache2/sites-enabled
cat > /etc/apache2/sites-enabled/mail.conf <<'END'
<IfModule mod_ssl.c>
<VirtualHost *:8443>
  ServerName ${mailHost}
  SSLEngine on
  SSLCertificateFile "/root/pki/leaf.crt"
  SSLCertificateKeyFile /root/pki/leaf.key
  SSLCertificateChainFile /root/pki/inter.crt
</VirtualHost>
</IfModule>
END
grep -q 'IncludeOptional sites-enabled' /etc/apache2/apache2.conf
`;

const letsEncrypt = `
mkdir -p /etc/letsencrypt/live/mail /etc/letsencrypt/archive/mail
cd /etc/letsencrypt/archive/mail; cp /root/pki/full.pem fullchain1.pem; cp /root/pki/leaf.key privkey1.pem
cd ../../live/mail
for name in fullchain privkey; do ln -sf ../../archive/mail/\${name}1.pem $name.pem; done
`;

const pebbleFiles = `
mkdir -p /root/acme
cat > /root/acme/config.json <<'END'
{ "pebble": { "listenAddress": "0.0.0.0:14000", "managementListenAddress": "0.0.0.0:15000",
  "certificate": "/root/pki/full.pem", "privateKey": "/root/pki/leaf.key", "httpPort": 5002, "tlsPort": 5001,
  "ocspResponderURL": "",
  "externalAccountBindingRequired": false } }
END
`;

/** Quick, and with a fifth of all good nonces refused. */
const pebble = `PEBBLE_VA_NOSLEEP=1 PEBBLE_WFE_NONCEREJECT=20 exec pebble -config /root/acme/config.json -dnsserver 127.0.0.1:8053`;

/** The root that pebble has made for this run, and its intermediate. */
const pebbleReady = `
fetch() { printf 'GET %s HTTP/1.0\\r\\n\\r\\n' "$1" | openssl s_client -quiet -connect localhost:15000 2>/dev/null; }
waited=0
until fetch /roots/0 | grep -q BEGIN; do waited=$((waited + 1)); [ $waited -lt 100 ]; sleep 0.1; done
fetch /roots/0 | sed -n '/BEGIN/,/END/p' > /root/acme/issuers.pem
`;

/** Answers one file after another from the working folder, as a web server would. */
const webServer = `
use Socket; my $port = shift; open my $p, ">", "/root/web.pid"; print $p $$; close $p;
socket(my $s, PF_INET, SOCK_STREAM, 0); setsockopt($s, SOL_SOCKET, SO_REUSEADDR, 1);
bind($s, sockaddr_in($port, INADDR_ANY)) or die; listen($s, 9);
while (accept(my $c, $s)) { my $l = <$c>; my ($f) = $l =~ m{GET /([^ ?]*)};
  if (open my $in, "<", $f) { local $/; my $t = <$in>; print $c "HTTP/1.0 200 OK\\r\\n\\r\\n$t" } else { print $c "HTTP/1.0 404 no\\r\\n\\r\\n" }
  close $c }`;

/** Sets a TXT record in challtestsrv. */
const dnsHook = `#!/bin/sh
echo "$1 $2. $3" >> /root/hook.log
case $1 in add) path=set-txt; body="{\\"host\\":\\"$2.\\",\\"value\\":\\"$3\\"}";; *) path=clear-txt; body="{\\"host\\":\\"$2.\\"}";; esac
perl -MIO::Socket::INET -e 'my ($p, $b) = @ARGV; my $s = IO::Socket::INET->new("127.0.0.1:8055") or die;
print $s "POST /$p HTTP/1.0\\r\\nContent-Length: ".length($b)."\\r\\n\\r\\n$b"; my $l = <$s>; exit($l =~ / 200 / ? 0 : 1)' $path "$body"
`;
