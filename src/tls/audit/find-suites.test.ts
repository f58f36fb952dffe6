import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { type CipherSuite, suiteNamed } from '../hello/cipher-suite.ts';
import { emptyFlight } from '../hello/server-flight.ts';
import { findSuites, type SuiteProber, type SuitesFound } from './find-suites.ts';
import { known } from './known.ts';
import type { HandshakeDone } from '../../host/full-handshake.ts';

const names = [
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-RSA-DES-CBC3-SHA',
  'ECDHE-RSA-RC4-SHA',
  'ECDHE-ARIA128-GCM-SHA256',
  'DHE-RSA-AES256-SHA',
  'DHE-RSA-AES128-SHA',
  'EDH-RSA-DES-CBC3-SHA',
  'AES128-SHA',
  'DES-CBC3-SHA',
  'RC4-SHA',
];
const suites = names.map((name) => {
  const suite = suiteNamed(name);
  assert.ok(suite !== undefined, name);
  return suite;
});

interface Server {
  /** In its order of preference. */
  readonly accepts: readonly CipherSuite[];
  readonly decides: 'server' | 'client';
  /** It chooses such a suite, and then hangs up. */
  readonly fails?: (suite: CipherSuite) => boolean;
}

/** OpenSSL of today has names for RC4 and 3DES, and leaves them out of what it offers. */
const builtIn = ({ cipher }: CipherSuite): boolean => !/RC4|3DES/.test(cipher);

function standIn({ accepts, decides, fails = () => false }: Server): SuiteProber {
  const choose = (offered: readonly number[]): CipherSuite | undefined =>
    decides === 'server'
      ? accepts.find(({ code }) => offered.includes(code))
      : offered.flatMap((code) => accepts.find((suite) => suite.code === code) ?? [])[0];
  const hungUp = { type: 'refused', evidence: 'the server hangs up' } as const;
  return {
    seen: [],
    ask: async (offer) => {
      const suite = choose(offer.suites);
      if (suite === undefined)
        return await Promise.resolve(
          known({ type: 'refused', evidence: 'alert handshake_failure', flight: emptyFlight }),
        );
      if (fails(suite)) return known({ ...hungUp, flight: emptyFlight });
      const hello = {
        version: 0x0303,
        random: new Uint8Array(32),
        sessionId: new Uint8Array(0),
        suite: suite.code,
        compression: 0,
        extensions: [],
      };
      return known({ type: 'agreed', flight: { ...emptyFlight, hello } });
    },
    handshake: async ({ suites: offered }) => {
      const able = offered.flatMap((name) => suiteNamed(name) ?? []).filter(builtIn);
      if (able.length === 0)
        return await Promise.resolve(known({ type: 'unable', words: 'no cipher match' }));
      const suite = choose(able.map(({ code }) => code));
      if (suite === undefined) return known({ type: 'refused', evidence: 'alert handshake_failure' });
      if (fails(suite)) return known(hungUp);
      return known({ type: 'agreed', made: { cipher: suite.name } as HandshakeDone });
    },
  };
}

async function found(server: Server): Promise<SuitesFound> {
  const result = await findSuites(standIn(server), 'TLSv1.2', async () => await Promise.resolve(400)).all;
  assert.ok(result.known);
  return result.value;
}

test("the server's own order, whatever OpenSSL can offer of it", async () => {
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray(suites, { minLength: 2 }), async (accepts) => {
      const { suites: listed, order } = await found({ accepts, decides: 'server' });
      assert.equal(order, 'server');
      assert.deepEqual(
        listed.map(({ name }) => name),
        accepts.map(({ name }) => name),
      );
    }),
  );
});

test('all suites of a server that follows us', async () => {
  await fc.assert(
    fc.asyncProperty(fc.subarray(suites, { minLength: 2 }), async (accepts) => {
      const { suites: listed, order } = await found({ accepts, decides: 'client' });
      assert.equal(order, 'client');
      assert.deepEqual(new Set(listed), new Set(accepts));
    }),
  );
});

test('all suites but those that a server chooses and cannot do', async () => {
  const fails = ({ exchange }: CipherSuite): boolean => exchange === 'DHE';
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray(suites, { minLength: 1 }),
      fc.constantFrom('server', 'client'),
      async (more, decides) => {
        // As Dovecot without ssl_dh, which still has its best suite.
        const first = suites.slice(0, 1);
        const accepts = [...first, ...more.filter((suite) => !first.includes(suite))];
        const { suites: listed } = await found({ accepts, decides, fails });
        const able = accepts.filter((suite) => !fails(suite));
        assert.deepEqual(new Set(listed), new Set(able));
      },
    ),
  );
});
