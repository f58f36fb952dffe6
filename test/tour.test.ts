/** What `npm start` tells, told in full on a real Exim: the whole idea, end to end. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { run } from '../src/host/run.ts';

const portreeve = new URL('../bin/portreeve', import.meta.url).pathname;
const skip = process.geteuid?.() === 0 ? false : 'needs root for namespaces and a real Exim';

// The other layout is played by test/tls.test.ts and test/change.test.ts.
test('lab secures, defends and remembers a real Exim', { skip }, async () => {
  const ran = await run([portreeve, 'lab', '--seconds', '8', '--layout', 'split'], { timeoutMs: 300_000 });
  assert.ok(ran.ok);
  const { status, stdout, stderr } = ran.value;
  assert.equal(status, 0, stderr);
  let from = 0;
  // In this order, each after the one before.
  for (const [what, pattern] of [
    ['STARTTLS of a stock Exim', /TLS started with TLSv1\.3/],
    ['its certificate', /O=Exim Developers/],
    ['its verdict', /Encryption is not sound\./],
    ['no STARTTLS at all', /no STARTTLS is offered/],
    ['the baseline', /is tracked; record [0-9a-f]{12} holds \d+ paths/],
    ['the change, rehearsed', /rehearse .*-bV/],
    ['applied', /apply .*exim\.key/],
    [
      'proved',
      /STARTTLS on port 25 serves the certificate: TLSv1\.3 \S+, certificate [0-9a-f]+; refused: TLSv1, TLSv1\.1/,
    ],
    ['recorded', /record +[0-9a-f]{12} mail must not travel in clear/],
    ['STARTTLS afterwards', /-> STARTTLS/],
    ['a certificate with a name', /names +mx\.example\.test/],
    ['verified', /the certificate is trusted: issued by CN=Portreeve private authority/],
    ['TLS 1.0 is off', /TLS 1\.0 is refused/],
    ['sound', /Encryption is sound\./],
    ['a key that does not match', /\$ portreeve change apply --reason 'renew the key'/],
    ['is refused in the rehearsal', /The certificate and the given key do not match/],
    ['a change that only the live port shows to be wrong', /\$ portreeve change apply --reason 'tidy up'/],
    ['is applied', /apply .*update-exim4\.conf\.conf/],
    ['and undone', /undo .*nothing listens there/],
    ['sound as before', /Encryption is sound\./],
    ['the undone change is remembered', /undone: tidy up/],
    ['and the good one', /mail must not travel in clear/],
    ['and the baseline', /as Debian installed it/],
    ['a ban with its log line', /ban 198\.18\.\d+\.\d+ for \d+ min: \w+\n +\d{4}-\d\d-\d\d .*\[198\.18\./],
    ['the kernel has it', /set inet portreeve banned4 holds [1-9]\d* addresses, such as 198\.18\./],
    ['the table', /messages delivered +\d+ \(\d+ %\)/],
    ['no sender is banned', /senders banned +0 of 10/],
  ] as const) {
    const found = pattern.exec(stdout.slice(from));
    assert.ok(found !== null, `${what}: ${String(pattern)} in:\n${stdout.slice(from)}`);
    from += found.index + found[0].length;
  }
});
