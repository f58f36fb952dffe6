/**
 * Serves one connection on a spare loopback port by a program that speaks on its standard input and
 * output, as inetd did. The port is gone as soon as somebody has called.
 */
import { spawn } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { fail, ok, type Result } from '../base/result.ts';

export interface ServedOnce {
  readonly port: number;
  /** Ends the program, or the wait for a caller. */
  stop(): Promise<void>;
}

export async function serveOnce(
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Result<ServedOnce>> {
  const [program = '', ...args] = argv;
  let end: () => Promise<void> = async () => await Promise.resolve();
  // Nobody reads from the socket on our side: the program has it from the first byte.
  const server = createServer({ pauseOnConnect: true }, (socket) => {
    server.close();
    const child = spawn(program, args, { cwd: '/', env: { ...env }, stdio: [socket, socket, 'ignore'] });
    const ended = new Promise<void>((resolve) => {
      child.on('error', () => {
        resolve();
      });
      child.on('close', () => {
        resolve();
      });
    });
    socket.destroy();
    end = async () => {
      child.kill('SIGKILL');
      await ended;
    };
  });
  return await new Promise((resolve) => {
    server.once('error', (error) => {
      resolve(fail('unavailable', `cannot listen on a spare loopback port: ${error.message}`));
    });
    server.listen(0, '127.0.0.1', () => {
      resolve(
        ok({
          port: (server.address() as AddressInfo).port,
          stop: async () => {
            server.close();
            await end();
          },
        }),
      );
    });
  });
}
