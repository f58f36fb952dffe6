import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HostFacts } from './host-facts.ts';
import { planUp, type UpStepKind } from './up-plan.ts';

const stock: HostFacts = {
  exim: { version: '4.96', library: 'GnuTLS', hostName: 'mx.example.test' },
  folder: '/etc/exim4',
  layout: 'one template',
  isTracked: false,
  ports: [25],
  seen: [],
  certificates: [],
  resolver: '192.0.2.53',
  firewalls: [],
  isEncrypted: false,
  hasSettings: false,
  settingsFile: '/etc/portreeve/portreeve.toml',
  hasUser: false,
  hasSystemd: true,
  hasNft: true,
  hasFail2ban: false,
  jails: [],
  jailsLeft: [],
  fail2ban: undefined,
  hasEtckeeper: false,
  log: '/var/log/exim4/mainlog',
  hasLog: true,
  logging: '',
};

const choice = { without: new Set<UpStepKind>(), certificate: ['--reuse'], reason: 'why', takesJails: false };

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

test('planUp() shows the jails of fail2ban, and takes them over where that is wanted', () => {
  const facts = { ...stock, hasFail2ban: true, jails: ['exim', 'exim-spam'] };
  const shown = planUp(facts, choice);
  assert.ok(!shown.steps.some(({ kind }) => kind === 'jails'));
  assert.match(shown.remarks[0] ?? '', /the jails exim, exim-spam: both may ban; --take-jails/);
  const kindsOf = (more: Partial<HostFacts>): readonly UpStepKind[] =>
    planUp({ ...facts, ...more }, { ...choice, takesJails: true }).steps.map(({ kind }) => kind);
  const taken = ['user', 'settings', 'history', 'encryption', 'jails', 'services'];
  const byHand = planUp(facts, { ...choice, takesJails: true });
  assert.deepEqual(kindsOf({}), taken);
  assert.match(byHand.remarks[0] ?? '', /stop it once the agent runs/);
  // Whoever takes its place bans as it did.
  assert.equal(byHand.steps.at(-1)?.enforces, true);
  assert.deepEqual(kindsOf({ fail2ban: { enabled: true } }), [...taken, 'fail2ban']);
  assert.deepEqual(kindsOf({ fail2ban: { enabled: true }, jailsLeft: ['odd'] }), taken);
  assert.ok(!kindsOf({ jails: [] }).includes('jails'));
});
