/** NftFirewall and NullFirewall on the real thing: contract, connections, refusals, what others flush. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { NullFirewall } from '../../src/guard/firewall/null.ts';
import { systemClock } from '../../src/host/clock.ts';
import { openLab } from '../../src/lab/lab.ts';
import type { Machine } from '../../src/lab/machine.ts';
import { serverAddress } from '../../src/lab/network.ts';
import { ban, keepsTheContract, minute, network } from './contract.ts';
import { RemoteFirewall } from './remote-firewall.ts';

const skip = process.geteuid?.() === 0 ? false : 'needs root for a kernel firewall of its own';

async function machineFor(context: TestContext): Promise<Machine> {
  const machine = await openLab({ tell: () => undefined });
  assert.ok(machine.ok, JSON.stringify(machine));
  context.after(async () => {
    await machine.value.close();
  });
  return machine.value;
}

test('NullFirewall keeps the contract', async () => {
  await keepsTheContract(new NullFirewall(systemClock));
});

test('NftFirewall', { skip }, async (context) => {
  const machine = await machineFor(context);
  const nft = async (...argv: string[]): Promise<string> => {
    const ran = await machine.succeed('look at the firewall', ['nft', ...argv]);
    assert.ok(ran.ok, JSON.stringify(ran));
    return ran.value.stdout;
  };

  await context.test('keeps the contract', async () => {
    const firewall = new RemoteFirewall(machine, 'nft');
    await keepsTheContract(firewall);
    firewall.close();
  });

  await context.test('ends connections, counts what it drops, and lets nobody back in', async () => {
    const firewall = new RemoteFirewall(machine, 'nft', { counters: true });
    assert.ok((await firewall.prepare()).ok);
    const said: string[] = [];
    const client = machine.start(
      [process.execPath, '-e', clientScript],
      {
        onLine: (line) => said.push(line),
      },
      'wild',
    );
    const heard = async (line: string): Promise<void> => {
      for (let waited = 0; waited < 8000 && !said.includes(line); waited += 20) await systemClock.sleep(20);
      assert.ok(said.includes(line), `${line}: ${said.join(', ')}`);
    };
    await heard('banned one connected');
    await heard('one of a banned network connected');
    await heard('bystander connected');
    const banned = await firewall.ban([ban('198.18.0.77'), ban('198.18.7.0/24')]);
    assert.deepEqual(banned, { ok: true, value: [] });
    const held = await machine.succeed('look at the sockets', [
      'ss',
      '-tnH',
      'state',
      'established',
      '( sport = :25 )',
    ]);
    assert.ok(held.ok);
    assert.doesNotMatch(held.value.stdout, /198\.18\.0\.77|198\.18\.7\.7/, 'their connections are gone');
    assert.match(held.value.stdout, /198\.18\.0\.78/, 'the bystander keeps his');
    client.send('again\n');
    await heard('banned one is kept out');
    await heard('one of a banned network is kept out');
    await heard('bystander connected again');
    client.finish();
    const listed = await firewall.list();
    assert.ok(listed.ok);
    for (const { target, dropped } of listed.value)
      assert.ok((dropped ?? 0) > 0, `${target.text}: ${dropped}`);
    assert.equal(listed.value.length, 2);
    firewall.close();
  });

  await context.test(
    'keeps away for a moment: new calls are refused and noted, open ones go on',
    async () => {
      const firewall = new RemoteFirewall(machine, 'nft', { backoff: true });
      assert.ok((await firewall.prepare()).ok);
      const said: string[] = [];
      const client = machine.start(
        [process.execPath, '-e', callerScript],
        { onLine: (line) => said.push(line) },
        'wild',
      );
      const heard = async (line: string): Promise<void> => {
        for (let waited = 0; waited < 8000 && !said.includes(line); waited += 20) await systemClock.sleep(20);
        assert.ok(said.includes(line), `${line}: ${said.join(', ')}`);
      };
      await heard('198.18.0.81 greeted');
      assert.ok((await firewall.keepAway([ban('198.18.0.81')])).ok);
      client.send('198.18.0.81\n198.18.0.82\n');
      await heard('198.18.0.81 ECONNREFUSED');
      await heard('198.18.0.82 greeted');
      client.send('the first\n');
      await heard('250 the first');
      const calls = await firewall.calls();
      assert.ok(calls.ok);
      assert.deepEqual(
        calls.value.map(({ from }) => from),
        ['198.18.0.81'],
      );
      const [call] = calls.value;
      assert.ok(
        call !== undefined && call.port > 1023 && call.ago >= 0 && call.ago < 3000,
        JSON.stringify(call),
      );
      const listed = await firewall.list();
      assert.deepEqual(listed, { ok: true, value: [] }, 'it is no ban');
      // A shorter time holds from now on, and ends by itself.
      assert.ok((await firewall.keepAway([ban('198.18.0.81', 1000)])).ok);
      await systemClock.sleep(1500);
      said.length = 0;
      client.send('198.18.0.81\n');
      await heard('198.18.0.81 greeted');
      assert.deepEqual(await firewall.isWhole(), { ok: true, value: true });
      client.finish();
      firewall.close();
    },
  );

  await context.test(
    'closes logins beside another table, and leaves mail between servers alone',
    async () => {
      for (const [ports, address] of [
        ['all but 25', '198.18.0.91'],
        [[465, 587], '198.18.0.92'],
      ] as const) {
        const firewall = new RemoteFirewall(machine, 'nft', { table: 'portreeve_logins', ports });
        assert.ok((await firewall.prepare()).ok);
        const said: string[] = [];
        const client = machine.start(
          [process.execPath, '-e', bothPortsScript, address],
          { onLine: (line) => said.push(line) },
          'wild',
        );
        const heard = async (line: string): Promise<void> => {
          for (let waited = 0; waited < 8000 && !said.includes(line); waited += 20)
            await systemClock.sleep(20);
          assert.ok(said.includes(line), `${line}: ${said.join(', ')}`);
        };
        await heard('25 greeted');
        await heard('587 greeted');
        assert.deepEqual(await firewall.ban([ban(address)]), { ok: true, value: [] });
        client.send('first\n');
        await heard('25 answered');
        client.send('again\n');
        await heard('25 greeted again');
        await heard('587 is closed');
        assert.ok(!said.includes('587 answered'), 'its connection there is ended');
        client.finish();
        firewall.close();
      }
      await nft('delete', 'table', 'inet', 'portreeve_logins');
    },
  );

  await context.test('tells whom the kernel refuses, and bans the others', async () => {
    await nft('delete', 'table', 'inet', 'portreeve');
    const firewall = new RemoteFirewall(machine, 'nft', { most: 5 });
    assert.ok((await firewall.prepare()).ok);
    const all = Array.from({ length: 8 }, (_, at) => ban(`198.18.1.${at + 1}`));
    const banned = await firewall.ban([...all, ban('2001:db8::9')]);
    assert.ok(banned.ok, JSON.stringify(banned));
    assert.ok(banned.value.length >= 3, JSON.stringify(banned));
    for (const { ban: one, problem } of banned.value)
      assert.match(
        problem.message,
        new RegExp(`^cannot ban ${RegExp.escape(one.target.text)} in the firewall: `),
      );
    const listed = await firewall.list();
    assert.ok(listed.ok);
    const inForce = listed.value.map(({ target }) => target.text);
    assert.equal(inForce.length + banned.value.length, 9);
    assert.ok(inForce.includes('2001:db8::9'), 'another set has room');
    firewall.close();
  });

  await context.test('notices what others take away', async () => {
    const firewall = new RemoteFirewall(machine, 'nft', {
      ports: 'all',
      shield: { connections: 10, spared: [network('192.0.2.0/24')] },
    });
    await nft('flush', 'ruleset');
    assert.deepEqual(await firewall.isWhole(), { ok: true, value: false });
    const lost = await firewall.ban([ban('198.18.0.11')]);
    assert.ok(!lost.ok && /No such file|no such file/.test(lost.problem.message), JSON.stringify(lost));
    assert.ok((await firewall.prepare()).ok);
    assert.deepEqual(await firewall.isWhole(), { ok: true, value: true });
    await firewall.ban([ban('198.18.0.0/20', minute)]);
    assert.deepEqual(await firewall.isWhole(), { ok: true, value: true });
    await nft('flush', 'chain', 'inet', 'portreeve', 'input');
    assert.deepEqual(await firewall.isWhole(), { ok: true, value: false });
    assert.ok((await firewall.prepare()).ok);
    assert.deepEqual(await firewall.isWhole(), { ok: true, value: true });
    const rules = await nft('list', 'table', 'inet', 'portreeve');
    assert.match(rules, /ip saddr & 255\.255\.240\.0 == @banned4_20 drop/);
    assert.match(rules, /ct count over 10/);
    assert.doesNotMatch(rules, /dport/, 'every port');
    firewall.close();
  });

  await context.test('says so where it may not', async () => {
    const ran = await machine.run([
      'setpriv',
      '--reuid=nobody',
      '--clear-groups',
      '--',
      'env',
      'PATH=/usr/sbin:/usr/bin:/sbin:/bin',
      process.execPath,
      '--input-type=module',
      '-e',
      `import { NftFirewall } from '${import.meta.dirname}/../../src/guard/firewall/nft.ts';
       console.log(JSON.stringify(await new NftFirewall().prepare()));`,
    ]);
    assert.ok(ran.ok);
    const answer = JSON.parse(ran.value.stdout) as {
      ok: boolean;
      problem: { message: string; hint?: string };
    };
    assert.equal(answer.ok, false);
    assert.match(answer.problem.message, /[Pp]ermitted|permission/i);
  });
});

const callerScript = `
const { connect } = require('node:net');
let first;
const call = (localAddress) => {
  const socket = connect({ host: '${serverAddress}', port: 25, localAddress });
  first ??= socket;
  socket.once('data', () => {
    console.log(localAddress, 'greeted');
    socket.on('data', () => console.log('250 the first'));
  });
  socket.on('error', ({ code }) => console.log(localAddress, code));
};
call('198.18.0.81');
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  if (line === 'the first') first.write('NOOP\\r\\n');
  else call(line);
}).on('close', () => process.exit(0));
`;

const bothPortsScript = `
const { connect } = require('node:net');
const first = [];
const call = (port, heard, lost) => {
  const socket = connect({ host: '${serverAddress}', port, localAddress: process.argv[1] });
  socket.once('data', () => {
    console.log(port, heard);
    socket.on('data', () => console.log(port, 'answered'));
  });
  socket.on('error', () => undefined);
  if (lost) setTimeout(() => { if (socket.bytesRead === 0) console.log(port, lost); }, 1500);
  return socket;
};
for (const port of [25, 587]) first.push(call(port, 'greeted'));
process.stdin.on('data', (text) => {
  if (String(text).startsWith('first')) for (const socket of first) socket.write('NOOP\\r\\n');
  else for (const port of [25, 587]) call(port, 'greeted again', 'is closed');
});
process.stdin.on('end', () => process.exit(0));
`;

const clientScript = `
const { connect } = require('node:net');
const open = (localAddress, heard, lost) => {
  const socket = connect({ host: '${serverAddress}', port: 25, localAddress });
  socket.once('data', () => console.log(heard));
  socket.on('error', () => undefined);
  if (lost) setTimeout(() => { if (socket.bytesRead === 0) console.log(lost); }, 1500);
};
open('198.18.0.77', 'banned one connected');
open('198.18.7.7', 'one of a banned network connected');
open('198.18.0.78', 'bystander connected');
process.stdin.once('data', () => {
  open('198.18.0.77', 'banned one got in', 'banned one is kept out');
  open('198.18.7.7', 'one of a banned network got in', 'one of a banned network is kept out');
  open('198.18.0.78', 'bystander connected again');
});
process.stdin.on('end', () => process.exit(0));
`;
