/** What is wrong with the certificates. */
import type { Chain } from '../audit-document.ts';
import { isSubmission } from './is-submission.ts';
import type { Rule } from './rule.ts';

const day = 86_400_000;

export const certificateRules: readonly Rule[] = [
  {
    id: 'throw-away-certificate',
    severity: (facts) => (isSubmission(facts) ? 'high' : 'medium'),
    title: 'the certificate is the throw-away one that Exim makes when it has none',
    source: 'Exim manual, chapter 43, section 3; RFC 7672',
    fix: 'certificate',
    broken: chains((chain) => throwAway(chain) && (chain.certificates[0]?.subject ?? '')),
  },
  {
    id: 'certificate-expired',
    severity: (facts) => (isSubmission(facts) ? 'critical' : 'high'),
    title: 'the certificate has expired',
    source: 'RFC 5280, section 4.1.2.5',
    fix: 'certificate',
    broken: chains(
      ({ certificates: [leaf] }, now) =>
        leaf !== undefined && Date.parse(leaf.notAfter) <= now && `${leaf.subject} until ${leaf.notAfter}`,
    ),
  },
  {
    id: 'certificate-not-yet-valid',
    severity: 'high',
    title: 'the certificate is not valid yet',
    source: 'RFC 5280, section 4.1.2.5',
    fix: 'certificate',
    broken: chains(
      ({ certificates: [leaf] }, now) =>
        leaf !== undefined && Date.parse(leaf.notBefore) > now && `${leaf.subject} from ${leaf.notBefore}`,
    ),
  },
  {
    id: 'certificate-expires-soon',
    severity: 'medium',
    title: 'the certificate expires within 14 days: its renewal has failed',
    source: 'usual practice: renewal at two thirds of the life',
    fix: 'certificate',
    broken: chains((chain, now) => {
      const leaf = chain.certificates[0];
      if (leaf === undefined || throwAway(chain)) return false;
      const left = days(leaf.notAfter, now);
      return (
        left >= 0 && left < 14 && Date.parse(leaf.notAfter) > now && `${leaf.subject}: ${left} days left`
      );
    }),
  },
  {
    id: 'certificate-untrusted',
    severity: (facts) => (isSubmission(facts) ? 'high' : 'medium'),
    title: 'the certificate is not trusted',
    source: 'RFC 5280, section 6; RFC 8461, section 4.2',
    fix: 'chain',
    broken: chains(
      (chain) =>
        chain.trusted === 'no' &&
        !throwAway(chain) &&
        chain.distrust !== 'CERT_HAS_EXPIRED' &&
        `${chain.key}: ${chain.distrust ?? ''}`,
    ),
  },
  {
    id: 'certificate-name',
    severity: (facts) => (isSubmission(facts) ? 'high' : 'medium'),
    title: 'the certificate is for another name',
    source: 'RFC 9525; RFC 8461, section 4.1',
    fix: 'name',
    broken: chains((chain) => {
      const missing = Object.entries(chain.covers)
        .filter(([, covered]) => !covered)
        .map(([name]) => name);
      if (missing.length === 0 || throwAway(chain)) return false;
      const names = chain.certificates[0]?.names ?? [];
      return `it does not cover ${missing.join(', ')}: it is for ${names.slice(0, 5).join(', ') || 'no name at all'}`;
    }),
  },
  {
    id: 'weak-key',
    severity: 'high',
    title: 'the key of the certificate is too short',
    source: 'RFC 9325, section 4.5',
    fix: 'certificate',
    broken: chains(
      ({ certificates: [leaf] }) =>
        leaf !== undefined &&
        (leaf.keyKind === 'RSA' ? leaf.keyBits < 2048 : leaf.keyKind === 'EC' && leaf.keyBits < 224) &&
        leaf.key,
    ),
  },
  {
    id: 'weak-certificate-signature',
    severity: 'high',
    title: 'a certificate is signed with SHA-1 or MD5',
    source: 'RFC 9325, section 4.5',
    fix: 'certificate',
    broken: chains(({ certificates }) => {
      const weak = certificates.find(
        ({ signature, selfSigned }) => !selfSigned && /md5|sha1(?!\d)/i.test(signature),
      );
      return weak !== undefined && `${weak.subject}: ${weak.signature}`;
    }),
  },
  {
    id: 'chain-order',
    severity: 'low',
    title: 'the certificates are not in order',
    source: 'RFC 5246, section 7.4.2 (MUST); RFC 8446, section 4.4.2 lets clients cope',
    fix: 'chain',
    broken: chains(
      ({ inOrder, certificates }) => !inOrder && certificates.map(({ subject }) => subject).join(' → '),
    ),
  },
  {
    id: 'chain-extra',
    severity: 'info',
    title: 'certificates that lead nowhere are sent along',
    source: 'RFC 8446, section 4.4.2',
    fix: 'chain',
    broken: chains(({ extra }) => extra.length > 0 && extra.slice(0, 5).join('; ')),
  },
  {
    id: 'certificate-purpose',
    severity: 'medium',
    title: 'the certificate is not meant for servers',
    source: 'RFC 5280, section 4.2.1.12',
    fix: 'certificate',
    broken: chains(({ certificates: [leaf] }) => leaf?.forServers === false && leaf.subject),
  },
  {
    id: 'must-staple',
    severity: 'high',
    title: 'the certificate demands a stapled response, and none is given',
    source: 'RFC 7633, section 4',
    fix: 'certificate',
    broken: chains(
      ({ certificates: [leaf], stapled }) => leaf?.mustStaple === true && !stapled && leaf.subject,
    ),
  },
];

function chains(fits: (chain: Chain, now: number) => string | false | undefined): Rule['broken'] {
  return ({ chains: served }, now) => {
    const found = served.flatMap((chain) => {
      const words = fits(chain, now);
      return typeof words === 'string' ? [words] : [];
    });
    return found.length === 0 ? undefined : [...new Set(found)].join('; ');
  };
}

function days(until: string, now: number): number {
  return Math.floor((Date.parse(until) - now) / day);
}

function throwAway(chain: Chain): boolean {
  return chain.certificates[0]?.issuer.includes('O=Exim Developers') === true;
}
