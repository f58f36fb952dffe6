/**
 * A mail server up to STARTTLS (RFC 3207), and behind it anything that speaks TLS: another port, or a
 * function. openssl s_server has no STARTTLS of its own.
 */
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

export interface FrontOptions {
  /** What happens after the 220: the port that TLS is piped to, or what takes the socket, and what came with STARTTLS. */
  readonly behind: number | ((socket: Socket, left: string) => void);
  readonly greeting?: string;
  readonly keywords?: readonly string[];
  readonly port?: number;
  readonly host?: string;
}

export interface Front {
  readonly port: number;
  close(): void;
}

export async function openFront(options: FrontOptions): Promise<Front> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    socket.setNoDelay(true);
    talk(socket, options);
  });
  server.listen(options.port ?? 0, options.host ?? '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  return {
    port,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

function talk(
  socket: Socket,
  { behind, greeting = 'front.example ESMTP', keywords = [] }: FrontOptions,
): void {
  let text = '';
  const onData = (chunk: Buffer): void => {
    text += chunk.toString('latin1');
    for (;;) {
      const end = text.indexOf('\n');
      if (end === -1) return;
      const line = text.slice(0, end).trim().toUpperCase();
      text = text.slice(end + 1);
      if (line.startsWith('EHLO')) {
        const lines = ['front.example', ...keywords, 'STARTTLS'];
        socket.write(
          lines.map((each, index) => `250${index === lines.length - 1 ? ' ' : '-'}${each}\r\n`).join(''),
        );
      } else if (line === 'STARTTLS') {
        socket.off('data', onData);
        socket.write('220 go ahead\r\n');
        if (typeof behind === 'number') pipe(socket, behind);
        else behind(socket, text);
        return;
      } else if (line === 'QUIT') {
        socket.end('221 bye\r\n');
        return;
      } else {
        socket.write('502 not here\r\n');
      }
    }
  };
  socket.on('data', onData);
  socket.write(`220 ${greeting}\r\n`);
}

function pipe(socket: Socket, port: number): void {
  const back = connect(port, '127.0.0.1');
  back.setNoDelay(true);
  back.on('error', () => socket.destroy());
  back.on('close', () => socket.destroy());
  socket.on('close', () => back.destroy());
  socket.pipe(back);
  back.pipe(socket);
}
