/**
 * Debian's Exim in a lab machine, as a fresh installation has it: its own configuration and scripts,
 * its usual paths and user, `smtp_accept_max` at Exim's default of 20, no certificate.
 *
 * What a maintainer script would have done (accounts, folders, update-exim4.conf.conf) is done here.
 * On top of that it serves: ports 25, 587 and 465; logins (checked against /etc/exim4/passwd, the way
 * Debian's README suggests); mailboxes; and a static route for the senders' domain, because nobody
 * answers DNS in the lab.
 */
import { type Problem } from '../base/problem.ts';
import { fail, ok, type Result } from '../base/result.ts';
import { systemClock } from '../host/clock.ts';
import type { Machine } from './machine.ts';

export interface MailServerOptions {
  /** Debian's two layouts: one template file, or the folder conf.d. */
  readonly layout: 'unsplit' | 'split';
  readonly hostname: string;
  /** The domain whose mail is delivered here, and its mailboxes. */
  readonly domain: string;
  readonly mailboxes: readonly string[];
  /** The domain that the lab's senders write from, reached at this address. */
  readonly senders: { readonly domain: string; readonly address: string };
  /** Login → password of the submission user. */
  readonly login: { readonly name: string; readonly password: string };
}

export async function startMailServer(machine: Machine, options: MailServerOptions): Promise<Result<void>> {
  const prepared = await machine.succeed('prepare the mail server', ['sh', '-eu', '-c', installation], {
    input: files(options)
      .map(({ path, text }) => `${path}\n${Buffer.from(text).toString('base64')}\n`)
      .join(''),
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', MAILBOXES: options.mailboxes.join(' ') },
  });
  if (!prepared.ok) return prepared;
  const generated = await machine.succeed('generate the Exim configuration', ['update-exim4.conf']);
  if (!generated.ok) return generated;
  return await startExim(machine);
}

const pidFile = '/run/exim4/exim.pid';

/** Starts the daemon as Debian's init script does, and waits until it serves: it writes its pid once it has its ports. */
export async function startExim(machine: Machine): Promise<Result<void>> {
  const cleared = await machine.succeed('clear the pid file of Exim', ['rm', '-f', pidFile]);
  if (!cleared.ok) return cleared;
  const started = await machine.run(['exim4', '-bd', '-q30m', '-oP', pidFile]);
  if (!started.ok) return started;
  const until = systemClock.now() + 3000;
  while (started.value.status === 0 && systemClock.now() < until) {
    const serving = await machine.run([
      'sh',
      '-c',
      `kill -0 "$(cat ${pidFile})" && ss -Htln '( sport = :25 )'`,
    ]);
    if (serving.ok && serving.value.status === 0 && serving.value.stdout.trim() !== '') return ok();
    await systemClock.sleep(50);
  }
  return { ok: false, problem: await ownWords(machine, started.value.stderr) };
}

/** Why Exim did not start, as it says itself on standard error and in its logs. */
async function ownWords(machine: Machine, stderr: string): Promise<Problem> {
  const logged = await machine.run([
    'sh',
    '-c',
    'tail -n 3 /var/log/exim4/paniclog 2>/dev/null; tail -n 3 /var/log/exim4/mainlog 2>/dev/null',
  ]);
  const words = [stderr.trim(), logged.ok ? logged.value.stdout.trim() : ''].join('\n').trim();
  const shown = [...new Set(words.split('\n'))].slice(0, 4).join(' | ');
  return fail('unavailable', `cannot start Exim in the lab: it says: ${shown || 'nothing'}`, {
    hint: 'the configuration of the lab lies in its /etc/exim4; its log in /var/log/exim4',
  }).problem;
}

const installation = `
# A mail server that runs the lab has some of them already.
account() { id -u -- "$1" > /dev/null 2>&1 || useradd --no-create-home --shell /usr/sbin/nologin --home-dir "$2" $3 -- "$1"; }
account Debian-exim /var/spool/exim4 --system
account portreeve /var/lib/portreeve '--system --groups adm'
for name in $MAILBOXES; do account "$name" / ''; done
for folder in /var/spool/exim4 /var/spool/exim4/db /var/spool/exim4/input /var/spool/exim4/msglog /run/exim4; do
  rm -rf "$folder"
  install -d -o Debian-exim -g Debian-exim -m 0750 "$folder"
done
install -d -o root -g root -m 0755 /var/lib/portreeve
install -d -o portreeve -g portreeve -m 0700 /var/lib/portreeve/agent
rm -rf /var/log/exim4 /var/lib/exim4 /var/mail /etc/exim4/exim4.conf /etc/mailname /etc/aliases
install -d -o Debian-exim -g adm -m 2750 /var/log/exim4
install -d -o root -g root -m 0755 /var/lib/exim4
install -d -o root -g mail -m 2775 /var/mail
chown root:Debian-exim /etc/exim4/passwd.client
while read -r path && read -r content; do
  printf %s "$content" | base64 -d >> "$path"
done
chown root:Debian-exim /etc/exim4/passwd
chmod 0640 /etc/exim4/passwd
`;

interface LabFile {
  readonly path: string;
  readonly text: string;
}

function files(options: MailServerOptions): LabFile[] {
  const split = options.layout === 'split';
  const authenticators = split ? '/etc/exim4/conf.d/auth/10_lab_logins' : '/etc/exim4/exim4.conf.template';
  return [
    { path: '/etc/aliases', text: `postmaster: root\nroot: ${options.mailboxes[0] ?? 'postmaster'}\n` },
    { path: '/etc/mailname', text: `${options.domain}\n` },
    { path: '/etc/exim4/update-exim4.conf.conf', text: debconfAnswers(options.domain, split) },
    {
      path: split ? '/etc/exim4/conf.d/main/000_localmacros' : '/etc/exim4/exim4.conf.localmacros',
      text: `MAIN_HARDCODE_PRIMARY_HOSTNAME = ${options.hostname}\ndaemon_smtp_ports = 25 : 465 : 587\ntls_on_connect_ports = 465\n`,
    },
    { path: '/etc/exim4/hubbed_hosts', text: `${options.senders.domain}: ${options.senders.address}\n` },
    { path: '/etc/exim4/passwd', text: `${options.login.name}:${options.login.password}\n` },
    { path: authenticators, text: logins },
  ];
}

/** What `dpkg-reconfigure exim4-config` writes for "internet site". */
function debconfAnswers(domain: string, split: boolean): string {
  return `dc_eximconfig_configtype='internet'
dc_other_hostnames='${domain}'
dc_local_interfaces=''
dc_readhost=''
dc_relay_domains=''
dc_minimaldns='false'
dc_relay_nets=''
dc_smarthost=''
CFILEMODE='644'
dc_use_split_config='${String(split)}'
dc_hide_mailname=''
dc_mailname_in_oh='true'
dc_localdelivery='mail_spool'
`;
}

const logins = `
plain_server:
  driver = plaintext
  public_name = PLAIN
  server_condition = \${if eq{$auth3}{\${lookup{$auth2}lsearch{CONFDIR/passwd}}}}
  server_set_id = $auth2
  server_prompts = :
  server_advertise_condition = \${if eq{$tls_in_cipher}{}{}{*}}

login_server:
  driver = plaintext
  public_name = LOGIN
  server_prompts = "Username:: : Password::"
  server_condition = \${if eq{$auth2}{\${lookup{$auth1}lsearch{CONFDIR/passwd}}}}
  server_set_id = $auth1
  server_advertise_condition = \${if eq{$tls_in_cipher}{}{}{*}}
`;
