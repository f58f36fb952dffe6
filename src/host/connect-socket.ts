/** Opens a TCP connection, or says in words why there is none. */
import { connect, type Socket } from 'node:net';
import { fail, ok, type Result } from '../base/result.ts';

export interface Endpoint {
  readonly host: string;
  readonly port: number;
  /** Where the host is, if that is known: no name is looked up then. */
  readonly address?: string;
  /** The address to call from; the machine's choice without it. */
  readonly localAddress?: string;
  /** Only addresses of this version of IP. */
  readonly family?: 4 | 6;
}

export async function connectSocket(endpoint: Endpoint, timeoutMs: number): Promise<Result<Socket>> {
  const where = `${endpoint.host} port ${endpoint.port}`;
  return await new Promise((resolve) => {
    const socket = connect({ ...endpoint, host: endpoint.address ?? endpoint.host });
    const timer = setTimeout(() => {
      socket.destroy();
      resolve(
        fail(
          'timeout',
          `cannot connect to ${where}: needs an answer within ${timeoutMs / 1000} s: none came`,
        ),
      );
    }, timeoutMs);
    socket.once('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      resolve(notConnected(where, error));
    });
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.removeAllListeners('error');
      resolve(ok(socket));
    });
  });
}

const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  EHOSTUNREACH: 'there is no way to that host',
  ENETUNREACH: 'there is no way to that network',
  ENOTFOUND: 'the name has no address',
  EAI_AGAIN: 'the name server does not answer',
  ECONNRESET: 'the connection was reset',
  ETIMEDOUT: 'no answer came',
};

function notConnected(where: string, error: NodeJS.ErrnoException): Result<never> {
  // Several addresses that all failed come as one AggregateError.
  const [first = error] = error instanceof AggregateError ? (error.errors as NodeJS.ErrnoException[]) : [];
  return fail('unavailable', `cannot connect to ${where}: ${words[first.code ?? ''] ?? first.message}`, {
    hint: 'is it the right host and port, and does a firewall let this machine reach it?',
  });
}
