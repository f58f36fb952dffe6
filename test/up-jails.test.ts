/**
 * Taking over from a real fail2ban, and handing back to it: its jail and its bans go to the agent, it is stopped and
 * disabled; `down` has it guard again as before. And an `up` that fails on the way leaves nothing of itself.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkout } from '../src/host/checkout.ts';
import { isRoot } from '../src/host/identity.ts';
import { ownProgram } from '../src/host/own-program.ts';
import type { Ran } from '../src/host/run.ts';
import { openLab } from '../src/lab/lab.ts';
import type { Machine } from '../src/lab/machine.ts';

const skip = isRoot() ? false : 'a lab machine needs root';
const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' };
const earlier = '198.18.0.77';
const later = '198.18.0.78';
const atDoor = '198.18.0.79';

const setup = `
cp ${checkout}/test/up/systemctl.sh /usr/bin/systemctl
chmod 755 /usr/bin/systemctl
mkdir -p /run/systemd/system /var/lib/fail2ban
rm -f /etc/fail2ban/jail.d/*
cat > /etc/fail2ban/jail.local <<'END'
[DEFAULT]
banaction = nftables-multiport
[exim]
enabled = true
maxretry = 2
bantime = 1h
[door]
enabled = true
filter =
failregex = ^door: no entry for <HOST>$
datepattern = {^LN-BEG}
port = all
banaction = nftables-allports
logpath = /var/log/door.log
maxretry = 2
bantime = 1h
END
touch /var/log/door.log
systemctl enable --now fail2ban.service
until fail2ban-client status exim > /dev/null && fail2ban-client status door > /dev/null; do sleep 0.1; done
fail2ban-client set exim banip ${earlier}
`;

describe("up --take-jails, and fail2ban's return", { skip }, () => {
  let machine: Machine;
  let stock = '';

  before(async () => {
    const opened = await openLab({ fail2ban: true, tell: () => undefined });
    assert.ok(opened.ok, JSON.stringify(opened));
    machine = opened.value;
    await shell(setup);
    await until(async () => (await rules()).includes(earlier));
    stock = await photograph();
  });
  after(async () => {
    await machine.close();
  });

  async function portreeve(...args: readonly string[]): Promise<Ran> {
    const ran = await machine.run([...ownProgram, ...args], { env, timeoutMs: 120_000 });
    assert.ok(ran.ok, ran.ok ? '' : ran.problem.message);
    return ran.value;
  }
  async function shell(script: string): Promise<string> {
    const ran = await machine.run(['sh', '-eu', '-c', script], { env });
    assert.ok(ran.ok && ran.value.status === 0, `${script}: ${JSON.stringify(ran)}`);
    return ran.value.stdout;
  }
  async function rules(): Promise<string> {
    return await shell('nft list ruleset');
  }
  async function until(what: () => Promise<boolean>): Promise<void> {
    for (let waited = 0; waited < 20_000 && !(await what()); waited += 200) await sleep(200);
    assert.ok(await what());
  }
  /** Path, type, owner, mode, target and content of all that up may touch; the rules, and whether fail2ban is there. */
  async function photograph(): Promise<string> {
    return await shell(`
      find /etc/exim4 /etc/portreeve /etc/fail2ban /etc/systemd/system -printf '%p %y %u:%g %m %l\\n' 2>/dev/null | sort || true
      find /etc/exim4 /etc/fail2ban -type f -exec sha256sum {} + | sort -k 2
      getent passwd portreeve || true
      nft list ruleset
      systemctl is-active fail2ban.service
      systemctl is-enabled fail2ban.service`);
  }
  /** What its jail counts; the guard's own rules would need ten of them. */
  async function fails(address: string): Promise<void> {
    const line = `H=(x) [${address}] F=<a@b.example> rejected RCPT <nobody@example.test>: Unrouteable address`;
    await shell(`for time in 1 2; do echo "$(date '+%F %T') ${line}" >> /var/log/exim4/mainlog; done`);
  }

  test('what cannot be carried out to its end is taken back', { timeout: 240_000 }, async () => {
    await shell('touch /run/refuse');
    const up = await portreeve('up', '--yes', '--self-signed', '--take-jails');
    assert.equal(up.status, 4, up.stdout + up.stderr);
    assert.match(up.stderr, /start the services.*[\s\S]*what was done before has been taken back/);
    await shell('rm /run/refuse');
    assert.equal(await photograph(), stock);
  });

  test('the agent bans in its place, and it guards again after down', { timeout: 240_000 }, async () => {
    const shown = await portreeve('up', '--dry-run', '--self-signed', '--take-jails');
    assert.equal(shown.status, 0, shown.stdout + shown.stderr);
    assert.match(shown.stdout, /jail exim: they are taken over, and it is stopped/);
    assert.match(shown.stdout, /^seen outside +port 25: .*throw-away/m);
    assert.match(shown.stdout, /\+ *MAIN_TLS_ENABLE = yes/, 'what would be written');
    assert.match(shown.stdout, /^firewall +nftables \(inet f2b-table\)$/m);
    assert.equal(await photograph(), stock, 'nothing was touched');

    const up = await portreeve('up', '--yes', '--self-signed', '--take-jails');
    assert.equal(up.status, 0, up.stdout + up.stderr);
    const taken = await rules();
    assert.doesNotMatch(taken, /f2b/);
    assert.match(taken, new RegExp(`table inet portreeve[\\s\\S]*${earlier}`), 'its ban holds on');
    const said = await shell(
      'systemctl is-active fail2ban.service; systemctl is-enabled fail2ban.service || true',
    ).catch(() => 'inactive');
    assert.match(said, /inactive/);
    await fails(later);
    await until(async () => (await rules()).includes(later));
    // A jail of other ports has a table of its own.
    await shell(`for time in 1 2; do echo 'door: no entry for ${atDoor}' >> /var/log/door.log; done`);
    await until(async () => /table inet portreeve_all [\s\S]*198\.18\.0\.79/.test(await rules()));
    const bans = JSON.parse((await portreeve('--json', 'guard', 'bans')).stdout) as readonly {
      target: string;
      rule: string;
    }[];
    assert.deepEqual(bans.map(({ target, rule }) => `${target} ${rule}`).toSorted(), [
      `${earlier} jail exim`,
      `${later} jail exim`,
      `${atDoor} jail door`,
    ]);

    const down = await portreeve('down', '--yes');
    assert.equal(down.status, 0, down.stdout + down.stderr);
    // It reads on from where it was stopped, and finds by itself what the agent has banned meanwhile.
    await until(async () => (await rules()).includes(later));
    await shell(`fail2ban-client set exim unbanip ${later}`);
    await until(async () => !(await rules()).includes(later));
    assert.equal(await photograph(), stock);
  });
});
