/**
 * TLS, incoming, outgoing and the server's own. Source: tls.c, tls-gnu.c, tls-openssl.c, deliver.c and
 * transports/smtp.c of Exim.
 */
import {
  bareHost,
  bracketedAddress,
  fullHost,
  maybe,
  oneOf,
  opening,
  type Part,
  type Production,
  production,
  remoteHost,
  rest,
  word,
} from './log-grammar.ts';

const incoming = { direction: 'in' };
const outgoing = { direction: 'out' };
const own = { direction: 'own' };
const ownRow = (form: string, words: string): Production =>
  production('tls-error', form, [opening('text', words)], own);
const outRow = (form: string, words: string): Production =>
  production('tls-error', form, [opening('text', words)], outgoing);
const connection: readonly Part[] = [
  'connection',
  maybe(' Ci=', word('connection')),
  ' from ',
  bareHost,
  maybe(oneOf('via', ' (via inetd)', ' (ODMR customer)')),
];

export const tlsProductions: readonly Production[] = [
  production('tls-error', 'tls-connection', ['TLS error on ', ...connection, ' ', rest('text')], incoming),
  production(
    'tls-error',
    'tls-read',
    ['TLS error (SSL_read): on ', ...connection, ' ', rest('text')],
    incoming,
  ),
  production(
    'tls-error',
    'tls-write-from',
    ['SSL_write: (from ', fullHost, ') syscall: ', rest('text')],
    incoming,
  ),
  production(
    'tls-error',
    'tls-reset',
    [bracketedAddress, ' after QUIT, client reset TCP before', rest('text')],
    incoming,
  ),
  production('tls-error', 'tls-alpn', [opening('text', 'TLS ALPN ')], incoming),
  production('tls-error', 'tls-verify', [bracketedAddress, ' SSL verify ', rest('text')], {
    direction: 'either',
  }),
  production(
    'tls-error',
    'tls-verify-denied',
    [bracketedAddress, ' ', oneOf('what', 'SSL', 'DANE'), ' verify denied ', rest('text')],
    {
      direction: 'either',
    },
  ),
  production(
    'tls-error',
    'tls-remote',
    ['H=', remoteHost, ' TLS error on connection ', rest('text')],
    outgoing,
  ),
  production('tls-error', 'tls-dane-remote', ['H=', remoteHost, ': DANE error: ', rest('text')], outgoing),
  production(
    'tls-error',
    'tls-required',
    ['H=', remoteHost, ': a TLS session is required, but ', rest('text')],
    outgoing,
  ),
  production(
    'tls-error',
    'tls-dane-attempt',
    ['DANE attempt failed; TLS connection to ', remoteHost, ': ', rest('text')],
    outgoing,
  ),
  outRow('tls-session', 'TLS session: '),
  outRow('tls-dane', 'DANE error: '),
  outRow('tls-status-required', 'Required TLS certificate status not received'),
  outRow('tls-status', 'Received TLS cert status response'),
  outRow('tls-ocsp-dates', 'OCSP dates invalid'),
  outRow('tls-revoked', 'Server certificate revoked'),
  outRow('tls-status-unknown', 'Server certificate status unknown'),
  ownRow('tls-error', 'TLS error'),
  ownRow('tls-no-certificate', 'Warning: No server certificate defined'),
  ownRow('tls-openssl', '(SSL_CTX_'),
  ownRow('tls-gnutls', '(gnutls_'),
  ownRow('tls-closed', 'SSL channel closed on write'),
  ownRow('tls-write', 'SSL_write'),
  ownRow('tls-denied', 'SSL verify denied '),
  ownRow('tls-expansion', 'expansion of tls_'),
  ownRow('tls-ocsp-unusable', 'OCSP unusable '),
  ownRow('tls-alpn-unusable', 'ALPN unusable '),
  ownRow('tls-sni-unusable', 'SNI unusable '),
  ownRow('tls-stat', 'could not stat '),
  ownRow('tls-verify-folder', 'tls_verify_certificates '),
  ownRow('tls-ciphers', 'tls_require_ciphers invalid'),
  ownRow('tls-dh', 'WARNING: deprecated Diffie-Hellman parameter'),
];
