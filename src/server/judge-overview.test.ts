import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PortReport } from '../tls/port-report.ts';
import { isAccountable, isEncrypted, isGuarded } from './judge-overview.ts';

const port = (more: Partial<PortReport>): PortReport => ({
  port: 25,
  implicit: false,
  at: 0,
  sound: true,
  version: 'TLSv1.3',
  cipher: 'X',
  findings: [],
  transcript: [],
  ...more,
});
const bad = port({ port: 465, sound: false, findings: [{ grade: 'bad', text: 'no STARTTLS' }] });

test('isEncrypted() is as good as the worst port', () => {
  const table = [
    [[], 'unknown'],
    [[port({})], 'good'],
    [[port({}), port({ findings: [{ grade: 'warning', text: 'TLS 1.0' }] })], 'warning'],
    [[port({}), bad], 'bad'],
  ] as const;
  for (const [ports, state] of table) assert.equal(isEncrypted(ports, 0).state, state);
  assert.match(isEncrypted([port({}), bad], 0).answer, /465/);
});

test('isGuarded() needs a firewall', () => {
  const facts = { firewall: 'nft', isUnderAttack: false, bansInForce: 3 };
  assert.equal(isGuarded(facts).state, 'good');
  assert.equal(isGuarded({ ...facts, isUnderAttack: true }).state, 'warning');
  assert.equal(isGuarded({ ...facts, firewall: 'null' }).state, 'warning');
});

test('isAccountable() is good when nothing waits for a person', () => {
  const folder = { folder: '/etc/exim4', drift: [], unexplained: [] };
  const change = {
    id: '1',
    folder: '/etc/exim4',
    state: 'waiting',
    reason: 'r',
    person: 'p',
    at: 0,
    files: [],
  } as const;
  const table = [
    [undefined, 'unknown'],
    [{ folders: [], changes: [] }, 'bad'],
    [{ folders: [folder], changes: [] }, 'good'],
    [{ folders: [{ ...folder, drift: ['x'] }], changes: [] }, 'warning'],
    [{ folders: [{ ...folder, unexplained: [{ commit: 'c', reason: 'drift' }] }], changes: [] }, 'warning'],
    [{ folders: [folder], changes: [change] }, 'warning'],
  ] as const;
  for (const [facts, state] of table) assert.equal(isAccountable(facts).state, state);
});
