/** Signature schemes (IANA's registry "TLS SignatureScheme"; RFC 8446, section 4.2.3; RFC 5246, 7.4.1.4.1). */
export interface SignatureScheme {
  readonly code: number;
  readonly name: string;
  readonly key: 'RSA' | 'ECDSA' | 'DSA' | 'EdDSA';
  readonly hash: 'MD5' | 'SHA1' | 'SHA224' | 'SHA256' | 'SHA384' | 'SHA512' | 'intrinsic';
  /** May sign a handshake of TLS 1.3. */
  readonly tls13: boolean;
}

export const signatureSchemes: readonly SignatureScheme[] = [
  { code: 0x0804, name: 'rsa_pss_rsae_sha256', key: 'RSA', hash: 'SHA256', tls13: true },
  { code: 0x0805, name: 'rsa_pss_rsae_sha384', key: 'RSA', hash: 'SHA384', tls13: true },
  { code: 0x0806, name: 'rsa_pss_rsae_sha512', key: 'RSA', hash: 'SHA512', tls13: true },
  { code: 0x0809, name: 'rsa_pss_pss_sha256', key: 'RSA', hash: 'SHA256', tls13: true },
  { code: 0x080a, name: 'rsa_pss_pss_sha384', key: 'RSA', hash: 'SHA384', tls13: true },
  { code: 0x080b, name: 'rsa_pss_pss_sha512', key: 'RSA', hash: 'SHA512', tls13: true },
  { code: 0x0403, name: 'ecdsa_secp256r1_sha256', key: 'ECDSA', hash: 'SHA256', tls13: true },
  { code: 0x0503, name: 'ecdsa_secp384r1_sha384', key: 'ECDSA', hash: 'SHA384', tls13: true },
  { code: 0x0603, name: 'ecdsa_secp521r1_sha512', key: 'ECDSA', hash: 'SHA512', tls13: true },
  { code: 0x0807, name: 'ed25519', key: 'EdDSA', hash: 'intrinsic', tls13: true },
  { code: 0x0808, name: 'ed448', key: 'EdDSA', hash: 'intrinsic', tls13: true },
  { code: 0x0401, name: 'rsa_pkcs1_sha256', key: 'RSA', hash: 'SHA256', tls13: false },
  { code: 0x0501, name: 'rsa_pkcs1_sha384', key: 'RSA', hash: 'SHA384', tls13: false },
  { code: 0x0601, name: 'rsa_pkcs1_sha512', key: 'RSA', hash: 'SHA512', tls13: false },
  { code: 0x0303, name: 'ecdsa_sha224', key: 'ECDSA', hash: 'SHA224', tls13: false },
  { code: 0x0301, name: 'rsa_pkcs1_sha224', key: 'RSA', hash: 'SHA224', tls13: false },
  { code: 0x0302, name: 'dsa_sha224', key: 'DSA', hash: 'SHA224', tls13: false },
  { code: 0x0402, name: 'dsa_sha256', key: 'DSA', hash: 'SHA256', tls13: false },
  { code: 0x0203, name: 'ecdsa_sha1', key: 'ECDSA', hash: 'SHA1', tls13: false },
  { code: 0x0201, name: 'rsa_pkcs1_sha1', key: 'RSA', hash: 'SHA1', tls13: false },
  { code: 0x0202, name: 'dsa_sha1', key: 'DSA', hash: 'SHA1', tls13: false },
  { code: 0x0101, name: 'rsa_pkcs1_md5', key: 'RSA', hash: 'MD5', tls13: false },
];
