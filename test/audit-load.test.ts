/**
 * Thirty audits of an Exim whose slots the lab's bots fill: what cannot be asked is unknown, and nothing that
 * the server supports is ever called unsupported. Too long for every commit: npm run nightly.
 */
import assert from 'node:assert/strict';
import { ownProgram } from '../src/host/own-program.ts';
import { after, before, describe, test } from 'node:test';
import { checkout } from '../src/host/checkout.ts';
import { systemClock } from '../src/host/clock.ts';
import { isRoot } from '../src/host/identity.ts';
import { mailDomain, mailboxes, mailHost, openLab } from '../src/lab/lab.ts';
import type { Machine } from '../src/lab/machine.ts';
import { botNetwork, clientAddress, serverAddress } from '../src/lab/network.ts';
import type { AuditDocument } from '../src/tls/audit/audit-document.ts';
import { wrongAnswers } from './audit/wrong-answers.ts';

const skip = !isRoot()
  ? 'a lab machine needs root'
  : process.env['PORTREEVE_NIGHTLY'] === undefined
    ? 'takes minutes: npm run nightly'
    : false;

describe('audits while the slots are taken', { skip }, () => {
  let machine: Machine;
  before(async () => {
    const opened = await openLab({ tell: () => undefined });
    assert.ok(opened.ok, JSON.stringify(opened));
    machine = opened.value;
  });
  after(async () => {
    await machine.close();
  });

  async function audited(limit: string): Promise<AuditDocument | undefined> {
    const argv = [...ownProgram, '--json', 'tls', 'audit', mailHost];
    const ran = await machine.run([...argv, '--resolver', 'none', '--time-limit', limit], {
      timeoutMs: 120_000,
    });
    assert.ok(ran.ok, JSON.stringify(ran));
    const document = JSON.parse(ran.value.stdout) as AuditDocument;
    return 'problem' in document ? undefined : document;
  }

  test('nothing is called unsupported that is not', async (t) => {
    const truth = await audited('60s');
    assert.ok(truth !== undefined);
    assert.deepEqual(truth.unknown, []);
    const bots = Array.from({ length: 40 }, (_, index) => ({
      kind: 'hold',
      address: clientAddress(botNetwork, index + 1),
      server: serverAddress,
      domain: mailDomain,
      recipient: `${mailboxes[0] ?? ''}@${mailDomain}`,
      scapegoat: serverAddress,
    }));
    const wild = machine.start([process.execPath, `${checkout}/src/lab/bin/bots.ts`], {}, 'wild');
    wild.send(`${JSON.stringify({ seed: 1, bots })}\n`);
    await systemClock.sleep(2000);
    let answered = 0;
    let turnedAway = 0;
    for (let round = 0; round < 10; round += 1) {
      const documents = await Promise.all([audited('12s'), audited('12s'), audited('12s')]);
      for (const document of documents) {
        if (document === undefined) continue;
        answered += 1;
        turnedAway += document.connections.turnedAway;
        assert.deepEqual(wrongAnswers(document, truth), []);
      }
    }
    t.diagnostic(`${answered} of 30 audits learned something; ${turnedAway} connections were turned away`);
    assert.ok(turnedAway > 0);
    wild.finish();
    await Promise.race([wild.ended, systemClock.sleep(5000)]);
    wild.signal('SIGKILL');
  });
});
