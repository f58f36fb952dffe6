/**
 * Each policy on a live Exim, with both kinds of key: exactly the versions, suites and groups of the profile
 * answer, as openssl s_client and gnutls-cli see it. One in each run, all of them each night.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { isRoot } from '../src/host/identity.ts';
import { mailHost } from '../src/lab/lab.ts';
import { answering, profile } from './answering.ts';
import { TlsMachine } from './tls-machine.ts';

const skip = isRoot() ? false : 'a lab machine needs root';
const nightly = process.env['PORTREEVE_NIGHTLY'] !== undefined;
const keys = nightly ? (['rsa', 'ecdsa'] as const) : (['ecdsa'] as const);
const names = nightly ? ['modern', 'intermediate', 'old', 'ncsc'] : ['intermediate'];

/** Priority strings that a policy must refuse, and one that it must accept, for gnutls-cli. */
const gnutls: Readonly<Record<string, { readonly accepts: string; readonly refuses: readonly string[] }>> = {
  modern: { accepts: '+VERS-TLS1.3', refuses: ['+VERS-TLS1.2', '+VERS-TLS1.1', '+VERS-TLS1.0'] },
  intermediate: {
    accepts: '+VERS-TLS1.2',
    refuses: ['+VERS-TLS1.1', '+VERS-TLS1.2:-CIPHER-ALL:+AES-128-CBC'],
  },
  old: { accepts: '+VERS-TLS1.0', refuses: ['+VERS-TLS1.2:-CIPHER-ALL:+3DES-CBC'] },
  ncsc: { accepts: '+VERS-TLS1.2', refuses: ['+VERS-TLS1.1', '+VERS-TLS1.2:-KX-ALL:+RSA'] },
};

for (const key of keys) {
  describe(`cipher policies with a key of ${key}`, { skip }, () => {
    let lab: TlsMachine;

    before(async () => {
      lab = await TlsMachine.open('unsplit', [{ name: 'gnutls-bin', why: 'another client of TLS' }]);
      const type = key === 'rsa' ? 'rsa2048' : 'p256';
      await lab.ours(
        'tls',
        'enable',
        '--self-signed',
        '--key-type',
        type,
        '--policy',
        names[0] ?? '',
        '--yes',
      );
    });
    after(async () => {
      await lab.machine.close();
    });

    async function gnutlsAccepts(versions: string): Promise<boolean> {
      const priority = `NORMAL:-VERS-ALL:${versions}:%VERIFY_ALLOW_SIGN_WITH_SHA1`;
      const client = `gnutls-cli --starttls-proto=smtp --insecure -p 25 --priority=${priority} ${mailHost}`;
      const ran = await lab.machine.run(['sh', '-c', `exec ${client} </dev/null`]);
      assert.ok(ran.ok);
      return ran.value.stdout.includes('Handshake was completed');
    }

    for (const name of names) {
      test(`${name}: what answers is the profile, no more and no less`, async () => {
        const shown = await lab.ours('tls', 'policy', name, '--yes');
        assert.match(shown, name === names[0] ? /nothing to change/ : /prove +STARTTLS on port 25/);
        assert.deepEqual(await answering(lab.machine, mailHost), profile(name, key));
        const { accepts = '', refuses = [] } = gnutls[name] ?? {};
        assert.ok(await gnutlsAccepts(accepts), accepts);
        for (const versions of refuses) assert.ok(!(await gnutlsAccepts(versions)), versions);
      });
    }
  });
}
