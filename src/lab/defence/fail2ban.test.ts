import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readBans } from './fail2ban.ts';

test("readBans() reads fail2ban's own log", () => {
  const log = [
    '2026-11-23 08:47:12,001 fail2ban.server         [42]: INFO    Starting Fail2ban v1.0.2',
    '2026-11-23 08:47:13,123 fail2ban.filter         [42]: INFO    [exim-dos] Found 198.18.0.11 - 2026-11-23 08:47:13',
    '2026-11-23 08:47:13,456 fail2ban.actions        [42]: NOTICE  [exim-dos] Ban 198.18.0.11',
    '2026-11-23 08:47:14,000 fail2ban.actions        [42]: NOTICE  [exim-dos] Unban 198.18.0.12',
    '2026-11-23 08:47:15,000 fail2ban.actions        [42]: NOTICE  [other] Ban 198.18.0.13',
  ].join('\n');
  assert.deepEqual(readBans(log), [{ address: '198.18.0.11', at: Date.parse('2026-11-23T08:47:13.456') }]);
});
