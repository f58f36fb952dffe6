/**
 * The TLS handshake of a client, and what it came to.
 *
 * The peer's certificate is judged but never decides whether the handshake succeeds: the caller wants
 * to see a bad one. The name is left to the caller as well, because what counts as the name of a mail
 * server is policy.
 */
import type { X509Certificate } from 'node:crypto';
import { isIP, type Socket } from 'node:net';
import { connect, createSecureContext, type SecureContext, type TLSSocket } from 'node:tls';
import type { Problem } from '../base/problem.ts';
import { fail, ok, type Result } from '../base/result.ts';
import { type Certificate, readCertificate } from './certificate.ts';

export interface TlsRequest {
  /** Sent as server name (RFC 6066) unless it is an address. */
  readonly name: string;
  /** The roots to trust, in PEM. */
  readonly roots: readonly string[];
  /** This version and no other. */
  readonly only?: TlsVersion;
  /** These suites of TLS 1.2 and before, as OpenSSL names them, and no others. */
  readonly suites?: readonly string[];
}

export type TlsVersion = 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';

export interface TlsSession {
  readonly version: string;
  /** As IANA names it. */
  readonly cipher: string;
  /** Of the cipher's key, where its name tells. */
  readonly bits: number | undefined;
  /** The group of the key exchange; undefined where there was none, or OpenSSL does not tell. */
  readonly group: string | undefined;
  /** The peer's certificate first; then its issuers, as sent or as found among the roots. */
  readonly chain: readonly Certificate[];
  /** OpenSSL's name for what is wrong with the chain (`CERT_HAS_EXPIRED`), or undefined if it is trusted. */
  readonly distrust: string | undefined;
}

/** How a handshake failed: the peer said no by a TLS alert, hung up, was silent, or anything else. */
export interface TlsFailure {
  readonly by: 'alert' | 'hang-up' | 'silence' | 'other';
  readonly problem: Problem;
}

export type Secured =
  | { readonly done: true; readonly session: TlsSession; readonly socket: TLSSocket }
  | ({ readonly done: false } & TlsFailure);

/** Reading the roots takes longer than a handshake: to be called where a peer is waited for anyway. */
export function prepareTls(request: TlsRequest): void {
  secureContext(request);
}

export async function startTls(socket: Socket, request: TlsRequest, timeoutMs: number): Promise<Secured> {
  const { name } = request;
  return await new Promise((resolve) => {
    const secured = connect({
      socket,
      secureContext: secureContext(request),
      rejectUnauthorized: false,
      checkServerIdentity: () => undefined,
      ...(isIP(name) === 0 ? { servername: name.replace(/\.$/, '') } : {}),
    });
    const failed = (how: TlsFailure): void => {
      clearTimeout(timer);
      secured.on('error', () => undefined);
      secured.destroy();
      resolve({ done: false, ...how });
    };
    const timer = setTimeout(() => {
      failed(failure('silence', `no answer came within ${timeoutMs / 1000} s`));
    }, timeoutMs);
    secured.once('error', (error: NodeJS.ErrnoException) => {
      failed(explain(error));
    });
    secured.once('close', () => {
      failed(failure('hang-up', 'the server hung up'));
    });
    secured.once('secureConnect', () => {
      const session = sessionFacts(secured);
      if (!session.ok) {
        failed({ by: 'other', problem: session.problem });
        return;
      }
      clearTimeout(timer);
      secured.removeAllListeners('close').removeAllListeners('error');
      resolve({ done: true, session: session.value, socket: secured });
    });
  });
}

const prepared = new WeakMap<TlsRequest, SecureContext>();

function secureContext(request: TlsRequest): SecureContext {
  const { roots, only, suites = ['ALL'] } = request;
  const known = prepared.get(request);
  if (known !== undefined) return known;
  const context = createSecureContext({
    ca: [...roots],
    // At OpenSSL's usual security level the signatures of TLS 1.0 and 1.1 are not even offered, and
    // a server that would take them looks as if it refused.
    ...(only === undefined
      ? {}
      : { minVersion: only, maxVersion: only, ciphers: [...suites, '@SECLEVEL=0'].join(':') }),
  });
  prepared.set(request, context);
  return context;
}

function sessionFacts(socket: TLSSocket): Result<TlsSession> {
  const chain = chainOf(socket.getPeerX509Certificate());
  if (!chain.ok) return chain;
  return ok({
    version: (socket.getProtocol() ?? 'unknown').replace(/^TLSv1$/, 'TLSv1.0'),
    cipher: socket.getCipher().standardName,
    bits: cipherBits(socket.getCipher().standardName),
    group: groupOf(socket),
    chain: chain.value,
    // Documented as an Error, in truth OpenSSL's code as a string.
    distrust: socket.authorized ? undefined : String(socket.authorizationError),
  });
}

/** RFC 5246, appendix C; 3DES has 168 bits of key, as OpenSSL counts them. */
function cipherBits(cipher: string): number | undefined {
  const told = /_(?:AES|CAMELLIA|ARIA)_(128|256)_/.exec(cipher)?.[1];
  if (told !== undefined) return Number(told);
  return cipher.includes('CHACHA20') ? 256 : cipher.includes('3DES') ? 168 : undefined;
}

/** Groups over the integers (RFC 7919, or a server's own) come without a name. */
function groupOf(socket: TLSSocket): string | undefined {
  const { type, name, size } = (socket.getEphemeralKeyInfo() ?? {}) as {
    type?: string;
    name?: string;
    size?: number;
  };
  return name ?? (type === 'DH' && size !== undefined ? `DH ${size}` : undefined);
}

const longestChain = 10;

function chainOf(leaf: X509Certificate | undefined): Result<Certificate[]> {
  const chain: Certificate[] = [];
  let current = leaf;
  while (current !== undefined && chain.length < longestChain) {
    const certificate = readCertificate(current.raw);
    if (!certificate.ok) return certificate;
    chain.push(certificate.value);
    current = certificate.value.selfSigned ? undefined : current.issuerCertificate;
  }
  return ok(chain);
}

function explain(error: NodeJS.ErrnoException): TlsFailure {
  const code = error.code ?? '';
  if (code === 'ECONNRESET' || code === 'EPIPE') return failure('hang-up', 'the server hung up');
  const alert = /^ERR_SSL_.*ALERT_(.+)$/.exec(code)?.[1];
  if (alert !== undefined) {
    return failure('alert', `the server refuses it: alert ${alert.toLowerCase().replaceAll('_', ' ')}`);
  }
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'ERR_SSL_PACKET_LENGTH_TOO_LONG') {
    return failure('other', 'what came was not TLS');
  }
  return failure('other', error.message);
}

function failure(by: TlsFailure['by'], words: string): TlsFailure {
  return { by, problem: fail('no', `cannot start TLS: the handshake must succeed: ${words}`).problem };
}
