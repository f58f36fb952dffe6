/**
 * What a server asks of TLS, in the language of the library that its Exim is built with.
 *
 * The two policies are Mozilla's guidelines 6.0. The GnuTLS strings are measured against a running
 * Exim: they offer exactly the suites and groups of the guideline, without its post-quantum group, whose
 * name GnuTLS 3.7 (Debian 12) does not know and would not start with.
 */
import type { TlsVersion } from '../host/tls-session.ts';

export const policyNames = ['modern', 'intermediate'] as const;
export type PolicyName = (typeof policyNames)[number];
export type TlsLibrary = 'GnuTLS' | 'OpenSSL';

export interface Policy {
  readonly name: PolicyName;
  /** What the server must not accept any more. */
  readonly refuses: readonly TlsVersion[];
}

export const policies: Readonly<Record<PolicyName, Policy>> = {
  modern: { name: 'modern', refuses: ['TLSv1', 'TLSv1.1', 'TLSv1.2'] },
  intermediate: { name: 'intermediate', refuses: ['TLSv1', 'TLSv1.1'] },
};

/** Exim's main options that put a policy in force. Either library refuses the other's words. */
export type PolicyOptions = Readonly<Partial<Record<'tls_require_ciphers' | 'openssl_options', string>>>;

const gnutlsRest =
  '-CIPHER-ALL:+AES-128-GCM:+AES-256-GCM:+CHACHA20-POLY1305:-MAC-ALL:+AEAD:' +
  '-KX-ALL:+ECDHE-ECDSA:+ECDHE-RSA:-GROUP-ALL:+GROUP-X25519:+GROUP-SECP256R1:+GROUP-SECP384R1';

const opensslSuites = ['AES128-GCM-SHA256', 'AES256-GCM-SHA384', 'CHACHA20-POLY1305']
  .flatMap((suite) => [`ECDHE-ECDSA-${suite}`, `ECDHE-RSA-${suite}`])
  .join(':');

const options: Readonly<Record<TlsLibrary, Readonly<Record<PolicyName, PolicyOptions>>>> = {
  GnuTLS: {
    modern: { tls_require_ciphers: `NORMAL:-VERS-ALL:+VERS-TLS1.3:${gnutlsRest}` },
    intermediate: { tls_require_ciphers: `NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:${gnutlsRest}` },
  },
  // In OpenSSL the ciphers name those up to TLS 1.2 alone; versions are taken away by options.
  OpenSSL: {
    modern: {
      tls_require_ciphers: opensslSuites,
      openssl_options: '+no_sslv2 +no_sslv3 +no_tlsv1 +no_tlsv1_1 +no_tlsv1_2',
    },
    intermediate: {
      tls_require_ciphers: opensslSuites,
      openssl_options: '+no_sslv2 +no_sslv3 +no_tlsv1 +no_tlsv1_1',
    },
  },
};

export function policyOptions(policy: PolicyName, library: TlsLibrary): PolicyOptions {
  return options[library][policy];
}
