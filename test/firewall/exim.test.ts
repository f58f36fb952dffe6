/** EximFirewall: the contract, and a real Exim that goes by its file; and the reserve that Exim reads. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { EximFirewall, eximBanStatement } from '../../src/guard/firewall/exim.ts';
import { systemClock } from '../../src/host/clock.ts';
import { openLab } from '../../src/lab/lab.ts';
import { startExim } from '../../src/lab/mail-server.ts';
import { serverAddress } from '../../src/lab/network.ts';
import { ban, keepsTheContract, network } from './contract.ts';
import { RemoteFirewall } from './remote-firewall.ts';

const skip = process.geteuid?.() === 0 ? false : 'needs root for an Exim of its own';

test('EximFirewall keeps the contract, and its bans over a restart', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'portreeve-exim-'));
  context.after(() => {
    rmSync(folder, { recursive: true });
  });
  const path = join(folder, 'banned');
  await keepsTheContract(new EximFirewall(path, systemClock));
  const before = new EximFirewall(path, systemClock);
  await before.prepare();
  await before.ban([ban('198.18.0.11'), ban('2001:db8::/64'), ban('198.51.100.0/24', -1)]);
  const after = new EximFirewall(path, systemClock);
  assert.ok((await after.prepare()).ok);
  const listed = await after.list();
  assert.ok(listed.ok);
  assert.deepEqual(listed.value.map(({ target }) => target.text).toSorted(), [
    '198.18.0.11',
    '2001:db8::/64',
  ]);
});

test('Exim drops whom EximFirewall bans, and nobody else', { skip }, async (context) => {
  const machine = await openLab({ tell: () => undefined });
  assert.ok(machine.ok, JSON.stringify(machine));
  const lab = machine.value;
  context.after(async () => {
    await lab.close();
  });
  const path = '/var/lib/portreeve/agent/banned';
  const firewall = new RemoteFirewall(lab, 'exim', { path });
  assert.ok((await firewall.prepare()).ok);
  const acl = `acl_portreeve:\n${eximBanStatement(path)}\naccept\n`;
  const configured = await lab.succeed('tell Exim', ['sh', '-eu', '-c', setup], { input: acl });
  assert.ok(configured.ok, JSON.stringify(configured));
  const started = await startExim(lab);
  assert.ok(started.ok, JSON.stringify(started));

  const greeting = async (from: string): Promise<string> => {
    const said = await lab.run(['ip', 'netns', 'exec', 'wild', process.execPath, '-e', clientScript, from]);
    assert.ok(said.ok);
    return said.value.stdout.trim();
  };
  const [one, neighbour] = ['198.18.0.77', '198.18.7.7'];
  assert.match(await greeting(one), /^220 /);
  await firewall.ban([ban(one), ban('198.18.7.0/24', 3000), ban('2001:db8::/32')]);
  assert.match(await greeting(one), /^550 You are banned/);
  assert.match(await greeting(neighbour), /^550 You are banned/);
  assert.match(await greeting('198.18.8.7'), /^220 /);
  await firewall.unban([network(one)]);
  assert.match(await greeting(one), /^220 /);
  // Nobody takes this one out: its time is over.
  firewall.close();
  await systemClock.sleep(3500);
  assert.match(await greeting(neighbour), /^220 /);
  const logged = await lab.run(['grep', '-c', 'banned by Portreeve', '/var/log/exim4/mainlog']);
  assert.ok(logged.ok && Number(logged.value.stdout) === 2, JSON.stringify(logged));
  const gone = await lab.run(['rm', path]);
  assert.ok(gone.ok);
  assert.match(await greeting(one), /^220 /, 'a file that is missing stops no mail');
});

const setup = `
chmod 0755 /var/lib/portreeve/agent
echo 'acl_smtp_connect = acl_portreeve' >> /etc/exim4/exim4.conf.localmacros
cat > /tmp/acl
sed -i '/^begin acl/r /tmp/acl' /etc/exim4/exim4.conf.template
update-exim4.conf
kill "$(cat /run/exim4/exim.pid)"
while kill -0 "$(cat /run/exim4/exim.pid)" 2>/dev/null; do sleep 0.05; done
`;

const clientScript = `
const [localAddress] = process.argv.slice(1);
const socket = require('node:net').connect({ host: '${serverAddress}', port: 25, localAddress });
socket.once('data', (line) => { console.log(String(line)); socket.end(); });
socket.on('error', (error) => console.log(error.code));
setTimeout(() => process.exit(0), 3000).unref();
`;
