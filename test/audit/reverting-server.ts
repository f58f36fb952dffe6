/**
 * A mail server that goes on in clear after a close_notify, as Exim does (`tls_refill`), and that refuses
 * every handshake but the first of each connection: what it refuses then says nothing about it.
 */
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { createSecureContext, TLSSocket } from 'node:tls';
import { contentTypes } from '../../src/tls/hello/record.ts';
import { joined } from '../../src/tls/hello/write-bytes.ts';

export interface RevertingServer {
  readonly port: number;
  /** How many connections have come back in clear, and how many handshakes were refused. */
  readonly counts: { reverted: number; refused: number };
  close(): void;
}

export async function openReverting(pair: { certificate: string; key: string }): Promise<RevertingServer> {
  const counts = { reverted: 0, refused: 0 };
  const sockets = new Set<Socket>();
  const secureContext = createSecureContext({
    cert: pair.certificate,
    key: pair.key,
    minVersion: 'TLSv1.2',
    maxVersion: 'TLSv1.2',
    ciphers: 'ECDHE-RSA-AES128-GCM-SHA256:AES128-SHA:@SECLEVEL=0',
  });
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.write('220 reverting.example ESMTP Exim 4.96\r\n');
    speak(socket, 0);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: address !== null && typeof address === 'object' ? address.port : 0,
    counts,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };

  function speak(socket: Socket, handshakes: number, before: Uint8Array = new Uint8Array(0)): void {
    let text = '';
    const onData = (chunk: Buffer): void => {
      text += chunk.toString('latin1');
      if (!text.endsWith('\n')) return;
      const command = text.trim().toUpperCase();
      text = '';
      if (command.startsWith('EHLO')) socket.write('250-reverting.example\r\n250 STARTTLS\r\n');
      else if (command === 'QUIT') socket.end('221 bye\r\n');
      else if (command === 'STARTTLS') {
        socket.off('data', onData);
        if (handshakes > 0) {
          counts.refused += 1;
          socket.once('data', () => {
            // Alert: handshake_failure.
            socket.end(Buffer.of(21, 3, 3, 0, 2, 2, 40));
          });
        } else secure(socket);
        socket.write('220 go ahead\r\n');
      } else socket.write('500 what?\r\n');
    };
    socket.on('data', onData);
    onData(Buffer.from(before));
  }

  /** TLS over the socket, which is left as it is when the client has said that it is over. */
  function secure(socket: Socket): void {
    const tap = new Duplex({
      read: () => undefined,
      write: (chunk: Buffer, _encoding, done) => {
        socket.write(chunk, () => done());
      },
    });
    let rest: Uint8Array = new Uint8Array(0);
    let alerted = false;
    const feed = (chunk: Buffer): void => {
      rest = joined([rest, chunk]);
      // Behind the close_notify, perhaps in the same packet, there is no TLS any more.
      while (!alerted && rest.length >= 5) {
        const length = 5 + (rest[3] ?? 0) * 256 + (rest[4] ?? 0);
        if (rest.length < length) return;
        alerted = rest[0] === contentTypes.alert;
        tap.push(rest.subarray(0, length));
        rest = rest.subarray(length);
      }
    };
    socket.on('data', feed);
    const tls = new TLSSocket(tap, { isServer: true, secureContext });
    tls.on('error', () => socket.destroy());
    tls.on('data', (chunk: Buffer) => {
      const command = chunk.toString('latin1').trim().toUpperCase();
      tls.write(command.startsWith('EHLO') ? '250 reverting.example\r\n' : '221 bye\r\n');
    });
    tls.on('end', () => {
      socket.off('data', feed);
      counts.reverted += 1;
      speak(socket, 1, rest);
    });
  }
}
