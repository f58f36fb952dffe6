/**
 * The guard's evidence besides its own rules for Exim's log, through a real agent that bans by nft: rules of the
 * settings, probes in web logs, patterns with <HOST> on any other log, and known senders by forward-confirmed name.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkout } from '../src/host/checkout.ts';
import { isRoot } from '../src/host/identity.ts';
import { nodePath } from '../src/host/node-path.ts';
import { ownProgram } from '../src/host/own-program.ts';
import { startAgent } from '../src/lab/defence/agent.ts';
import { openLab } from '../src/lab/lab.ts';
import type { Zone } from './name-server.ts';

const skip = isRoot() ? false : 'needs root for a lab machine';
const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' };
const named = '198.18.7.1';
const liar = '198.18.7.2';
const mainlog = '/var/log/exim4/mainlog';
const web = '/var/log/nginx/access.log';
const apache = '/var/log/apache2/error.log';
const shop = '/var/log/shop.log';

const pointer = (address: string, name: string): Zone => {
  const reverse = `${address.split('.').toReversed().join('.')}.in-addr.arpa`;
  return { [`${reverse} PTR`]: [{ type: 'PTR', name: reverse, data: name }] };
};

/** One name points back; the other is claimed by whoever writes the reverse zone of its own address. */
const zone: Zone = {
  ...pointer(named, 'out.known.example'),
  ...pointer(liar, 'out.known.example'),
  'out.known.example A': [{ type: 'A', name: 'out.known.example', data: named }],
};

const settings = `[guard]
web-logs = ["${web}", "${apache}"]
[guard.trust]
names = ["*.known.example"]
[guard.probe]
maxretry = 2
[[guard.rule]]
name = "fishing"
event = "rejected"
where = ["phase = RCPT", "text ~ ^gone fishing"]
kind = "relay"
times = 3
[[guard.rule]]
name = "shop"
log = "${shop}"
pattern = '^\\S+ login failed from <HOST>$'
kind = "credential"
times = 5
`;

const rejected = (peer: string, text: string, helo = 'x'): string =>
  `H=(${helo}) [${peer}] F=<a@b.example> rejected RCPT <x@c.test>: ${text}`;
const stamped = (line: string): string =>
  `${new Date().toISOString().slice(0, 19).replace('T', ' ')} ${line}`;
const request = (peer: string, asked: string, status = 404): string =>
  `${peer} - - [24/Nov/2026:09:00:00 +0000] "${asked}" ${status} 5 "-" "-"`;
const apacheError = (peer: string, said: string): string =>
  `[Tue Nov 24 09:00:00.123456 2026] [core:error] [pid 7:tid 8] [client ${peer}:4711] ${said}`;

/** Lines of a log, and who has to be banned for them. */
const scenes: readonly {
  readonly log: string;
  readonly lines: readonly string[];
  readonly banned: readonly string[];
}[] = [
  {
    log: mainlog,
    lines: [
      stamped(rejected('198.18.6.1', 'gone fishing')),
      // What a client calls itself is no text of the rejection, and names nobody.
      stamped(rejected('198.18.6.2', 'no', '[198.18.9.9] rejected RCPT <y>: gone fishing')),
    ],
    banned: ['198.18.6.1'],
  },
  {
    log: web,
    lines: [
      request('198.18.6.3', 'GET /w00tw00t.at.ISC.SANS.DFind:) HTTP/1.1'),
      request('198.18.6.3', 'GET /phpmyadmin/index.php HTTP/1.1'),
      request('198.18.6.4', 'GET /phpmyadmin/index.php HTTP/1.1', 200),
      request('198.18.6.4', 'GET /198.18.9.9 - - w00t HTTP/1.1', 200),
    ],
    banned: ['198.18.6.3'],
  },
  {
    log: apache,
    lines: [
      apacheError('198.18.6.5', 'AH00126: Invalid URI in request GET /w00tw00t.at.ISC.SANS.DFind:) HTTP/1.1'),
      apacheError('198.18.6.5', 'AH00126: Invalid URI in request GET /w00tw00t.at.ISC.SANS.DFind:) HTTP/1.1'),
    ],
    banned: ['198.18.6.5'],
  },
  {
    log: shop,
    lines: [
      '2026-11-24T09:00:00Z login failed from 198.18.6.6',
      '2026-11-24T09:00:00Z note: login failed from 198.18.9.9',
    ],
    banned: ['198.18.6.6'],
  },
];

test('evidence from rules of the settings, other logs and names reaches the firewall', {
  skip,
  timeout: 240_000,
}, async (context) => {
  const lab = await openLab({ tell: () => undefined });
  assert.ok(lab.ok, JSON.stringify(lab));
  const machine = lab.value;
  context.after(async () => {
    await machine.close();
  });
  const told: string[] = [];
  const shell = async (script: string, input = ''): Promise<string> => {
    const ran = await machine.succeed('prepare', ['sh', '-eu', '-c', script], { env, input });
    assert.ok(ran.ok, JSON.stringify(ran));
    return ran.value.stdout;
  };
  const answer = async (...argv: readonly string[]): Promise<unknown> => {
    const ran = await machine.run([...ownProgram, '--json', ...argv], { env });
    assert.ok(ran.ok && ran.value.status < 2, JSON.stringify(ran));
    return JSON.parse(ran.value.stdout) as unknown;
  };
  const write = async (log: string, lines: readonly string[]): Promise<void> => {
    await shell(`cat >> ${log}`, `${lines.join('\n')}\n`);
  };
  const isBanned = async (address: string): Promise<boolean> =>
    (await shell('nft list table inet portreeve')).includes(` ${address} `);
  const until = async (what: string, holds: () => Promise<boolean>): Promise<void> => {
    for (let tries = 0; tries < 100 && !(await holds()); tries += 1) await sleep(100);
    assert.ok(await holds(), `${what}: ${told.slice(-5).join(' | ')}`);
  };

  await shell('mkdir -p /etc/portreeve && cat > /etc/portreeve/portreeve.toml', settings);
  for (const log of [web, apache])
    await shell(
      `mkdir -p ${log.slice(0, log.lastIndexOf('/'))}; : > ${log}; chgrp adm ${log}; chmod 640 ${log}`,
    );
  await shell(`: > ${shop}; rm -f /etc/resolv.conf; echo nameserver 127.0.0.1 > /etc/resolv.conf`);
  machine.start([nodePath, `${checkout}/test/name-server.ts`, '53', JSON.stringify(zone)], { env });
  const agent = await startAgent(machine, (message) => told.push(JSON.stringify(message)));
  assert.ok(agent.ok, JSON.stringify(agent));

  // A log that is there is followed from its end at the moment at which the agent is ready.
  for (const { log, lines, banned } of scenes) {
    await write(log, lines);
    for (const address of banned) await until(`${address} is banned`, async () => await isBanned(address));
    const scanned = (await answer('guard', 'scan', log)) as { addresses: number; rules: object };
    assert.ok(scanned.addresses >= banned.length, `${log}: ${JSON.stringify(scanned)}`);
  }

  // A stranger's third relay bans; a known sender's does not, and who only claims its name is a stranger.
  for (const peer of [named, liar]) await write(mainlog, [stamped(rejected(peer, 'relay not permitted'))]);
  const trusted = async (address: string): Promise<unknown> =>
    ((await answer('guard', 'explain', address)) as { trust?: unknown }).trust;
  await until('the name is confirmed', async () => (await trusted(named)) !== undefined);
  for (const peer of [named, liar])
    await write(mainlog, Array(2).fill(stamped(rejected(peer, 'relay not permitted'))) as string[]);
  await until('who claims a name is banned', async () => await isBanned(liar));
  assert.equal(await trusted(liar), undefined);
  assert.match(JSON.stringify(await trusted(named)), /known by its name/);

  // Rules are read again without a restart.
  const late = '/var/log/late.log';
  await shell(
    `: > ${late}; cat >> /etc/portreeve/portreeve.toml`,
    `[[guard.rule]]
name = "late"
log = "${late}"
pattern = "^no <HOST>$"
kind = "relay"
times = 3
`,
  );
  await shell('kill -HUP $(pgrep -u portreeve -f "agent --firewall nft" | head -1)');
  await until('a log that is named later is followed', async () => {
    await write(late, ['no 198.18.6.7']);
    return await isBanned('198.18.6.7');
  });

  const all = await shell('nft list table inet portreeve');
  for (const innocent of ['198.18.9.9', '198.18.6.2', '198.18.6.4', named])
    assert.ok(!all.includes(innocent), `${innocent} is banned`);
  await agent.value.stop();
});
