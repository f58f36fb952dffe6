/**
 * DANE for SMTP (RFC 7672): whether each chain that a server shows is named by a TLSA record. Usages 0 and 1 count
 * for nothing between mail servers (section 3.1.3).
 */
import type { ServedCertificate } from '../../../host/served-certificate.ts';

export interface Tlsa {
  readonly usage: number;
  readonly selector: number;
  readonly matching: number;
  /** In hexadecimal. */
  readonly data: string;
}

export interface DaneMatch {
  readonly answer: 'match' | 'mismatch';
  readonly evidence: string;
}

/** `chains`: the certificates of each as sent. At least one record. */
export function matchDane(
  records: readonly Tlsa[],
  chains: readonly (readonly ServedCertificate[])[],
): DaneMatch {
  const usable = records.filter(
    ({ usage, selector, matching }) => (usage === 2 || usage === 3) && selector <= 1 && matching <= 2,
  );
  if (usable.length === 0) {
    return {
      answer: 'mismatch',
      evidence: `no record that mail servers can use: ${records.map(tlsaText).join('; ')}`,
    };
  }
  for (const chain of chains) {
    const [leaf] = chain;
    if (leaf === undefined) continue;
    const fits = usable.some((record) =>
      (record.usage === 3 ? [leaf] : chain).some((certificate) => named(record, certificate)),
    );
    if (!fits) {
      const key = leaf.matches.key.sha256;
      return {
        answer: 'mismatch',
        evidence: `${leaf.subject || leaf.fingerprint.slice(0, 16)} would need 3 1 1 ${key}; there is ${usable.map(tlsaText).join('; ')}`,
      };
    }
  }
  return chains.length === 0
    ? { answer: 'mismatch', evidence: 'no certificate was seen' }
    : {
        answer: 'match',
        evidence: `${usable.length} of ${records.length} records, and each chain is named by one`,
      };
}

function named({ selector, matching, data }: Tlsa, certificate: ServedCertificate): boolean {
  const of = certificate.matches[selector === 0 ? 'certificate' : 'key'];
  return (matching === 0 ? of.full : matching === 1 ? of.sha256 : of.sha512) === data.toLowerCase();
}

export function tlsaText({ usage, selector, matching, data }: Tlsa): string {
  return `${usage} ${selector} ${matching} ${data.length > 64 ? `${data.slice(0, 64)}…` : data}`;
}
