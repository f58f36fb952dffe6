/** What is wrong with what the domain says in the DNS. */
import type { Rule } from './rule.ts';

export const policyRules: readonly Rule[] = [
  {
    id: 'dane-mismatch',
    severity: 'critical',
    title: 'no TLSA record fits the certificate: senders that check it do not deliver',
    source: 'RFC 7672, section 2.2',
    fix: 'certificate',
    broken: ({ policy }) => (policy?.dane.answer === 'mismatch' ? policy.dane.evidence : undefined),
  },
  {
    id: 'dane-insecure',
    severity: 'medium',
    title: 'TLSA records are there, but not signed: they count for nothing',
    source: 'RFC 7672, section 2.2',
    broken: ({ policy }) => (policy?.dane.answer === 'insecure' ? policy.dane.evidence : undefined),
  },
  {
    id: 'mta-sts-invalid',
    severity: 'high',
    title: 'the MTA-STS policy is broken',
    source: 'RFC 8461, section 3',
    broken: ({ policy }) => (policy?.mtaSts.answer === 'invalid' ? policy.mtaSts.evidence : undefined),
  },
  {
    id: 'mta-sts-testing',
    severity: 'info',
    title: 'MTA-STS is only tested',
    source: 'RFC 8461, section 5',
    broken: ({ policy }) => (policy?.mtaSts.answer === 'testing' ? policy.mtaSts.evidence : undefined),
  },
  {
    id: 'no-transport-policy',
    severity: 'low',
    title: 'neither DANE nor MTA-STS: an active attacker can take STARTTLS away',
    source: 'RFC 7672; RFC 8461',
    broken: ({ policy }) =>
      policy?.dane.answer === 'none' && policy.mtaSts.answer === 'none'
        ? `${policy.dane.evidence}; ${policy.mtaSts.evidence}`
        : undefined,
  },
  {
    id: 'tls-rpt',
    severity: 'info',
    title: 'nobody asks for reports of failed encryption (TLS-RPT)',
    source: 'RFC 8460',
    broken: ({ policy }) =>
      policy?.tlsRpt.answer === 'no' || policy?.tlsRpt.answer === 'invalid'
        ? policy.tlsRpt.evidence
        : undefined,
  },
];
