/**
 * Ends connections on this host: their sockets are destroyed by the kernel, or, where it cannot, whoever serves them is
 * ended by somebody who may.
 */
import type { Result } from '../base/result.ts';
import type { TcpSocket, TcpSockets } from '../host/tcp-sockets.ts';

/** Ends whoever serves these connections. */
export type EndServers = (connections: readonly TcpSocket[]) => Promise<Result<void>>;

export async function endConnections(
  kernel: Pick<TcpSockets, 'end'>,
  connections: readonly TcpSocket[],
  endServers?: EndServers,
): Promise<Result<void>> {
  const ended = kernel.end(connections);
  if (ended.ok || endServers === undefined) return ended;
  const served = await endServers(connections);
  // Where nobody else can either, the kernel's words say what is missing.
  return served.ok ? served : ended;
}
