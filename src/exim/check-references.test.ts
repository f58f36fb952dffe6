import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkReferences } from './check-references.ts';
import { parseListing } from './listing.ts';
import { namedFiles } from './named-files.ts';
import { regularExpressions } from './regular-expressions.ts';

const listing = (lines: string): ReturnType<typeof parseListing> =>
  parseListing(`# Exim Configuration (4.96)
MACRO = acl_nowhere
domainlist local_domains = @ : localhost
hostlist relays = 192.0.2.0/24
acl_smtp_rcpt = acl_check
${lines}`);

const references: readonly (readonly [name: string, lines: string, complaints: readonly string[]])[] = [
  [
    'nothing wrong',
    'begin acl\n  acl_check:\n    accept\n    domains = +local_domains : !+local_domains',
    [],
  ],
  [
    'an ACL that is missing',
    'acl_smtp_data = acl_data\nbegin acl\n  acl_check:',
    ['there is no ACL acl_data'],
  ],
  ['an ACL chosen by expansion', 'acl_smtp_data = ${if eq{a}{b}{x}{y}}\nbegin acl\n  acl_check:', []],
  [
    'an ACL called with arguments',
    'begin acl\n  acl_check:\n    deny acl = gone one two',
    ['there is no ACL gone'],
  ],
  [
    'lists after a separator',
    'begin acl\n  acl_check:\n    deny hosts = <; +relays ; +nobody',
    ['there is no hostlist nobody'],
  ],
  ['words that are no lists', 'begin acl\n  acl_check:\n    deny hosts = +include_unknown : +relays', []],
  ['selectors that are no lists', 'log_selector = +tls_peerdn\nbegin acl\n  acl_check:', []],
  [
    'a quoted transport',
    'begin acl\n  acl_check:\nbegin routers\n  r:\n    transport = "t"\nbegin transports\n  t:\n    driver = smtp',
    [],
  ],
  ['port 0', 'daemon_smtp_ports = 25 : 0\nbegin acl\n  acl_check:', ['0 is not a port']],
];
for (const [name, lines, complaints] of references) {
  test(`checkReferences() ${name}`, () => {
    const read = listing(lines);
    assert.deepEqual(
      checkReferences(read, read.options).map(({ what }) => what),
      complaints,
    );
  });
}

test('namedFiles() finds files in lists, lookups and TLS options, unless they are asked for first', () => {
  const read = listing(`tls_certificate = /c
host_lookup = net-iplsearch;/n : /plain
begin acl
  acl_check:
    deny hosts = lsearch;/l : 192.0.2.1
    deny domains = \${if exists{/guarded}{/guarded}{}} : partial-lsearch*@;/p
    warn set acl_m_x = \${lookup{a}lsearch{/k}} \${if exists{/g}{\${lookup{a}lsearch{/g}}}}`);
  assert.deepEqual(
    namedFiles(read.options).map(({ path }) => path),
    ['/c', '/n', '/plain', '/l', '/p', '/k'],
  );
});

test('regularExpressions() finds those that no expansion is part of', () => {
  const read = listing(`begin acl
  acl_check:
    deny senders = ^a : \\N^b$\\N : ^$domain : c
    deny condition = \${if match{$x}{\\N^[d]+$\\N}} \${if match {$y} {e$domain}}`);
  assert.deepEqual(read.options.flatMap(regularExpressions), ['^a', '\\N^b$\\N', '\\N^[d]+$\\N']);
});
