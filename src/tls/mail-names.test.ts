import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Address } from '../base/address.ts';
import { type Exchanger, mailNames } from './mail-names.ts';

const here = '192.0.2.25' as Address;
const there = '192.0.2.26' as Address;
const mx = (name: string, ...addresses: Address[]): Exchanger => ({ name, addresses });

test('mailNames() are the MX hosts that are this machine', () => {
  const host = { hostName: 'mx1.example.org', own: ['127.0.0.1' as Address, here] };
  for (const [exchangers, names, elsewhere, unsure] of [
    [[mx('mx1.example.org', there)], ['mx1.example.org'], [], false],
    [[mx('MAIL.example.org', there, here)], ['mail.example.org'], [], false],
    [[mx('mx1.example.org'), mx('mx2.example.org', there)], ['mx1.example.org'], ['mx2.example.org'], false],
    [[mx('in.example.org', here), mx('mx1.example.org')], ['in.example.org', 'mx1.example.org'], [], false],
    [[mx('a.example.org', there), mx('b.example.org')], ['a.example.org', 'b.example.org'], [], true],
    [[], ['example.org'], [], false],
  ] as const) {
    const found = mailNames('example.org', exchangers, host);
    assert.deepEqual(found, { ok: true, value: { names, elsewhere, unsure } });
  }
});

test('mailNames() of a domain without mail is a problem', () => {
  const found = mailNames('example.org', [mx('')], { hostName: 'mx.example.org', own: [here] });
  assert.ok(!found.ok);
  assert.match(found.problem.message, /null MX/);
});
