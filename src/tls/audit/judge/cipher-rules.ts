/** What is wrong with suites, groups and signatures. */
import { namedGroups } from '../../hello/named-group.ts';
import type { SuiteFacts } from '../audit-document.ts';
import { isSubmission } from './is-submission.ts';
import type { Rule } from './rule.ts';

const weakCurves: ReadonlySet<string> = new Set(
  namedGroups.filter(({ kind, bits }) => kind === 'curve' && bits < 112).map(({ name }) => name),
);

export const cipherRules: readonly Rule[] = [
  {
    id: 'null-suite',
    severity: 'critical',
    title: 'suites that do not encrypt',
    source: 'RFC 9325, section 4.1',
    fix: 'policy',
    broken: suitesThat(({ bits }) => bits === 0),
  },
  {
    id: 'export-suite',
    severity: 'critical',
    title: 'export suites',
    source: 'RFC 9325, section 4.1',
    fix: 'policy',
    broken: suitesThat(({ name, bits }) => bits > 0 && (name.includes('EXPORT') || bits < 64)),
  },
  {
    id: 'anonymous-suite',
    severity: (facts) => (isSubmission(facts) ? 'high' : 'medium'),
    title: 'suites without a certificate',
    source: 'RFC 9325, section 4.1; RFC 7672, section 8.2 allows them where nobody checks',
    fix: 'policy',
    broken: suitesThat(({ authentication }) => authentication === 'anon'),
  },
  {
    id: 'rc4-suite',
    severity: 'high',
    title: 'suites with RC4',
    source: 'RFC 7465',
    fix: 'policy',
    broken: suitesThat(({ name }) => name.includes('RC4') && !name.includes('EXPORT')),
  },
  {
    id: 'small-block-suite',
    severity: 'medium',
    title: 'suites with a block of 64 bits (3DES and kin)',
    source: 'CVE-2016-2183 (SWEET32)',
    fix: 'policy',
    broken: suitesThat(({ name, bits }) => bits >= 64 && /DES|IDEA|RC2|28147|MAGMA/.test(name)),
  },
  {
    id: 'static-rsa',
    severity: 'low',
    title: 'suites without forward secrecy: who gets the key later reads all mail that he has kept',
    source: 'RFC 9325, section 4.1 (SHOULD NOT)',
    fix: 'policy',
    broken: suitesThat(
      ({ forwardSecret, authentication, exchange }) =>
        !forwardSecret && authentication !== 'anon' && exchange !== 'any',
    ),
  },
  {
    id: 'no-forward-secrecy',
    severity: 'high',
    title: 'no suite has forward secrecy',
    source: 'RFC 9325, section 4.1',
    fix: 'policy',
    broken: ({ versions }) => {
      const all = versions.flatMap(({ suites }) => suites);
      return all.length > 0 && all.every(({ forwardSecret }) => !forwardSecret)
        ? `${all.length} suites, none with (EC)DHE`
        : undefined;
    },
  },
  {
    id: 'cbc-suite',
    severity: 'info',
    title: 'suites with CBC, whose padding has been attacked (LUCKY13)',
    source: 'CVE-2013-0169; RFC 7457',
    fix: 'policy',
    broken: suitesThat(({ name }) => name.includes('CBC')),
  },
  {
    id: 'small-prime',
    severity: ({ primes }) =>
      primes.some(({ bits }) => bits < 1024)
        ? 'critical'
        : primes.some(({ bits }) => bits <= 1024)
          ? 'high'
          : 'medium',
    title: 'a prime of less than 2048 bits',
    source: 'CVE-2015-4000 (Logjam); RFC 9325, section 4.1',
    fix: 'policy',
    broken: ({ primes }) => {
      const small = primes.filter(({ bits }) => bits < 2048);
      return small.length === 0
        ? undefined
        : small.map(({ bits, name }) => `${bits} bits${name === null ? '' : ` (${name})`}`).join(', ');
    },
  },
  {
    id: 'weak-group',
    severity: 'high',
    title: 'curves of less than 224 bits',
    source: 'RFC 8422, section 5.1.1',
    fix: 'policy',
    broken: ({ versions }) => {
      const weak = new Set(
        versions.flatMap(({ groups }) => groups ?? []).filter((name) => weakCurves.has(name)),
      );
      return weak.size === 0 ? undefined : [...weak].join(', ');
    },
  },
  {
    id: 'weak-signature',
    severity: 'low',
    title: 'handshakes are signed with SHA-1 or MD5 if a client wants it',
    source: 'RFC 9155',
    fix: 'policy',
    broken: ({ versions }) => {
      const weak = new Set(
        versions.flatMap(({ signatures }) => signatures ?? []).filter((name) => /sha1|md5/.test(name)),
      );
      return weak.size === 0 ? undefined : [...weak].join(', ');
    },
  },
  {
    id: 'no-post-quantum',
    severity: 'info',
    title: 'no group that holds against a quantum computer',
    source: 'Mozilla guidelines 6.0 (X25519MLKEM768)',
    broken: ({ features, versions }) =>
      features.postQuantum === 'no' &&
      versions.some((each) => each.version === 'TLSv1.3' && each.accepted === 'yes')
        ? (versions.find((each) => each.version === 'TLSv1.3')?.groups?.join(', ') ?? '')
        : undefined,
  },
];

function suitesThat(fits: (suite: SuiteFacts) => boolean): Rule['broken'] {
  return ({ versions }) => {
    const found = new Map<string, string[]>();
    for (const { version, suites } of versions) {
      for (const suite of suites.filter(fits))
        found.set(suite.name, [...(found.get(suite.name) ?? []), version]);
    }
    const lines = [...found].map(([name, seen]) => `${name} (${seen.join(', ')})`);
    return lines.length === 0
      ? undefined
      : lines.slice(0, 4).join('; ') + (lines.length > 4 ? ` and ${lines.length - 4} more` : '');
  };
}
