/**
 * Everything that can be wrong with a certificate, a key, a policy or the server when TLS is turned on: each is
 * refused or undone, the message names the cause, and the mail service is interrupted for one restart at most.
 */
import assert from 'node:assert/strict';
import { ownModule } from '../src/host/own-module.ts';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { after, before, describe, test } from 'node:test';
import { isRoot } from '../src/host/identity.ts';
import { mailHost } from '../src/lab/lab.ts';
import { checkPair } from '../src/tls/certificate-to-install.ts';
import { readPair } from '../src/tls/source/read-pair.ts';
import { type Layout, startExim, stopExim, TlsMachine } from './tls-machine.ts';

const skip = isRoot() ? false : 'a lab machine needs root';
const noOpenssl =
  spawnSync('openssl', ['version']).error === undefined ? false : 'openssl is not on this machine';
const nightly = process.env['PORTREEVE_NIGHTLY'] !== undefined;
const layouts: readonly Layout[] = nightly ? ['unsplit', 'split', 'plain'] : ['unsplit'];

interface Broken {
  readonly name: string;
  /** What breaks it, and what mends it again. */
  readonly given?: string;
  readonly mended?: string;
  readonly args?: readonly string[];
  readonly says: RegExp;
  /** 2: refused before anything is touched; 3: could not; 4: undone. */
  readonly status: number;
  readonly only?: Layout;
  /** In every run; the others each night. */
  readonly core?: true;
}

const good = ['--cert', 'full.pem', '--key', 'leaf.key', '--issued-by', 'root.crt'];
const named = (cert: string, key = 'leaf.key'): string[] => ['--cert', cert, '--key', key];
const self = ['--self-signed'];

const table: readonly Broken[] = [
  // The certificate and its key.
  {
    name: 'the key of another certificate',
    args: named('full.pem', 'other.key'),
    says: /key must belong to the first certificate/,
    status: 2,
  },
  {
    name: 'a key under a passphrase',
    args: named('full.pem', 'locked.key'),
    says: /without a passphrase: the key is encrypted/,
    status: 2,
  },
  {
    name: 'a chain that is reversed',
    args: named('reversed.pem'),
    says: /must be that of a server: it is one of an authority/,
    status: 2,
  },
  {
    name: 'a chain out of order',
    args: named('shuffled.pem'),
    says: /issued by the next one: number 2 .* has not issued number 1/,
    status: 2,
  },
  {
    name: 'no intermediate, root given',
    core: true,
    args: [...named('leaf.crt'), '--issued-by', 'root.crt'],
    says: /must have issued its chain: its last issuer is CN=inter/,
    status: 2,
  },
  {
    name: 'no intermediate, of a public authority',
    args: named('public.crt'),
    says: /the certificate of CN=inter is missing/,
    status: 2,
  },
  {
    name: 'a foreign authority',
    args: [...named('full.pem'), '--issued-by', 'stranger.crt'],
    says: /authority must have issued its chain/,
    status: 2,
  },
  {
    name: 'expired',
    args: named('expired.pem'),
    says: /must not have expired: CN=expired expired on 20/,
    status: 2,
  },
  { name: 'not yet valid', args: named('early.pem'), says: /must be valid already/, status: 2 },
  {
    name: 'another name',
    args: named('www.pem', 'other.key'),
    says: new RegExp(`must cover the name ${mailHost.replaceAll('.', '\\.')}: it is for www`),
    status: 2,
  },
  {
    name: 'a common name alone',
    args: named('cn.pem'),
    says: /it has no names \(a common name does not count\)/,
    status: 2,
  },
  {
    name: 'the certificate of an authority',
    args: named('ca-leaf.pem'),
    says: /must be that of a server: it is one of an authority/,
    status: 2,
  },
  {
    name: 'RSA 1024',
    args: named('weak.pem', 'weak.key'),
    says: /RSA 2048, EC P-256 or more: it is RSA 1024/,
    status: 2,
  },
  {
    name: 'signed with SHA-1',
    args: named('sha1.pem'),
    says: /signature that nobody can forge: .*SHA-?1/i,
    status: 2,
  },
  { name: 'an empty file', args: named('empty.pem'), says: /empty\.pem is empty/, status: 2 },
  {
    name: 'an empty key',
    args: named('full.pem', 'empty.pem'),
    says: /private key: .*empty\.pem is empty/,
    status: 2,
  },
  { name: 'DER', args: named('leaf.der'), says: /is in DER or PKCS #12/, status: 2 },
  { name: 'PKCS #12 as key', args: named('full.pem', 'leaf.p12'), says: /is in DER or PKCS #12/, status: 2 },
  {
    name: 'certificate and key swapped',
    args: named('leaf.key', 'full.pem'),
    says: /needs 1 to 20 certificates in PEM: there are 0/,
    status: 2,
  },
  {
    name: 'a key file of certificates',
    args: named('full.pem', 'full.pem'),
    says: /it holds certificates alone/,
    status: 2,
  },
  { name: 'a certificate cut off', args: named('cut.pem'), says: /cannot read/, status: 2 },
  {
    name: 'a file that is not there',
    args: named('nowhere.pem'),
    says: /nowhere\.pem: there is no such file/,
    status: 3,
  },
  { name: 'a folder', args: named('/root/pki'), says: /it is a folder/, status: 3 },
  { name: 'text that is none', args: named('text.pem'), says: /there are 0/, status: 2 },
  // Where it is put.
  {
    name: 'a folder that Exim cannot search',
    core: true,
    given: 'chmod 0700 /etc/exim4',
    mended: 'chmod 0755 /etc/exim4',
    args: self,
    says: /Debian-exim must be able to search it: it is root:root 0700/,
    status: 3,
  },
  {
    name: 'a folder that others write to',
    given: 'chmod 0777 /etc/exim4',
    mended: 'chmod 0755 /etc/exim4',
    args: self,
    says: /root alone may write there/,
    status: 3,
  },
  // The configuration.
  {
    name: 'a configuration that does not pass -bV to begin with',
    core: true,
    given:
      'cp /var/lib/exim4/config.autogenerated /root/good; echo "no_such_option = 1" > /var/lib/exim4/config.autogenerated',
    mended: 'cp /root/good /var/lib/exim4/config.autogenerated',
    args: self,
    says: /must be sound to begin with: .*no_such_option/,
    status: 2,
    only: 'unsplit',
  },
  {
    name: 'an option of somebody else in the way',
    given: 'echo "tls_certificate = /x" >> /etc/exim4/exim4.conf.localmacros',
    mended: 'sed -i /tls_certificate/d /etc/exim4/exim4.conf.localmacros',
    args: self,
    says: /sets tls_certificate/,
    status: 2,
    only: 'unsplit',
  },
  {
    name: 'an .ifdef without .endif',
    given: 'echo ".ifdef X" >> /etc/exim4/exim4.conf.localmacros',
    mended: 'sed -i "/.ifdef X/d" /etc/exim4/exim4.conf.localmacros',
    args: self,
    says: /\.ifdef must have its \.endif/,
    status: 2,
    only: 'unsplit',
  },
  {
    name: 'STARTTLS for one address alone',
    core: true,
    given: 'echo "MAIN_TLS_ADVERTISE_HOSTS = 203.0.113.1" >> /etc/exim4/exim4.conf.localmacros',
    mended: 'sed -i /ADVERTISE/d /etc/exim4/exim4.conf.localmacros',
    args: self,
    says: /STARTTLS/,
    status: 4,
    only: 'unsplit',
  },
  {
    name: 'a port that is taken',
    given:
      'ip netns list >/dev/null; perl -e \'use Socket; socket(my $s, PF_INET, SOCK_STREAM, 0); bind($s, sockaddr_in(2525, INADDR_ANY)) or die; listen($s, 1); open my $p, ">", "/root/port.pid"; print $p $$; close $p; sleep 300\' >/dev/null 2>&1 & until [ -s /root/port.pid ]; do sleep 0.05; done',
    mended: 'kill $(cat /root/port.pid)',
    args: [...self, '--ports', '2525'],
    says: /port 2525 is taken by another program/,
    status: 2,
  },
  {
    name: 'a port that is none',
    args: [...self, '--ports', '70000'],
    says: /needs ports from 1 to 65535/,
    status: 2,
  },
  // The machine.
  {
    name: 'Exim does not run',
    given: stopExim,
    mended: startExim,
    args: self,
    says: /Exim must run and listen: it does not/,
    status: 3,
  },
  {
    name: 'no Exim',
    given: 'mv /usr/sbin/exim4 /usr/sbin/exim4.away',
    mended: 'mv /usr/sbin/exim4.away /usr/sbin/exim4',
    args: self,
    says: /needs Exim: .*not on this machine/,
    status: 3,
  },
  {
    name: 'the folder has no history',
    given: 'mv /var/lib/portreeve/history /var/lib/portreeve/away',
    mended: 'mv /var/lib/portreeve/away /var/lib/portreeve/history',
    args: self,
    says: /must be a tracked folder/,
    status: 3,
  },
  // What is asked for.
  {
    name: 'a policy that is none',
    args: [...self, '--policy', 'paranoid'],
    says: /needs one of modern, intermediate, old, ncsc/,
    status: 2,
  },
  {
    name: 'two sources',
    args: [...self, '--reuse'],
    says: /needs one source: there are --reuse and --self-signed/,
    status: 2,
  },
  { name: 'no source', args: [], says: /where the certificate comes from: nothing says so/, status: 2 },
  {
    name: 'nothing to reuse',
    args: ['--reuse'],
    says: /one that is valid must cover .*: there is none at all/,
    status: 3,
  },
  { name: 'no authority', args: ['--ca', '/root/nowhere'], says: /no such file/, status: 3 },
  {
    name: 'an ACME server that is not there',
    args: ['--acme', `https://${mailHost}:14999/dir`, '--agree-terms', '--http-port', '5002'],
    says: /cannot call .*14999: nothing listens there/,
    status: 3,
  },
];

test('what is broken in a pair of files is found before anything else', { skip: noOpenssl }, async (t) => {
  const folder = mkdtempSync(`${tmpdir()}/portreeve-broken-`);
  t.after(() => {
    rmSync(folder, { recursive: true });
  });
  const made = spawnSync('sh', ['-eu', '-c', files], { cwd: folder, encoding: 'utf8' });
  assert.equal(made.status, 0, made.stderr);
  const rows = table.filter(({ args = [] }) => args[0] === '--cert');
  assert.ok(rows.length >= 24);
  for (const { name, args = [], says } of rows) {
    const [, cert = '', , key = '', , root] = args;
    const pair = await readPair({ cert: `${folder}/${cert}`, key: `${folder}/${key}` });
    const roots = root === undefined ? undefined : [readFileSync(`${folder}/${root}`, 'utf8')];
    const requirements = { hostNames: [mailHost], roots, systemRoots: [], now: Date.now() };
    const checked = pair.ok
      ? checkPair(pair.value, requirements)
      : { ok: false as const, problems: [pair.problem] };
    assert.ok(!checked.ok, name);
    const messages = checked.problems.map(({ message }) => message).join('\n');
    if (cert !== '/root/pki') assert.match(messages, says, name);
  }
});

for (const layout of layouts) {
  describe(`what is broken is refused or undone, ${layout}`, { skip }, () => {
    let lab: TlsMachine;
    let untouched: string;

    before(async () => {
      lab = await TlsMachine.open(layout);
      await lab.shell(`mkdir -p /root/pki; cd /root/pki${files}`);
      untouched = await lab.folder();
    });
    after(async () => {
      await lab.machine.close();
    });

    /** Its process; none where it was stopped, and nobody has started it. */
    async function runningExim(): Promise<string> {
      return await lab.shell('cat /run/exim4/exim.pid 2>/dev/null || echo none');
    }

    const tonight = table.filter(
      ({ only, core }) => (only ?? layout) === layout && (nightly || core === true),
    );
    for (const { name, given, mended, args = good, says, status } of tonight) {
      test(name, async () => {
        if (given !== undefined) await lab.shell(given);
        try {
          const earlier = await lab.folder();
          const exim = await runningExim();
          const inPlace = args.map((arg) =>
            /^[\w-]+\.(?:pem|key|crt|der|p12)$/.test(arg) ? `/root/pki/${arg}` : arg,
          );
          const refused = await lab.portreeve('tls', 'enable', ...inPlace, '--yes');
          assert.equal(refused.status, status, refused.stdout + refused.stderr);
          assert.match(refused.stderr, says);
          assert.equal(await lab.folder(), earlier, 'nothing is left of it');
          // What is refused has not touched Exim; what is undone has had one reload, in the same process.
          assert.equal(await runningExim(), exim);
        } finally {
          if (mended !== undefined) await lab.shell(mended);
        }
        assert.equal(await lab.folder(), untouched);
      });
    }

    test('line ends of Windows, and text around the PEM, are no fault', async () => {
      const { status, stderr, stdout } = await lab.portreeve(
        'tls',
        'enable',
        '--cert',
        '/root/pki/crlf.pem',
        '--key',
        '/root/pki/crlf.key',
        '--yes',
      );
      assert.equal(status, 0, stdout + stderr);
      await lab.shell('! grep -q "$(printf "\\r")" /etc/exim4/exim.crt /etc/exim4/exim.key');
    });

    test('a key that Exim cannot read, put there by hand, is found and mended', async () => {
      await lab.shell('chmod 0600 /etc/exim4/exim.key');
      const mended = await lab.ours('tls', 'enable', '--yes');
      assert.match(mended, /Debian-exim 0640/);
      assert.match(await lab.shell('stat -c "%U:%G %a" /etc/exim4/exim.key'), /^root:Debian-exim 640$/m);
    });

    test('drift is shown and recorded before anything is changed; what others wrote stays when TLS goes', async () => {
      const path = {
        unsplit: 'exim4.conf.localmacros',
        split: 'conf.d/main/000_localmacros',
        plain: 'exim4.conf',
      }[layout];
      await lab.shell(`sed -i '1i # by hand' /etc/exim4/${path}`);
      await lab.ours('tls', 'policy', 'modern', '--yes');
      assert.match(await lab.shell('git -C /etc/exim4 log -2 --format=%s'), /^drift before: /m);
      await lab.ours('tls', 'disable', '--yes');
      await lab.shell(`sed -i '1{/^# by hand$/d}' /etc/exim4/${path}`);
      assert.equal(await lab.folder(), untouched);
    });

    test('nobody at a terminal and no --yes: nothing is done', async () => {
      const { status, stderr } = await lab.portreeve('tls', 'enable', '--self-signed');
      assert.equal(status, 2);
      assert.match(stderr, /needs a yes: nobody is at a terminal/);
      assert.equal(await lab.folder(), untouched);
    });

    test('somebody without the rights is told so', async () => {
      const ran = await lab.machine.run([
        'setpriv',
        '--reuid=65534',
        '--clear-groups',
        process.execPath,
        ownModule('cli/main'),
        'tls',
        'enable',
        '--self-signed',
        '--yes',
      ]);
      assert.ok(ran.ok);
      assert.equal(ran.value.status, 3, ran.value.stderr);
      assert.match(ran.value.stderr, /it needs root/);
    });
  });
}

/** Makes them in the working folder. */
const files = `
key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out $1.key; }
key root; key inter; key leaf; key other; key stranger
openssl req -x509 -new -key root.key -subj /CN=root -days 30 -out root.crt
openssl req -x509 -new -key stranger.key -subj /CN=stranger -days 30 -out stranger.crt
# name, key, issuer, extensions, further options
issue() {
  name=$1 key=$2 issuer=$3; printf "$4" > ext; shift 4
  openssl req -new -key $key.key -subj /CN=$name -out csr
  openssl x509 -req -in csr -CA $issuer.crt -CAkey $issuer.key -days 20 -extfile ext -out $name.crt "$@" 2>/dev/null
}
san=subjectAltName=DNS:${mailHost}
issue inter inter root 'basicConstraints=critical,CA:TRUE\\nkeyUsage=keyCertSign,cRLSign'
issue leaf leaf inter $san
issue www other inter subjectAltName=DNS:www.example.test
issue public leaf inter "$san\\nauthorityInfoAccess=caIssuers;URI:http://ca.example/inter.crt"
issue cn leaf inter 'basicConstraints=CA:FALSE'
issue ca-leaf leaf inter "$san\\nbasicConstraints=critical,CA:TRUE"
issue sha1 leaf inter $san -sha1
mkdir demo; touch demo/index; echo 01 > demo/serial
cat > demo.cnf <<'END'
[ca]
default_ca = demo
[demo]
dir = demo
database = demo/index
serial = demo/serial
new_certs_dir = demo
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
END
dated() {
  printf "$san\\n" > ext; openssl req -new -key leaf.key -subj /CN=$1 -out csr
  openssl ca -batch -config demo.cnf -cert inter.crt -keyfile inter.key -in csr -extfile ext -startdate $2 -enddate $3 -notext -out $1.crt 2>/dev/null
  cat $1.crt inter.crt > $1.pem
}
dated expired 20200101000000Z 20200201000000Z
dated early 20400101000000Z 20410101000000Z
for name in www cn ca-leaf sha1; do cat $name.crt inter.crt > $name.pem; done
cat leaf.crt inter.crt > full.pem
cat inter.crt leaf.crt > reversed.pem
cat leaf.crt root.crt inter.crt > shuffled.pem
openssl genrsa -out weak.key 1024 2>/dev/null
openssl req -x509 -new -key weak.key -subj /CN=weak -addext "$san" -addext basicConstraints=critical,CA:FALSE -days 20 -out weak.pem 2>/dev/null
openssl pkey -in leaf.key -aes256 -passout pass:secret -out locked.key
openssl x509 -in leaf.crt -outform DER -out leaf.der
openssl pkcs12 -export -in leaf.crt -inkey leaf.key -passout pass:x -out leaf.p12
: > empty.pem; head -c 300 full.pem > cut.pem; printf -- '-----END CERTIFICATE-----\\n' >> cut.pem; echo hello > text.pem
{ openssl x509 -in leaf.crt -text; cat inter.crt; } | sed 's/$/\\r/' > crlf.pem; sed 's/$/\\r/' leaf.key > crlf.key
`;
