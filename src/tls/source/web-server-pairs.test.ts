import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { readApache } from './apache-pairs.ts';
import { readNginx } from './nginx-pairs.ts';

test('readNginx() pairs certificates and keys of a block', () => {
  for (const [text, pairs, includes] of [
    ['ssl_certificate a; ssl_certificate_key b;', ['a b'], []],
    ['http { server { ssl_certificate_key b; ssl_certificate a; } }', ['a b'], []],
    ['server{ssl_certificate "/a b.pem";ssl_certificate_key \'/k\';}', ['/a b.pem /k'], []],
    [
      'server { ssl_certificate r; ssl_certificate e; ssl_certificate_key rk; ssl_certificate_key ek; }',
      ['r rk', 'e ek'],
      [],
    ],
    ['server { ssl_certificate a; } server { ssl_certificate_key b; }', [], []],
    ['# ssl_certificate a; ssl_certificate_key b;\nserver { # ssl_certificate c;\n}', [], []],
    ['ssl_certificate $ssl_server_name.crt; ssl_certificate_key b;', [], []],
    ['include sites/*.conf;\nhttp { include "x"; }', [], ['sites/*.conf', 'x']],
    [
      'location ~ \\.php$ { if ($a ~ "}") { return 301; } } ssl_certificate a; ssl_certificate_key b;',
      ['a b'],
      [],
    ],
    ['}}} ssl_certificate a; ssl_certificate_key b', [], []],
  ] as const) {
    const read = readNginx(text);
    assert.deepEqual(
      read.pairs.map(({ cert, key }) => `${cert} ${key}`),
      pairs,
      text,
    );
    assert.deepEqual(read.includes, includes, text);
  }
});

test('readApache() pairs certificates and keys of a section', () => {
  for (const [text, pairs, includes] of [
    [
      '<VirtualHost *:443>\n SSLCertificateFile "/a"\n sslcertificatekeyfile /b\n</VirtualHost>',
      ['/a /b undefined'],
      [],
    ],
    ['SSLCertificateFile /both.pem', ['/both.pem /both.pem undefined'], []],
    [
      '<IfModule mod_ssl.c>\n<VirtualHost x>\nSSLCertificateChainFile /c\nSSLCertificateFile /a\nSSLCertificateKeyFile /b\n</VirtualHost>\n</IfModule>',
      ['/a /b /c'],
      [],
    ],
    ['# SSLCertificateFile /a\n  #SSLCertificateKeyFile /b', [], []],
    ['SSLCertificateFile \\\n  /a\nSSLCertificateKeyFile /b', ['/a /b undefined'], []],
    ['SSLCertificateFile ${CERTS}/a', [], []],
    ['Include a/*.conf\nIncludeOptional b', [], ['a/*.conf', 'b']],
    ['</VirtualHost>\nSSLCertificateFile /a', ['/a /a undefined'], []],
  ] as const) {
    const read = readApache(text);
    assert.deepEqual(
      read.pairs.map(({ cert, key, chain }) => `${cert} ${key} ${chain}`),
      pairs,
      text,
    );
    assert.deepEqual(read.includes, includes, text);
  }
});

test('neither reader minds what is no configuration', () => {
  const piece = fc.constantFrom(
    '{',
    '}',
    ';',
    '"',
    "'",
    '\\',
    '#',
    '\n',
    ' ',
    'ssl_certificate',
    '<VirtualHost',
    '>',
    '</',
    'a',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      const text = pieces.join('');
      readNginx(text);
      readApache(text);
    }),
  );
});
