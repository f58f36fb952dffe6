import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Address } from '../base/address.ts';
import type { Duration } from '../base/duration.ts';
import { LoginWatch } from './login-watch.ts';
import type { Sighting } from './sighting.ts';

const rule = { addresses: 4, findtime: 60_000 as Duration };

function attempt(host: number, subject: string, kind: Sighting['kind'] = 'credential'): Sighting {
  return { kind, address: `192.0.2.${host}` as Address, line: '', subject };
}

test('LoginWatch.see() finds many addresses at one login, and says so once', () => {
  const watch = new LoginWatch(rule);
  const alerts = Array.from({ length: 10 }, (_, host) => watch.see(attempt(host, 'alice'), host * 1000));
  assert.deepEqual(
    alerts.map((alert) => alert?.addresses.length),
    [undefined, undefined, undefined, 4, ...Array.from({ length: 6 }, () => undefined)],
  );
  assert.equal(alerts[3]?.login, 'alice');
  const later = Array.from({ length: 4 }, (_, host) => watch.see(attempt(host, 'alice'), 200_000 + host));
  assert.equal(later.at(-1)?.login, 'alice', 'a new attack is told again');
});

test('LoginWatch.see() is silent about what is no attack on one login', () => {
  for (const [why, attempts] of [
    ['one address, over and over', Array.from({ length: 50 }, () => attempt(1, 'alice'))],
    ['many addresses, a login each', Array.from({ length: 50 }, (_, host) => attempt(host, `user${host}`))],
    ['no login told', Array.from({ length: 50 }, (_, host) => attempt(host, ''))],
    ['no logins at all', Array.from({ length: 50 }, (_, host) => attempt(host, 'alice', 'relay'))],
  ] as const) {
    const watch = new LoginWatch(rule);
    for (const [place, one] of attempts.entries()) assert.equal(watch.see(one, place), undefined, why);
  }
  const watch = new LoginWatch(rule);
  for (let host = 0; host < 50; host += 1)
    assert.equal(watch.see(attempt(host, 'alice'), host * 20_000), undefined, 'too slowly');
});

test('LoginWatch holds a bounded number of logins', () => {
  const watch = new LoginWatch(rule, 10);
  for (let host = 0; host < 3; host += 1) watch.see(attempt(host, 'alice'), 0);
  for (let login = 0; login < 100; login += 1) watch.see(attempt(1, `user${login}`), 0);
  assert.equal(watch.see(attempt(9, 'alice'), 0), undefined);
});
