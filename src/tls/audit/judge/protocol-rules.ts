/** What is wrong with versions and extensions of the protocol. */
import type { Rule } from './rule.ts';

export const protocolRules: readonly Rule[] = [
  {
    id: 'ssl2',
    severity: 'critical',
    title: 'SSL 2.0 is spoken',
    source: 'RFC 6176',
    fix: 'policy',
    broken: accepted('SSLv2'),
  },
  {
    id: 'ssl3',
    severity: 'high',
    title: 'SSL 3.0 is spoken',
    source: 'RFC 7568',
    fix: 'policy',
    broken: accepted('SSLv3'),
  },
  {
    id: 'tls1.0',
    severity: 'medium',
    title: 'TLS 1.0 is spoken',
    source: 'RFC 8996; RFC 9325, section 3.1.1',
    fix: 'policy',
    broken: accepted('TLSv1.0'),
  },
  {
    id: 'tls1.1',
    severity: 'medium',
    title: 'TLS 1.1 is spoken',
    source: 'RFC 8996; RFC 9325, section 3.1.1',
    fix: 'policy',
    broken: accepted('TLSv1.1'),
  },
  {
    id: 'no-tls1.2-or-later',
    severity: 'high',
    title: 'neither TLS 1.2 nor TLS 1.3 is spoken',
    source: 'RFC 9325, section 3.1.1',
    fix: 'update',
    broken: ({ versions }) => {
      const late = versions.filter(({ version }) => version === 'TLSv1.2' || version === 'TLSv1.3');
      return late.length === 2 &&
        late.every((each) => each.accepted === 'no') &&
        versions.some((each) => each.accepted === 'yes')
        ? late.map(({ version, evidence }) => `${version}: ${evidence}`).join('; ')
        : undefined;
    },
  },
  {
    id: 'no-tls1.3',
    severity: 'low',
    title: 'TLS 1.3 is not spoken',
    source: 'RFC 9325, section 3.1.1 (SHOULD)',
    fix: 'policy',
    broken: ({ versions }) =>
      versions.some((each) => each.accepted === 'yes')
        ? versions.find((each) => each.version === 'TLSv1.3' && each.accepted === 'no')?.evidence
        : undefined,
  },
  {
    id: 'no-secure-renegotiation',
    severity: 'high',
    title: 'renegotiation is not protected',
    source: 'RFC 5746; RFC 9325, section 3.5',
    fix: 'update',
    broken: ({ features, versions }) =>
      features.secureRenegotiation === 'no' &&
      versions.some(({ version, accepted: yes }) => yes === 'yes' && version !== 'TLSv1.3')
        ? 'no renegotiation_info in any ServerHello'
        : undefined,
  },
  {
    id: 'client-renegotiation',
    severity: 'low',
    title: 'clients may ask for new handshakes without end',
    source: 'CVE-2011-1473; NCSC-NL 2025-05: at most 10',
    fix: 'renegotiation',
    broken: ({ features }) =>
      (features.renegotiations ?? 0) > 10 ? `${features.renegotiations} in one session` : undefined,
  },
  {
    id: 'compression',
    severity: 'high',
    title: 'compression is taken',
    source: 'RFC 9325, section 3.3; CVE-2012-4929 (CRIME)',
    fix: 'update',
    broken: ({ features }) => (features.compression === 'yes' ? 'DEFLATE in a ServerHello' : undefined),
  },
  {
    id: 'no-extended-master-secret',
    severity: 'low',
    title: 'no extended master secret',
    source: 'RFC 7627; RFC 9325, section 3.5',
    fix: 'update',
    broken: ({ features, versions }) =>
      features.extendedMasterSecret === 'no' &&
      versions.some(({ version, accepted: yes }) => yes === 'yes' && version === 'TLSv1.2')
        ? 'no extended_master_secret in any ServerHello'
        : undefined,
  },
  {
    id: 'no-fallback-scsv',
    severity: 'low',
    title: 'a client that was pushed to an older version is not warned',
    source: 'RFC 7507',
    fix: 'update',
    broken: ({ features, versions }) =>
      features.fallbackScsv === 'no' &&
      versions.some(
        ({ version, accepted: yes }) => yes === 'yes' && ['TLSv1.1', 'TLSv1.0', 'SSLv3'].includes(version),
      )
        ? 'TLS_FALLBACK_SCSV is passed over'
        : undefined,
  },
  {
    id: 'ticket-lifetime',
    severity: 'low',
    title: 'session tickets live longer than a week',
    source: 'RFC 8446, section 4.6.1',
    fix: 'tickets',
    broken: ({ features }) =>
      (features.ticketLifetime ?? 0) > 604_800 ? `${features.ticketLifetime} seconds` : undefined,
  },
  {
    id: 'early-data',
    severity: 'low',
    title: '0-RTT data are taken: a command can be played again',
    source: 'RFC 8446, section 8; NCSC-NL 2025-05',
    fix: 'update',
    broken: ({ features }) => (features.earlyData === 'yes' ? 'a ticket allows early data' : undefined),
  },
];

function accepted(version: string): Rule['broken'] {
  return ({ versions }) => {
    const spoken = versions.find((each) => each.version === version && each.accepted === 'yes');
    return spoken === undefined ? undefined : `it agrees on ${spoken.suites[0]?.name ?? 'the version'}`;
  };
}
