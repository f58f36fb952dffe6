/** A lab machine as the tests of the TLS commands need it: run ours, look at the folder, ask foreign clients. */
import assert from 'node:assert/strict';
import { ownProgram } from '../src/host/own-program.ts';
import { cacheFolder } from '../src/host/checkout.ts';
import type { Ran } from '../src/host/run.ts';
import { mailHost, openLab, type LabOptions } from '../src/lab/lab.ts';
import type { Machine } from '../src/lab/machine.ts';
import { serveMailDomain } from './serve-mail-domain.ts';

export type Layout = 'unsplit' | 'split' | 'plain';

export class TlsMachine {
  readonly machine: Machine;
  #names: string | undefined;

  private constructor(machine: Machine) {
    this.machine = machine;
  }

  /** With its folder under history. */
  static async open(layout: Layout, more: NonNullable<LabOptions['more']> = []): Promise<TlsMachine> {
    const opened = await openLab({
      layout: layout === 'split' ? 'split' : 'unsplit',
      more,
      tell: () => undefined,
    });
    assert.ok(opened.ok, JSON.stringify(opened));
    const lab = new TlsMachine(opened.value);
    if (layout === 'plain')
      await lab.shell(
        `cat > /etc/exim4/exim4.conf <<'END'\n${plainConfiguration}END\n${stopExim}${startExim}`,
      );
    await lab.ours('history', 'init', '/etc/exim4');
    return lab;
  }

  async shell(script: string): Promise<string> {
    const ran = await this.machine.succeed('run a script', ['sh', '-eu', '-c', script]);
    assert.ok(ran.ok, JSON.stringify(ran));
    return ran.value.stdout;
  }

  async portreeve(...args: readonly string[]): Promise<Ran> {
    const env = { ...process.env, NODE_COMPILE_CACHE: `${cacheFolder}/node-compile` } as Record<
      string,
      string
    >;
    const ran = await this.machine.run([...ownProgram, ...args], { env });
    assert.ok(ran.ok);
    return ran.value;
  }

  /** It has to succeed. */
  async ours(...args: readonly string[]): Promise<string> {
    const { status, stdout, stderr } = await this.portreeve(...args);
    assert.equal(status, 0, `${args.join(' ')}\n${stdout}${stderr}`);
    return stdout;
  }

  /** Every byte, owner and mode of the folder. */
  async folder(): Promise<string> {
    return await this.shell(
      'cd /etc/exim4; find . -name .git -prune -o -printf "%p %u:%g %m %l\\n" | sort; find . -type f ! -path "./.git*" | sort | xargs sha256sum',
    );
  }

  /** Options that have the MX names of `example.test` looked up at a name server in the machine. */
  async mailDomain(): Promise<string[]> {
    this.#names ??= await serveMailDomain(this.machine);
    return ['--domain', 'example.test', '--dns', this.#names];
  }

  /** Clients of other hands complete a verified handshake on each port. */
  async foreignClients(roots: string, ports: readonly number[] = [25, 465, 587]): Promise<void> {
    for (const port of ports) {
      const starttls = port === 465 ? '' : '-starttls smtp';
      const openssl = await this.shell(
        `openssl s_client ${starttls} -connect ${mailHost}:${port} -CAfile ${roots} -verify_return_error -verify_hostname ${mailHost} -brief </dev/null 2>&1`,
      );
      assert.match(openssl, /Verification: OK/);
      const proto = port === 465 ? '' : '--starttls-proto=smtp';
      const gnutls = await this.shell(
        `gnutls-cli ${proto} --x509cafile=${roots} -p ${port} ${mailHost} </dev/null 2>&1`,
      );
      assert.match(gnutls, /The certificate is trusted/);
    }
    const swaks = await this.shell(
      `swaks --server ${mailHost} -a -tls --tls-verify --tls-ca-path ${roots} -q HELO 2>&1`,
    );
    assert.match(swaks, /TLS started with cipher TLSv1\.3/);
    assert.match(swaks, /^ ~> EHLO/m);
  }
}

/** Scripts: Exim is gone when the first ends, and listens when the second does. */
export const stopExim = `
old=$(cat /run/exim4/exim.pid); kill $old
while kill -0 $old 2>/dev/null; do sleep 0.05; done
rm -f /run/exim4/exim.pid
`;
export const startExim = `
exim4 -bd -q30m -oP /run/exim4/exim.pid
until [ -s /run/exim4/exim.pid ] && ss -Htln '( sport = :25 )' | grep -q .; do sleep 0.05; done
`;

/** Written by hand, with no macro of Debian's; STARTTLS off. */
export const plainConfiguration: string = `# a configuration of our own: Größe in Latin-1 below
primary_hostname = ${mailHost}
domainlist local_domains = example.test
daemon_smtp_ports = 25 : 465 : 587
tls_on_connect_ports = 465
keep_environment =
tls_advertise_hosts =
acl_smtp_rcpt = check_rcpt
begin acl
check_rcpt:
  accept domains = +local_domains
  deny message = relay not permitted
begin routers
local:
  driver = accept
  check_local_user
  transport = mbox
begin transports
mbox:
  driver = appendfile
  file = /var/mail/$local_part
`;
