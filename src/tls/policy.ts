/**
 * What a server asks of TLS, in the language of the library that its Exim is built with.
 *
 * `modern` and `intermediate` are Mozilla's guidelines 6.0, `old` is the last that they had (5.8), `ncsc`
 * is what the Dutch NCSC (2025-05) calls good or sufficient. The GnuTLS strings are measured against a
 * running Exim: they offer exactly the suites and groups of the guideline that GnuTLS 3.7 has, and none
 * besides. Left out for want of words: the post-quantum group, whose name GnuTLS 3.7 (Debian 12) does not
 * know and would not start with; and in `old` 3DES, which GnuTLS cannot offer for static RSA alone.
 */
import type { TlsVersion } from '../host/tls-session.ts';

export const policyNames = ['modern', 'intermediate', 'old', 'ncsc'] as const;
export type PolicyName = (typeof policyNames)[number];
export type TlsLibrary = 'GnuTLS' | 'OpenSSL';

export interface Policy {
  readonly name: PolicyName;
  /** What the server must accept, and must not accept any more. */
  readonly accepts: readonly TlsVersion[];
  readonly refuses: readonly TlsVersion[];
  /** Suites of TLS 1.2, as OpenSSL names them, none of which it may accept. */
  readonly refusesSuites?: readonly string[];
}

/** CBC, static RSA, and keys over the integers: with GnuTLS's defaults Exim accepts all of them. */
const withoutForwardSecrecyOrAead = [
  'ECDHE-ECDSA-AES128-SHA',
  'ECDHE-RSA-AES128-SHA',
  'ECDHE-ECDSA-AES256-SHA384',
  'ECDHE-RSA-AES256-SHA384',
  'DHE-RSA-AES128-GCM-SHA256',
  'AES128-GCM-SHA256',
  'AES256-SHA',
];

export const policies: Readonly<Record<PolicyName, Policy>> = {
  modern: { name: 'modern', accepts: ['TLSv1.3'], refuses: ['TLSv1', 'TLSv1.1', 'TLSv1.2'] },
  intermediate: {
    name: 'intermediate',
    accepts: ['TLSv1.2', 'TLSv1.3'],
    refuses: ['TLSv1', 'TLSv1.1'],
    refusesSuites: withoutForwardSecrecyOrAead,
  },
  old: {
    name: 'old',
    accepts: ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'],
    refuses: [],
    refusesSuites: ['DHE-RSA-AES128-GCM-SHA256', 'DHE-RSA-AES256-SHA', 'AES128-CCM', 'NULL-SHA256'],
  },
  ncsc: {
    name: 'ncsc',
    accepts: ['TLSv1.2', 'TLSv1.3'],
    refuses: ['TLSv1', 'TLSv1.1'],
    refusesSuites: withoutForwardSecrecyOrAead,
  },
};

/** Exim's main options that put a policy in force. Either library refuses the other's words. */
export type PolicyOptions = Readonly<Partial<Record<'tls_require_ciphers' | 'openssl_options', string>>>;

const versionWords: Readonly<Record<TlsVersion, string>> = {
  'TLSv1.3': 'VERS-TLS1.3',
  'TLSv1.2': 'VERS-TLS1.2',
  'TLSv1.1': 'VERS-TLS1.1',
  TLSv1: 'VERS-TLS1.0',
};

interface GnutlsWords {
  /** The server's order counts, not the client's. */
  readonly ownOrder?: true;
  readonly ciphers: readonly string[];
  readonly macs: readonly string[];
  readonly exchanges: readonly string[];
  readonly groups: readonly string[];
}

const aead = ['AES-128-GCM', 'AES-256-GCM', 'CHACHA20-POLY1305'];
const ecdhe = ['ECDHE-ECDSA', 'ECDHE-RSA'];
const mozillaGroups = ['GROUP-X25519', 'GROUP-SECP256R1', 'GROUP-SECP384R1'];
const mozilla: GnutlsWords = { ciphers: aead, macs: ['AEAD'], exchanges: ecdhe, groups: mozillaGroups };

const gnutls: Readonly<Record<PolicyName, GnutlsWords>> = {
  modern: mozilla,
  intermediate: mozilla,
  old: {
    ownOrder: true,
    ciphers: [...aead, 'AES-128-CBC', 'AES-256-CBC'],
    macs: ['AEAD', 'SHA256', 'SHA384', 'SHA1'],
    exchanges: [...ecdhe, 'RSA'],
    groups: mozillaGroups,
  },
  ncsc: {
    ownOrder: true,
    ciphers: ['AES-256-GCM', 'CHACHA20-POLY1305', 'AES-128-GCM', 'AES-256-CCM', 'AES-128-CCM'],
    macs: ['AEAD'],
    exchanges: ecdhe,
    groups: ['GROUP-X25519', 'GROUP-X448', 'GROUP-SECP256R1', 'GROUP-SECP384R1', 'GROUP-SECP521R1'],
  },
};

/** gnutls.org/manual, "Priority Strings": everything is taken away first, so that a new default adds nothing. */
function gnutlsOptions(name: PolicyName): PolicyOptions {
  const { ownOrder, ciphers, macs, exchanges, groups } = gnutls[name];
  const words = [
    'NORMAL',
    ...(ownOrder === true ? ['%SERVER_PRECEDENCE'] : []),
    '-VERS-ALL',
    ...policies[name].accepts.toReversed().map((version) => `+${versionWords[version]}`),
    '-CIPHER-ALL',
    ...ciphers.map((cipher) => `+${cipher}`),
    '-MAC-ALL',
    ...macs.map((mac) => `+${mac}`),
    '-KX-ALL',
    ...exchanges.map((exchange) => `+${exchange}`),
    '-GROUP-ALL',
    ...groups.map((group) => `+${group}`),
  ];
  return { tls_require_ciphers: words.join(':') };
}

const both = (suite: string): string[] => [`ECDHE-ECDSA-${suite}`, `ECDHE-RSA-${suite}`];
const mozillaSuites = ['AES128-GCM-SHA256', 'AES256-GCM-SHA384', 'CHACHA20-POLY1305'].flatMap(both);

const opensslSuites: Readonly<Record<PolicyName, readonly string[]>> = {
  modern: mozillaSuites,
  intermediate: mozillaSuites,
  old: [
    ...mozillaSuites,
    ...['AES128-SHA256', 'AES128-SHA', 'AES256-SHA384', 'AES256-SHA'].flatMap(both),
    'AES128-GCM-SHA256',
    'AES256-GCM-SHA384',
    'AES128-SHA256',
    'AES256-SHA256',
    'AES128-SHA',
    'AES256-SHA',
    'DES-CBC3-SHA',
    // At OpenSSL 3's usual level the signatures of TLS 1.0 and 1.1 are refused.
    '@SECLEVEL=0',
  ],
  ncsc: [
    ...['AES256-GCM-SHA384', 'CHACHA20-POLY1305', 'AES128-GCM-SHA256'].flatMap(both),
    'ECDHE-ECDSA-AES256-CCM',
    'ECDHE-ECDSA-AES128-CCM',
  ],
};

const noVersion: Readonly<Record<TlsVersion, string>> = {
  TLSv1: '+no_tlsv1',
  'TLSv1.1': '+no_tlsv1_1',
  'TLSv1.2': '+no_tlsv1_2',
  'TLSv1.3': '+no_tlsv1_3',
};

/** In OpenSSL the ciphers name those up to TLS 1.2 alone; versions are taken away by options. */
function opensslOptions(name: PolicyName): PolicyOptions {
  const { refuses } = policies[name];
  const order = gnutls[name].ownOrder === true ? ['+cipher_server_preference'] : [];
  return {
    tls_require_ciphers: opensslSuites[name].join(':'),
    openssl_options: [
      '+no_sslv2',
      '+no_sslv3',
      ...refuses.map((version) => noVersion[version]),
      ...order,
    ].join(' '),
  };
}

export function policyOptions(policy: PolicyName, library: TlsLibrary): PolicyOptions {
  return library === 'GnuTLS' ? gnutlsOptions(policy) : opensslOptions(policy);
}
