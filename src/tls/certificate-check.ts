/**
 * What must hold of a certificate and its key before a server is given them. All that is wrong is
 * told at once. A key that does not match, or that is locked, would not stop Exim from starting: it would
 * go on without encryption, and say so in its log alone.
 */
import type { Problem } from '../base/problem.ts';
import { fail } from '../base/result.ts';
import { type Certificate, isIssuedBy } from '../host/certificate.ts';
import type { PublicKeyFacts } from '../host/public-key.ts';
import { coversName } from './covers-name.ts';

export interface CertificateToCheck {
  /** The file's certificates in its order. */
  readonly chain: readonly Certificate[];
  readonly key: PublicKeyFacts | 'locked';
  /** The names that the server is reached by. */
  readonly hostNames: readonly string[];
  readonly now: number;
}

export function checkCertificate({ chain, key, hostNames, now }: CertificateToCheck): Problem[] {
  const [leaf] = chain;
  if (leaf === undefined) return [refused('needs a certificate in the file', 'there is none')];
  return [
    ...keyProblems(leaf, key),
    ...chainProblems(leaf, chain),
    ...hostNames.filter((name) => !coversName(leaf.names, name)).map((name) => notCovered(leaf, name)),
    ...dateProblems(chain, now),
    ...signatureProblems(chain),
  ];
}

function keyProblems(leaf: Certificate, key: PublicKeyFacts | 'locked'): Problem[] {
  if (key === 'locked') {
    return [
      refused(
        'needs a key that Exim can read without a passphrase',
        'the key is encrypted',
        'write it without one: openssl pkey -in KEY -out NEW, in a folder that only root can read',
      ),
    ];
  }
  if (key.fingerprint !== leaf.key.fingerprint) {
    const both = `the certificate is for another key (${leaf.key.text}; the key is ${key.text})`;
    return [refused('the key must belong to the first certificate', both, 'take both from the same folder')];
  }
  return isStrong(leaf.key)
    ? []
    : [refused('needs a key of RSA 2048, EC P-256 or more', `it is ${key.text}`)];
}

/** RFC 9325, section 4.1; NIST P-224 and less are not offered by today's clients at all. */
function isStrong({ kind, bits }: PublicKeyFacts): boolean {
  return kind === 'RSA' ? bits >= 2048 : kind !== 'other' && bits >= 256;
}

function chainProblems(leaf: Certificate, chain: readonly Certificate[]): Problem[] {
  if (leaf.isAuthority) {
    // With it, whoever gets hold of the mail server's key could sign for any name.
    const hint = leaf.selfSigned
      ? 'let the authority issue one for the server: portreeve tls ca issue, or openssl with CA:FALSE'
      : 'the certificate of the server comes first, then its issuer, and so on';
    return [refused('the first certificate must be that of a server', 'it is one of an authority', hint)];
  }
  for (const [index, certificate] of chain.entries()) {
    const issuer = chain[index + 1];
    if (issuer !== undefined && !isIssuedBy(certificate, issuer)) {
      const order = `number ${index + 2} (${issuer.subject}) has not issued number ${index + 1} (${certificate.subject})`;
      return [
        refused('each certificate must be issued by the next one', order, 'put them in order, leaf first'),
      ];
    }
  }
  return [];
}

/** RFC 9155: a root's own signature is never checked, so it does not count. */
function signatureProblems(chain: readonly Certificate[]): Problem[] {
  const weak = chain.find(
    ({ signature, selfSigned }) => !selfSigned && /sha-?1(?!\d)|md5|md2/i.test(signature),
  );
  return weak === undefined
    ? []
    : [
        refused(
          'needs a signature that nobody can forge',
          `that of ${weak.subject} is ${weak.signature}`,
          'get a new one, signed with SHA-256',
        ),
      ];
}

function notCovered(leaf: Certificate, name: string): Problem {
  return refused(
    `it must cover the name ${name}`,
    leaf.names.length === 0
      ? 'it has no names (a common name does not count)'
      : `it is for ${leaf.names.join(', ')}`,
    'name another mail host with --name, or get a certificate for this one',
  );
}

function dateProblems(chain: readonly Certificate[], now: number): Problem[] {
  const expired = chain.find(({ notAfter }) => notAfter <= now);
  if (expired !== undefined) {
    return [
      refused(
        'it must not have expired',
        `${expired.subject} expired on ${date(expired.notAfter)}`,
        'renew it',
      ),
    ];
  }
  const early = chain.find(({ notBefore }) => notBefore > now);
  return early === undefined
    ? []
    : [
        refused(
          'it must be valid already',
          `${early.subject} is from ${date(early.notBefore)}`,
          'is the clock right?',
        ),
      ];
}

function date(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

function refused(requirement: string, current: string, hint?: string): Problem {
  return fail(
    'configuration',
    `cannot use the certificate: ${requirement}: ${current}`,
    hint === undefined ? {} : { hint },
  ).problem;
}
