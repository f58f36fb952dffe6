/** What to do about a finding, in the words of the software that was found: settings to type. */
export type FixKind =
  | 'starttls'
  | 'policy'
  | 'certificate'
  | 'chain'
  | 'name'
  | 'key-454'
  | 'auth-in-clear'
  | 'vrfy'
  | 'update'
  | 'tickets'
  | 'renegotiation';

type Words = Readonly<Record<'Exim' | 'Postfix' | 'Dovecot' | 'other', string>>;

const fixes: Readonly<Record<FixKind, Words>> = {
  starttls: {
    Exim: 'portreeve tls enable; by hand: MAIN_TLS_ENABLE = yes in exim4.conf.localmacros, or tls_advertise_hosts = *',
    Postfix:
      'postconf -e smtpd_tls_security_level=may smtpd_tls_chain_files=/path/key.pem,/path/fullchain.pem',
    Dovecot: 'ssl = yes, with ssl_cert = </path/fullchain.pem and ssl_key = </path/key.pem',
    other: 'turn STARTTLS on, and give the server a certificate and its key',
  },
  policy: {
    Exim: 'portreeve tls policy intermediate; by hand: tls_require_ciphers (GnuTLS: a priority string, OpenSSL: suites and openssl_options)',
    Postfix:
      'postconf -e smtpd_tls_protocols=">=TLSv1.2" smtpd_tls_mandatory_protocols=">=TLSv1.2" smtpd_tls_ciphers=high smtpd_tls_exclude_ciphers=aNULL,eNULL,EXPORT,RC4,3DES,kRSA',
    Dovecot: 'ssl_min_protocol = TLSv1.2 and ssl_cipher_list = ECDHE+AESGCM:ECDHE+CHACHA20',
    other: 'allow TLS 1.2 and 1.3 alone, with ECDHE and AES-GCM or ChaCha20',
  },
  certificate: {
    Exim: 'get a new one, then: portreeve tls enable --cert FILE --key FILE',
    Postfix: 'get a new one, name it in smtpd_tls_chain_files, then: postfix reload',
    Dovecot: 'get a new one, name it in ssl_cert and ssl_key, then: doveadm reload',
    other: 'get a new certificate and make the server read it',
  },
  chain: {
    Exim: 'put the intermediate certificate after the server’s own in the file of tls_certificate (fullchain.pem)',
    Postfix: 'name key and fullchain.pem in smtpd_tls_chain_files',
    Dovecot: 'ssl_cert = </path/fullchain.pem',
    other: 'serve the server’s certificate first, then each issuer, without the root',
  },
  name: {
    Exim: 'get a certificate for the name that the MX record has, then: portreeve tls enable --cert FILE --key FILE',
    Postfix: 'get a certificate for the name that the MX record has, and name it in smtpd_tls_chain_files',
    Dovecot: 'get a certificate for the name that the clients use, and name it in ssl_cert',
    other: 'get a certificate for the name that clients use',
  },
  'key-454': {
    Exim: 'the main log says why ("cert/key setup"): portreeve tls diagnose LOG; the key must be readable by Debian-exim',
    Postfix: 'the log says why ("cannot load certificate" or "TLS library problem")',
    Dovecot: 'the log says why ("ssl_cert" or "ssl_key")',
    other: 'look into the log: mostly the key cannot be read or does not fit the certificate',
  },
  'auth-in-clear': {
    Exim: 'auth_advertise_hosts = ${if eq{$tls_in_cipher}{}{}{*}}; in Debian leave AUTH_SERVER_ALLOW_NOTLS_PASSWORDS unset',
    Postfix: 'postconf -e smtpd_tls_auth_only=yes',
    Dovecot: 'disable_plaintext_auth = yes and ssl = required',
    other: 'offer AUTH under TLS alone',
  },
  vrfy: {
    Exim: 'leave acl_smtp_vrfy and acl_smtp_expn unset, or deny in them',
    Postfix: 'postconf -e disable_vrfy_command=yes',
    Dovecot: 'turn VRFY off at the server behind it',
    other: 'turn VRFY and EXPN off',
  },
  update: {
    Exim: 'update Exim and its TLS library (apt-get upgrade), and restart it',
    Postfix: 'update Postfix and OpenSSL, and restart it',
    Dovecot: 'update Dovecot and OpenSSL, and restart it',
    other: 'update the server and its TLS library, or the device before it, and restart it',
  },
  tickets: {
    Exim: 'leave tls_resumption_hosts empty',
    Postfix: 'postconf -e smtpd_tls_session_cache_timeout=3600s',
    Dovecot: 'ssl_options = no_ticket',
    other: 'give tickets a life of a day at most',
  },
  renegotiation: {
    Exim: 'update Exim and its TLS library; with OpenSSL: openssl_options = +no_renegotiation',
    Postfix: 'postconf -e tls_ssl_options=NO_RENEGOTIATION',
    Dovecot: 'update Dovecot and OpenSSL',
    other: 'turn renegotiation by the client off',
  },
};

export function fixFor(kind: FixKind, software: string | null): string {
  const words = fixes[kind];
  const name = software?.split(' ')[0];
  return name === 'Exim' || name === 'Postfix' || name === 'Dovecot' ? words[name] : words.other;
}
