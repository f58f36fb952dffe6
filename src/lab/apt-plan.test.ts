import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAptPlan } from './apt-plan.ts';

test('readAptPlan() takes new and upgraded packages, and nothing else', () => {
  const simulation = [
    'Reading package lists...',
    'Remv postfix [3.7.11-0+deb12u1]',
    'Inst libnftnl11 (1.2.4-2 Debian:12.15/oldstable [amd64])',
    'Inst libgnutls30 [3.7.9-2] (3.7.9-2+deb12u5 Debian:12.15/oldstable [amd64])',
    'Inst libmariadb3:arm64 (1:10.11.19-0+deb12u1 Debian-Security:12/oldstable-security [arm64]) []',
    'Conf libnftnl11 (1.2.4-2 Debian:12.15/oldstable [amd64])',
  ].join('\n');
  assert.deepEqual(readAptPlan(simulation), [
    { name: 'libnftnl11', version: '1.2.4-2' },
    { name: 'libgnutls30', version: '3.7.9-2+deb12u5' },
    { name: 'libmariadb3:arm64', version: '1:10.11.19-0+deb12u1' },
  ]);
});

test('readAptPlan() finds nothing to do where everything is installed', () => {
  assert.deepEqual(readAptPlan('exim4 is already the newest version (4.96).\n0 upgraded\n'), []);
});
