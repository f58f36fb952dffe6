/**
 * The causes behind the TLS errors in Exim's log, GnuTLS's and OpenSSL's wording alike, and what to do
 * about each. The first that fits is taken. Wordings: provoked on Exim 4.96 with GnuTLS 3.7, and read
 * in tls-gnu.c and tls-openssl.c.
 */
export interface Cause {
  /** A name for programs. */
  readonly name: string;
  readonly pattern: RegExp;
  readonly cause: string;
  readonly fix: string;
  /** `broken`: ours, and mail goes in clear or not at all. `peer`: theirs. `noise`: scanners. */
  readonly grade: 'broken' | 'peer' | 'noise';
}

export const causes: readonly Cause[] = [
  {
    name: 'key-does-not-match',
    pattern: /certificate and the given key do not match|key values mismatch/i,
    cause: 'certificate and key are not a pair, as after half a renewal',
    fix: 'install both of one issue: portreeve tls enable',
    grade: 'broken',
  },
  {
    name: 'key-unreadable',
    pattern:
      /cert\/key setup.*Error while reading file|(?:PrivateKey|certificate_chain)_file.*(?:No such file|Permission denied|system library)/i,
    cause: 'certificate or key is missing, or Exim’s user may not read it',
    fix: 'owner root, group Debian-exim, mode 0640, and the folders above passable for that group',
    grade: 'broken',
  },
  {
    name: 'key-empty',
    pattern: /cert\/key setup.*requested data were not available/i,
    cause: 'the certificate or key file is empty or holds no PEM',
    fix: 'deploy it again: portreeve tls enable',
    grade: 'broken',
  },
  {
    name: 'key-locked',
    pattern: /cert\/key setup.*Decryption has failed|bad decrypt|bad password read/i,
    cause: 'the key is locked by a passphrase, which Exim cannot ask for',
    fix: 'store it without one: openssl pkey -in KEY -out NEW',
    grade: 'broken',
  },
  {
    name: 'key-lists-differ',
    pattern: /cert\/key setup: out of keys/i,
    cause: 'tls_certificate and tls_privatekey list different numbers of files',
    fix: 'pair them',
    grade: 'broken',
  },
  {
    name: 'no-certificate',
    pattern: /No server certificate defined/i,
    cause: 'no certificate is configured: Exim makes one for two hours, which nobody can verify',
    fix: 'portreeve tls enable',
    grade: 'broken',
  },
  {
    name: 'cipher-string',
    pattern: /tls_require_ciphers invalid|gnutls_priority_init/i,
    cause: 'tls_require_ciphers is not in the syntax of this Exim’s TLS library',
    fix: 'set a policy that fits the library: portreeve tls enable --policy intermediate',
    grade: 'broken',
  },
  {
    name: 'wrong-library',
    pattern: /openssl_options is set but we're using GnuTLS/i,
    cause: 'openssl_options stands in the configuration of an Exim with GnuTLS',
    fix: 'remove it; GnuTLS takes all of it from tls_require_ciphers',
    grade: 'broken',
  },
  {
    name: 'authorities',
    pattern:
      /could not stat .*tls_verify_certificates|tls_verify_certificates .* is a directory|failed to stat .* for certificates/i,
    cause: 'the file of trusted authorities is not where tls_verify_certificates says',
    fix: 'install ca-certificates, or use the word system',
    grade: 'broken',
  },
  {
    name: 'expansion',
    pattern: /expansion of tls_|failed to expand .*tls/i,
    cause: 'a tls_ setting cannot be expanded',
    fix: 'try it: exim4 -be',
    grade: 'broken',
  },
  {
    name: 'old-version',
    pattern:
      /illegal or unsupported version|unsupported protocol|wrong version number|version too low|protocol version/i,
    cause: 'the peer knows TLS 1.0 or 1.1 alone, which this server refuses, as RFC 8996 asks',
    fix: 'nothing, unless you need mail from that peer',
    grade: 'peer',
  },
  {
    name: 'no-common-cipher',
    pattern:
      /No supported cipher suites|no shared cipher|handshake failure|Could not negotiate a supported cipher/i,
    cause: 'no cipher suite that both sides accept',
    fix: 'if the peer matters, widen the policy: portreeve tls enable --policy intermediate',
    grade: 'peer',
  },
  {
    name: 'peer-rejects-certificate',
    pattern:
      /alert (?:certificate|unknown ca|bad certificate)|unknown ca|certificate unknown|TLS fatal alert|fatal alert has been received/i,
    cause: 'the peer does not accept our certificate, or gave up for a reason of its own',
    fix: 'check chain, names and expiry: portreeve tls test',
    grade: 'peer',
  },
  {
    name: 'client-certificate',
    pattern:
      /certificate verification failed|certificate verify failed|peer did not return a certificate|did not send any certificate|verify denied|SSL verify error/i,
    cause: 'the certificate of the peer is missing, or cannot be verified',
    fix: 'for clients see tls_verify_hosts, for servers tls_verify_certificates and tls_try_verify_hosts',
    grade: 'peer',
  },
  {
    name: 'dane',
    pattern: /DANE|TLSA/,
    cause: 'the TLSA record of the server does not fit its certificate, or could not be looked up safely',
    fix: 'if it is yours, publish the record of the new key first; check that the resolver validates',
    grade: 'peer',
  },
  {
    name: 'small-dh',
    pattern: /Diffie-Hellman prime|dh key too small/i,
    cause: 'the peer offers a Diffie-Hellman group that is too small',
    fix: 'for that host alone: tls_dh_min_bits of the transport',
    grade: 'peer',
  },
  {
    name: 'server-without-tls',
    pattern: /a TLS session is required/i,
    cause: 'the server offers no STARTTLS, and hosts_require_tls demands it',
    fix: 'take it off that list, or wait for the server',
    grade: 'peer',
  },
  {
    name: 'fell-back',
    pattern: /delivering unencrypted/i,
    cause: 'a handshake with the server failed, and the mail went in clear',
    fix: 'find out why in the lines around; hosts_require_tls forbids it',
    grade: 'peer',
  },
  {
    name: 'revoked',
    pattern: /OCSP|certificate revoked|certificate status/i,
    cause: 'the stapled status of a certificate is missing, outdated or says: revoked',
    fix: 'for your own: renew the staple, or remove tls_ocsp_file',
    grade: 'peer',
  },
  {
    name: 'starttls-twice',
    pattern: /STARTTLS received after TLS started/i,
    cause: 'a client asked for TLS within TLS',
    fix: 'nothing',
    grade: 'noise',
  },
  {
    name: 'plaintext',
    pattern: /unexpected TLS packet|wrong version number|http request|unknown protocol/i,
    cause: 'the client spoke in clear where TLS was due: a wrong port, or a scanner',
    fix: 'clients: 465 with TLS from the start, 587 with STARTTLS',
    grade: 'noise',
  },
  {
    name: 'alpn',
    pattern: /application protocol|ALPN/i,
    cause: 'the client offers another protocol than mail (ALPN): a web client or a scanner',
    fix: 'nothing',
    grade: 'noise',
  },
  {
    name: 'hung-up',
    pattern: /non-properly terminated|unexpected eof|closed|reset TCP|Broken pipe|Connection reset|syscall/i,
    cause: 'the peer hung up in the middle: it does not like our certificate, or is a scanner',
    fix: 'if it is a server that you know, check chain and names: portreeve tls test',
    grade: 'noise',
  },
  {
    name: 'timeout',
    pattern: /timed out/i,
    cause: 'the handshake did not end in time',
    fix: 'see whether the network drops large packets (path MTU)',
    grade: 'noise',
  },
  {
    name: 'fallback',
    pattern: /inappropriate fallback/i,
    cause: 'a client came back with an older version on purpose (SCSV): a scanner',
    fix: 'nothing',
    grade: 'noise',
  },
  {
    name: 'broken-handshake',
    pattern:
      /key share|Internal error|Close notify|Decryption has failed|bad record|decode error|packet length|illegal parameter|unexpected handshake/i,
    cause: 'the client’s handshake is malformed: a scanner',
    fix: 'nothing',
    grade: 'noise',
  },
];
