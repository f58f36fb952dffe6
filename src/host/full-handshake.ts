/**
 * A whole TLS handshake by Node's OpenSSL with exactly what the caller offers, and every byte that the
 * server sent meanwhile. The server's certificate is judged, but never decides whether it succeeds.
 */
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { attemptTls } from './tls-error.ts';

export interface HandshakeRequest {
  /** Sent as server name; none for an address. */
  readonly name?: string;
  readonly version: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';
  /** In OpenSSL's names, in the order of the offer. */
  readonly suites: readonly string[];
  readonly groups?: readonly string[];
  readonly signatures?: readonly string[];
  readonly alpn?: readonly string[];
  readonly status?: boolean;
  /** What an earlier handshake gave as `session`. */
  readonly session?: Uint8Array;
  /** Tickets (RFC 5077) are not offered: a session can be resumed by its id alone. */
  readonly withoutTickets?: boolean;
  /** The roots to trust, in PEM. */
  readonly roots?: readonly string[];
}

export type FullHandshake = HandshakeDone | HandshakeFailed;

export interface HandshakeDone {
  readonly done: true;
  readonly version: string;
  /** As IANA names it. */
  readonly cipher: string;
  /** OpenSSL's name; undefined where the key exchange has none, or a nameless prime. */
  readonly group: string | undefined;
  readonly alpn: string | undefined;
  readonly resumed: boolean;
  /** The stapled OCSP response. */
  readonly status: Uint8Array | undefined;
  /** OpenSSL's word for what is wrong with the chain; undefined if it is trusted. */
  readonly distrust: string | undefined;
  /** In the order of OpenSSL's sessions as they came: one, or with TLS 1.3 one a ticket. */
  readonly sessions: readonly Uint8Array[];
  /** All that the server sent up to here. */
  readonly wire: () => Uint8Array;
  /** Lines of an NSS key log, with which TLS 1.3 can be read. */
  readonly secrets: readonly string[];
  readonly socket: TLSSocket;
  /** Ends TLS by a close_notify and nothing more: the connection stays, and goes on in clear. */
  readonly leave: () => Promise<void>;
}

export interface HandshakeFailed {
  readonly done: false;
  /** By an alert of the server, by its hanging up, by silence, or here: OpenSSL could not, or would not. */
  readonly by: 'alert' | 'hang-up' | 'silence' | 'ours';
  readonly words: string;
  readonly wire: () => Uint8Array;
}

export async function handshakeOver(
  raw: Socket,
  request: HandshakeRequest,
  timeoutMs: number,
): Promise<FullHandshake> {
  const { tap, wire, release } = tapped(raw);
  const started = attemptTls(() => connect({ socket: tap, ...options(request) }));
  if (typeof started === 'string') return { done: false, by: 'ours', words: started, wire };
  return await new Promise((resolve) => {
    const secured = started;
    const secrets: string[] = [];
    const sessions: Uint8Array[] = [];
    let status: Uint8Array | undefined;
    const failed = (by: HandshakeFailed['by'], words: string): void => {
      clearTimeout(timer);
      secured.on('error', () => undefined);
      secured.destroy();
      resolve({ done: false, by, words, wire });
    };
    const timer = setTimeout(() => {
      failed('silence', `no answer within ${timeoutMs / 1000} s`);
    }, timeoutMs);
    secured.on('keylog', (line) => secrets.push(line.toString('latin1').trim()));
    secured.on('session', (session) => sessions.push(session));
    secured.on('OCSPResponse', (response: Buffer | null) => {
      status = response ?? undefined;
    });
    secured.once('error', (error: NodeJS.ErrnoException) => {
      const code = error.code ?? '';
      if (code === 'ECONNRESET' || code === 'EPIPE') failed('hang-up', 'the server hung up');
      else failed(/^ERR_SSL_.*ALERT_/.test(code) ? 'alert' : 'ours', error.message);
    });
    secured.once('close', () => {
      failed('hang-up', 'the server hung up');
    });
    secured.once('secureConnect', () => {
      clearTimeout(timer);
      secured.removeAllListeners('close').removeAllListeners('error');
      const { name } = (secured.getEphemeralKeyInfo() ?? {}) as { name?: string };
      resolve({
        done: true,
        version: (secured.getProtocol() ?? 'unknown').replace(/^TLSv1$/, 'TLSv1.0'),
        cipher: secured.getCipher().standardName,
        group: name === undefined || name === '' ? undefined : name,
        alpn: typeof secured.alpnProtocol === 'string' ? secured.alpnProtocol : undefined,
        resumed: secured.isSessionReused(),
        status,
        distrust: secured.authorized ? undefined : String(secured.authorizationError),
        sessions,
        wire,
        secrets,
        socket: secured,
        leave: async () => {
          release();
          await new Promise<void>((left) => {
            secured.end(() => {
              left();
            });
          });
          secured.destroy();
        },
      });
    });
  });
}

function options(request: HandshakeRequest): ConnectionOptions {
  const { name, version, suites, groups, signatures, alpn, status, session, roots } = request;
  // Below TLS 1.3 a list of suites may not be empty, and a placeholder does no harm: it is never offered.
  const list = version === 'TLSv1.3' ? [...suites, 'AES128-SHA'] : suites;
  return {
    ca: [...(roots ?? [])],
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
    minVersion: version,
    maxVersion: version,
    // Level 0 takes whatever a server offers: what is weak is to be seen, not avoided.
    ciphers: [...list, '@SECLEVEL=0'].join(':'),
    minDHSize: 1,
    ...(name === undefined ? {} : { servername: name }),
    ...(groups === undefined ? {} : { ecdhCurve: groups.join(':') }),
    ...(signatures === undefined ? {} : { sigalgs: signatures.join(':') }),
    ...(alpn === undefined ? {} : { ALPNProtocols: [...alpn] }),
    ...(status === true ? { requestOCSP: true } : {}),
    ...(session === undefined ? {} : { session: Buffer.from(session) }),
    ...(request.withoutTickets === true ? { secureOptions: noTicket } : {}),
  };
}

/** SSL_OP_NO_TICKET. */
const noTicket = 0x4000;

const mostTapped = 2 * 1024 * 1024;

interface Tap {
  readonly tap: Duplex;
  readonly wire: () => Uint8Array;
  /** From now on it only writes: what arrives stays in the socket, whose end is not the tap's to decide. */
  readonly release: () => void;
}

/** The socket as a stream that remembers what came through; it is pulled from, so a flood waits outside. */
function tapped(raw: Socket): Tap {
  const chunks: Buffer[] = [];
  let size = 0;
  let released = false;
  const pump = (): void => {
    for (;;) {
      const chunk = released ? null : (raw.read() as Buffer | null);
      if (chunk === null) return;
      size += chunk.length;
      if (size <= mostTapped) chunks.push(chunk);
      if (!tap.push(chunk)) return;
    }
  };
  const ended = (): void => {
    tap.push(null);
  };
  const closed = (): void => {
    tap.destroy();
  };
  const tap = new Duplex({
    read: pump,
    write: (chunk: Buffer, _encoding, done) => {
      if (raw.writable) raw.write(chunk, () => done());
      else done();
    },
    final: (done) => {
      if (released) done();
      else raw.end(done);
    },
    destroy: (error, done) => {
      if (!released) raw.destroy();
      done(error);
    },
  });
  raw.on('readable', pump);
  raw.once('end', ended);
  raw.once('close', closed);
  return {
    tap,
    wire: () => Buffer.concat(chunks),
    release: () => {
      released = true;
      raw.off('readable', pump);
      raw.off('end', ended);
      raw.off('close', closed);
    },
  };
}
