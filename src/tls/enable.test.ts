import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { Edit } from '../base/edit.ts';
import type { DebianConfiguration } from '../exim/debian-configuration.ts';
import { readSettings } from '../exim/debian-settings.ts';
import type { NamedFile } from '../host/named-file.ts';
import { type EnableRequest, planEnable } from './enable.ts';
import { policyOptions } from './policy.ts';

const folder = '/etc/exim4';
const localMacros = `${folder}/exim4.conf.localmacros`;
const options = policyOptions('intermediate', 'GnuTLS');
const tlsOptions = `.ifdef MAIN_TLS_ENABLE
tls_advertise_hosts = *
.ifndef MAIN_TLS_CERTIFICATE
MAIN_TLS_CERTIFICATE = CONFDIR/exim.crt
.endif
tls_certificate = MAIN_TLS_CERTIFICATE
.endif
`;

function unsplit(macros: string | undefined, template = `${tlsOptions}begin acl\n`): DebianConfiguration {
  const mainFiles = [{ path: `${folder}/exim4.conf.template`, text: template }];
  if (macros !== undefined) mainFiles.unshift({ path: localMacros, text: macros });
  return { folder, layout: 'unsplit', localMacros, mainFiles };
}

function split(
  macros: string | undefined,
  others: Readonly<Record<string, string>> = {},
): DebianConfiguration {
  const main = `${folder}/conf.d/main`;
  const files = { '03_exim4-config_tlsoptions': tlsOptions, ...others };
  const mainFiles = Object.entries(files).map(([name, text]) => ({ path: `${main}/${name}`, text }));
  const path = `${main}/000_localmacros`;
  if (macros !== undefined) mainFiles.unshift({ path, text: macros });
  return { folder, layout: 'split', localMacros: path, mainFiles };
}

function request(configuration: DebianConfiguration, more: Partial<EnableRequest> = {}): EnableRequest {
  return { configuration, certificate: 'CERT\n', key: 'KEY\n', options, present: new Map(), ...more };
}

function planned(asked: EnableRequest): readonly Edit[] {
  const plan = planEnable(asked);
  assert.ok(plan.ok, JSON.stringify(plan));
  return plan.value.edits;
}

function textOf(edits: readonly Edit[], path: string): string {
  const content = edits.find((edit) => edit.path === path)?.content;
  assert.ok(content !== undefined && content !== null, `no edit of ${path}`);
  return new TextDecoder().decode(content);
}

/** What the machine is like once the edits are made. */
function carriedOut(asked: EnableRequest, edits: readonly Edit[]): EnableRequest {
  const texts = new Map(asked.configuration.mainFiles.map(({ path, text }) => [path, text]));
  const present = new Map<string, NamedFile>(asked.present);
  for (const { path, owner = 'root', group = 'root', mode = 0o644, content } of edits) {
    if (content === null) continue;
    if (/exim\.(?:crt|key)$/.test(path)) present.set(path, { content, owner, group, mode });
    else texts.set(path, new TextDecoder().decode(content));
  }
  const mainFiles = [...texts].map(([path, text]) => ({ path, text }));
  return { ...asked, present, configuration: { ...asked.configuration, mainFiles } };
}

test('planEnable() on one template sets everything beside the macros', () => {
  const edits = planned(request(unsplit('A = 1\n')));
  assert.deepEqual(
    edits.map(({ path, owner, group, mode }) => [path, owner, group, mode]),
    [
      [`${folder}/exim.crt`, 'root', 'Debian-exim', 0o640],
      [`${folder}/exim.key`, 'root', 'Debian-exim', 0o640],
      [localMacros, undefined, undefined, undefined],
    ],
  );
  const text = textOf(edits, localMacros);
  assert.ok(text.startsWith('A = 1\n'));
  assert.match(text, /^MAIN_TLS_ENABLE = yes$/m);
  assert.match(text, /^tls_require_ciphers = NORMAL:-VERS-ALL:\+VERS-TLS1\.3:\+VERS-TLS1\.2:/m);
});

test('planEnable() on conf.d puts the ciphers into a file of its own', () => {
  const edits = planned(request(split(undefined)));
  assert.match(textOf(edits, `${folder}/conf.d/main/000_localmacros`), /^MAIN_TLS_ENABLE = yes$/m);
  assert.match(textOf(edits, `${folder}/conf.d/main/04_portreeve_tls`), /^tls_require_ciphers = /m);
});

test('planEnable() takes away what would lead past the certificate', () => {
  const macros =
    'MAIN_TLS_CERTKEY = /etc/ssl/both.pem\nMAIN_TLS_CERTIFICATE = CONFDIR/exim.crt\nMAIN_TLS_ENABLE = false\n';
  const text = textOf(planned(request(unsplit(macros))), localMacros);
  assert.doesNotMatch(text, /CERTKEY/);
  assert.match(text, /^MAIN_TLS_CERTIFICATE = CONFDIR\/exim\.crt\nMAIN_TLS_ENABLE = yes$/m);
});

function plain(text: string): DebianConfiguration {
  const path = `${folder}/exim4.conf`;
  return { folder, layout: 'plain', localMacros: path, mainFiles: [{ path, text }] };
}

test("planEnable() on a file of one's own sets options in its main part", () => {
  for (const [before, after] of [
    [
      'a = b\n\nbegin acl\nx = y\n',
      /^a = b\n\n(?:#.*\n(?:tls_certificate = \/etc\/exim4\/exim\.crt|tls_privatekey = \/etc\/exim4\/exim\.key|tls_require_ciphers = NORMAL.*)\n){3}begin acl\nx = y\n$/,
    ],
    [
      'tls_certificate = /x\ntls_advertise_hosts =\n',
      /^tls_certificate = \/etc\/exim4\/exim\.crt\ntls_advertise_hosts = \*\n/,
    ],
    ['tls_advertise_hosts = !192.0.2.1\n', /^tls_advertise_hosts = !192\.0\.2\.1$/m],
  ] as const) {
    const asked = request(plain(before));
    const edits = planned(asked);
    assert.match(textOf(edits, `${folder}/exim4.conf`), after);
    assert.deepEqual(planned(carriedOut(asked, edits)), []);
  }
});

test('planEnable() switches a copy of what Debian generates by its macros', () => {
  const generated = `CONFDIR = /etc/exim4\n${tlsOptions}begin acl\n`;
  const asked = request(plain(generated));
  const edits = planned(asked);
  const text = textOf(edits, `${folder}/exim4.conf`);
  assert.match(text, /^# .*\nMAIN_TLS_ENABLE = yes\nCONFDIR/);
  assert.ok(text.indexOf('tls_require_ciphers') < text.indexOf('begin acl'));
  assert.deepEqual(planned(carriedOut(asked, edits)), []);
});

test('planEnable() says that `false` switches TLS on as well', () => {
  const plan = planEnable(request(unsplit('MAIN_TLS_ENABLE = false\n')));
  assert.ok(plan.ok);
  assert.match(plan.value.warnings.join(), /MAIN_TLS_ENABLE = false .* has TLS on as well/);
});

test('planEnable() writes only what differs', () => {
  const first = request(unsplit(undefined));
  const after = carriedOut(first, planned(first));
  assert.deepEqual(planned(after), []);
  assert.deepEqual(
    planned({ ...after, key: 'NEW\n' }).map(({ path }) => path),
    [`${folder}/exim.key`],
  );
  const readable = new Map(after.present);
  readable.set(`${folder}/exim.key`, {
    content: new TextEncoder().encode('KEY\n'),
    owner: 'root',
    group: 'Debian-exim',
    mode: 0o644,
  });
  assert.deepEqual(
    planned({ ...after, present: readable }).map(({ path }) => path),
    [`${folder}/exim.key`],
  );
  const stricter = planned({ ...after, options: policyOptions('modern', 'GnuTLS') });
  assert.doesNotMatch(textOf(stricter, localMacros), /TLS1\.2/);
});

test('planEnable() refuses a configuration that would not do what it says', () => {
  for (const [configuration, expected] of [
    [unsplit('', 'begin acl\n'), /must look at MAIN_TLS_ENABLE/],
    [unsplit('tls_certificate = /x\n'), /line 1 of .*localmacros sets tls_certificate/],
    [
      unsplit('', `tls_require_ciphers = NORMAL\n${tlsOptions}`),
      /line 1 of .*template sets tls_require_ciphers/,
    ],
    [unsplit('.ifdef X\nMAIN_TLS_ENABLE = yes\n.endif\n'), /hang on no \.ifdef: line 2/],
    [unsplit('.ifdef X\n'), /each \.ifdef must have its \.endif/],
    [plain('.ifdef X\ntls_certificate = /x\n.endif\n'), /hang on no \.ifdef: line 2/],
    [split('', { '99_mine': 'MAIN_TLS_CERTIFICATE = /x\n' }), /99_mine sets MAIN_TLS_CERTIFICATE/],
  ] as const) {
    const plan = planEnable(request(configuration));
    assert.ok(!plan.ok);
    assert.match(plan.problem.message, expected);
  }
});

const line = fc.constantFrom(
  '',
  '# TLS below',
  'MAIN_LOG_SELECTOR = +tls_peerdn',
  'MAIN_TLS_ENABLE=1',
  'MAIN_TLS_ENABLE = yes',
  'MAIN_TLS_CERTKEY = /a/b',
  'MAIN_TLS_PRIVATEKEY = CONFDIR/exim.key',
  'tls_require_ciphers = NORMAL',
  'hosts = a \\\n  : b',
  '.ifdef X\nY = 1\n.endif',
  '\tdaemon_smtp_ports=25  ',
);
const related = /^(?:# Which|# TLS with|MAIN_TLS_(?:ENABLE|CERTKEY)|tls_require_ciphers)/;

test('planEnable() is done once, and keeps every line that is none of its business', () => {
  fc.assert(
    fc.property(
      fc.array(line),
      fc.constantFrom('\n', ''),
      fc.constantFrom(unsplit, split),
      (lines, end, layout) => {
        const before = lines.join('\n') + end;
        const asked = request(layout(before));
        const after = carriedOut(asked, planned(asked));
        assert.deepEqual(planned(after), []);
        const { localMacros: path } = asked.configuration;
        const text = after.configuration.mainFiles.find((file) => file.path === path)?.text ?? '';
        const unrelated = (of: string): string[] =>
          of.split('\n').filter((each) => each !== '' && !related.test(each));
        assert.deepEqual(unrelated(text), unrelated(before));
        const all = after.configuration.mainFiles.flatMap((file) => readSettings(file.text));
        assert.equal(
          all.findLast(({ name, depth }) => name === 'MAIN_TLS_ENABLE' && depth === 0)?.value,
          'yes',
        );
      },
    ),
  );
});

test("planEnable() on a file of one's own keeps every other line, too", () => {
  const ours = /^(?:# Which|# The certificate|tls_(?:require_ciphers|certificate|privatekey))/;
  const rest = fc.constantFrom('', 'begin acl', 'begin acl\ntls_certificate = /not/ours\n');
  fc.assert(
    fc.property(fc.array(line), fc.constantFrom('\n', ''), rest, (lines, end, tail) => {
      const before = `${lines.join('\n')}${end}${end === '' && lines.length > 0 ? '\n' : ''}${tail}`;
      const asked = request(plain(before));
      const after = carriedOut(asked, planned(asked));
      assert.deepEqual(planned(after), []);
      const text = after.configuration.mainFiles[0]?.text ?? '';
      const others = (of: string): string[] =>
        of.split('\n').filter((each) => each !== '' && !ours.test(each));
      assert.deepEqual(others(text), others(before));
      const names = new Set(readSettings(text).map(({ name }) => name));
      assert.ok(names.has('tls_certificate') && names.has('tls_privatekey'));
    }),
  );
});
