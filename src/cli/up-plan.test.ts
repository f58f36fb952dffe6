import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HostFacts } from './host-facts.ts';
import { planUp, type UpStepKind } from './up-plan.ts';

const stock: HostFacts = {
  exim: { version: '4.96', library: 'GnuTLS', hostName: 'mx.example.test' },
  folder: '/etc/exim4',
  isTracked: false,
  ports: [25],
  isEncrypted: false,
  hasSettings: false,
  settingsFile: '/etc/portreeve/portreeve.toml',
  hasUser: false,
  hasSystemd: true,
  hasNft: true,
  hasFail2ban: false,
  hasEtckeeper: false,
  log: '/var/log/exim4/mainlog',
  hasLog: true,
};

const choice = { without: new Set<UpStepKind>(), certificate: ['--reuse'], reason: 'why' };

const table: readonly [string, Partial<HostFacts>, readonly UpStepKind[], readonly UpStepKind[]][] = [
  ['a stock host', {}, [], ['user', 'settings', 'history', 'encryption', 'services']],
  ['all is done', { hasUser: true, hasSettings: true, isTracked: true, isEncrypted: true }, [], ['services']],
  ['parts are left out', {}, ['encryption', 'services'], ['user', 'settings', 'history']],
];

test('planUp() does what is not done, and leaves out what is not wanted', () => {
  for (const [why, facts, without, expected] of table)
    assert.deepEqual(
      planUp({ ...stock, ...facts }, { ...choice, without: new Set(without) }).steps.map(({ kind }) => kind),
      expected,
      why,
    );
  const { steps } = planUp(stock, choice);
  assert.deepEqual(steps[3]?.command, ['tls', 'enable', '--reuse', '--yes', '--reason', 'why']);
});

test('planUp() tells what it does nothing about', () => {
  const odd = { ports: [], hasFail2ban: true, hasEtckeeper: true, hasNft: false, hasLog: false };
  assert.equal(planUp({ ...stock, ...odd }, choice).remarks.length, 5);
  assert.deepEqual(planUp(stock, choice).remarks, []);
});
