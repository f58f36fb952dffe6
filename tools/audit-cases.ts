// The servers of the audit's conformance run, each as a way to start it in a lab machine.

import { join } from 'node:path';
import type { Machine } from '../src/lab/machine.ts';

export interface AuditCase {
  readonly name: string;
  readonly port: number;
  /** Starts it; what comes back ends it. */
  readonly start: (machine: Machine) => Promise<() => Promise<void>>;
}

const gnutlsRest =
  '-CIPHER-ALL:+AES-128-GCM:+AES-256-GCM:+CHACHA20-POLY1305:-MAC-ALL:+AEAD:-KX-ALL:+ECDHE-ECDSA:+ECDHE-RSA:' +
  '-GROUP-ALL:+GROUP-X25519:+GROUP-SECP256R1:+GROUP-SECP384R1';
const intermediate = `NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:${gnutlsRest}`;
const modern = `NORMAL:-VERS-ALL:+VERS-TLS1.3:${gnutlsRest}`;
const ncsc =
  'NORMAL:%SERVER_PRECEDENCE:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-CIPHER-ALL:+AES-256-GCM:+CHACHA20-POLY1305:' +
  '+AES-128-GCM:+AES-128-CCM:-MAC-ALL:+AEAD:-KX-ALL:+ECDHE-ECDSA:+ECDHE-RSA';

const rsa = ['-cert', '/root/c/rsa.leaf', '-key', '/root/c/rsa.key', '-cert_chain', '/root/c/root.crt'];
const ec = ['-cert', '/root/c/ec.leaf', '-key', '/root/c/ec.key', '-cert_chain', '/root/c/root.crt'];
const both = [
  ...rsa,
  '-dcert',
  '/root/c/ec.leaf',
  '-dkey',
  '/root/c/ec.key',
  '-dcert_chain',
  '/root/c/root.crt',
];

let nextPort = 4000;

export const auditCases: readonly AuditCase[] = [
  exim('exim-stock', undefined, undefined),
  exim('exim-rsa', 'rsa', undefined),
  exim('exim-ecdsa', 'ec', undefined),
  exim('exim-intermediate', 'rsa', intermediate),
  exim('exim-modern', 'ec', modern),
  exim('exim-ncsc', 'rsa', ncsc),
  openssl('openssl-default', ...rsa),
  openssl('openssl-all', ...both, '-cipher', 'ALL:COMPLEMENTOFALL@SECLEVEL=0'),
  openssl('openssl-serverpref', ...both, '-serverpref'),
  openssl('openssl-tls1.0', ...rsa, '-tls1', '-cipher', 'ALL@SECLEVEL=0'),
  openssl('openssl-tls1.1', ...rsa, '-tls1_1', '-cipher', 'ALL@SECLEVEL=0'),
  openssl('openssl-tls1.2', ...rsa, '-tls1_2'),
  openssl('openssl-tls1.3', ...ec, '-tls1_3'),
  openssl('openssl-null', ...rsa, '-tls1_2', '-cipher', 'eNULL:ECDHE-RSA-AES128-GCM-SHA256@SECLEVEL=0'),
  openssl('openssl-anon', ...rsa, '-tls1_2', '-cipher', 'aNULL:AES128-SHA@SECLEVEL=0'),
  openssl('openssl-dh1024', ...rsa, '-tls1_2', '-cipher', 'DHE@SECLEVEL=0', '-dhparam', '/root/c/dh1024.pem'),
  openssl('openssl-curves', ...rsa, '-cipher', 'ECDHE@SECLEVEL=0', '-curves', 'secp192r1:secp224r1:P-521'),
  openssl('openssl-static-rsa', ...rsa, '-tls1_2', '-cipher', 'kRSA@SECLEVEL=0', '-serverpref'),
  openssl('openssl-no-ticket', ...rsa, '-no_ticket', '-no_renegotiation'),
  openssl(
    'openssl-ecdsa',
    ...ec,
    '-cipher',
    'ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-SHA@SECLEVEL=0',
  ),
  openssl('openssl-chacha', ...both, '-serverpref', '-prioritize_chacha'),
  gnutls('gnutls-normal', 'NORMAL'),
  gnutls('gnutls-legacy', 'LEGACY:+3DES-CBC:+ARCFOUR-128:%SERVER_PRECEDENCE'),
  postfix(),
  dovecot(),
];

function port(): number {
  nextPort += 10;
  return nextPort;
}

/** openssl s_server has no STARTTLS: a front speaks it. */
function openssl(name: string, ...args: readonly string[]): AuditCase {
  return behindFront(name, (inner) => ['openssl', 's_server', '-accept', String(inner), '-quiet', ...args]);
}

function gnutls(name: string, priority: string): AuditCase {
  return behindFront(name, (inner) => [
    'gnutls-serv',
    '--port',
    String(inner),
    '--quiet',
    '--echo',
    '--priority',
    priority,
    '--x509certfile',
    '/root/c/rsa.crt',
    '--x509keyfile',
    '/root/c/rsa.key',
    '--x509certfile',
    '/root/c/ec.crt',
    '--x509keyfile',
    '/root/c/ec.key',
  ]);
}

function behindFront(name: string, command: (inner: number) => readonly string[]): AuditCase {
  const own = port();
  return {
    name,
    port: own,
    start: async (machine) => {
      const front = join(import.meta.dirname, 'audit-front.ts');
      const service = machine.start(
        [process.execPath, front, String(own), String(own + 1), ...command(own + 1)],
        {},
      );
      return await Promise.resolve(async () => {
        service.finish();
        await service.ended;
      });
    },
  };
}

/** The lab's own Exim on port 25, with another configuration; all its connections, for testssl.sh's sake. */
function exim(name: string, kind: string | undefined, ciphers: string | undefined): AuditCase {
  const macros = [
    'smtp_accept_max = 200',
    ...(kind === undefined
      ? []
      : [
          'MAIN_TLS_ENABLE = yes',
          `MAIN_TLS_CERTIFICATE = /etc/exim4/c.crt`,
          `MAIN_TLS_PRIVATEKEY = /etc/exim4/c.key`,
        ]),
    ...(ciphers === undefined ? [] : [`tls_require_ciphers = ${ciphers}`]),
  ];
  return {
    name,
    port: 25,
    start: async (machine) => {
      await shell(
        machine,
        `cp -n /etc/exim4/exim4.conf.localmacros /root/localmacros.before || true
        ${kind === undefined ? '' : `install -o root -g Debian-exim -m 640 /root/c/${kind}.crt /etc/exim4/c.crt; install -o root -g Debian-exim -m 640 /root/c/${kind}.key /etc/exim4/c.key`}
        { cat /root/localmacros.before; cat <<'EOF'
${macros.join('\n')}
EOF
        } > /etc/exim4/exim4.conf.localmacros
        update-exim4.conf
        kill "$(cat /run/exim4/exim.pid)"; sleep 1
        exim4 -bd -q30m -oP /run/exim4/exim.pid`,
      );
      return async () => {
        await Promise.resolve();
      };
    },
  };
}

function postfix(): AuditCase {
  return {
    name: 'postfix',
    port: 2526,
    start: async (machine) => {
      await shell(
        machine,
        `tree=${join(import.meta.dirname, '..', '.cache', 'audit-conformance', 'postfix')}
        cp -a "$tree/usr/lib/postfix" /usr/lib/; cp -a "$tree"/usr/sbin/post* /usr/sbin/; cp -a "$tree/usr/share/postfix" /usr/share/
        id postfix > /dev/null 2>&1 || { useradd --system --no-create-home postfix; groupadd --system postdrop; }
        mkdir -p /root/pf /var/spool/postfix /var/lib/postfix && chown postfix /var/lib/postfix
        cat > /root/pf/main.cf <<'EOF'
compatibility_level = 3.6
queue_directory = /var/spool/postfix
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
data_directory = /var/lib/postfix
meta_directory = /root/pf
mail_owner = postfix
setgid_group = postdrop
myhostname = mx.example.test
mydestination =
inet_interfaces = all
smtpd_tls_security_level = may
smtpd_tls_chain_files = /root/pf/rsa.pem, /root/pf/ec.pem
smtpd_client_connection_rate_limit = 0
smtpd_client_connection_count_limit = 0
maillog_file = /var/log/postfix.log
EOF
        cat > /root/pf/master.cf <<'EOF'
2526 inet n - n - - smtpd
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
cleanup unix n - n - 0 cleanup
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
EOF
        cat /root/c/rsa.key /root/c/rsa.crt > /root/pf/rsa.pem; cat /root/c/ec.key /root/c/ec.crt > /root/pf/ec.pem
        cp "$tree/etc/postfix/postfix-files" /root/pf/; mkdir -p /root/pf/postfix-files.d /root/pf/dynamicmaps.cf.d; touch /root/pf/dynamicmaps.cf
        postfix -c /root/pf start`,
      );
      return async () => {
        await machine.run(['postfix', '-c', '/root/pf', 'stop']);
      };
    },
  };
}

function dovecot(): AuditCase {
  return {
    name: 'dovecot-submission',
    port: 2587,
    start: async (machine) => {
      await shell(
        machine,
        `for user in dovecot dovenull; do id $user > /dev/null 2>&1 || useradd --system --no-create-home $user; done
        mkdir -p /root/dc && cat > /root/dc/dovecot.conf <<'EOF'
protocols = submission
base_dir = /run/dovecot
log_path = /var/log/dovecot.log
ssl = yes
ssl_cert = </root/c/rsa.crt
ssl_key = </root/c/rsa.key
submission_relay_host = 127.0.0.1
submission_relay_port = 25
service submission-login {
  inet_listener submission {
    port = 2587
  }
}
passdb {
  driver = static
  args = nopassword=y
}
userdb {
  driver = static
  args = uid=nobody gid=nogroup home=/tmp
}
EOF
        dovecot -c /root/dc/dovecot.conf < /dev/null > /root/dc/out 2>&1`,
      );
      return async () => {
        await machine.run(['doveadm', '-c', '/root/dc/dovecot.conf', 'stop']);
      };
    },
  };
}

async function shell(machine: Machine, script: string): Promise<void> {
  const ran = await machine.succeed('start a server', ['sh', '-eu', '-c', script]);
  if (!ran.ok) console.log(ran.problem.message);
}
