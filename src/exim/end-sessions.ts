/**
 * Ends the Exim processes that serve some connections, where the kernel cannot destroy a socket. Exim says 421, logs
 * "closed after SIGTERM", and the slot is free (Exim's smtp_in.c). Needs root.
 */
import type { Address } from '../base/address.ts';
import { ok, type Result } from '../base/result.ts';
import { holdersOf, parentOf, programOf, signalProcess } from '../host/processes.ts';
import { TcpSockets } from '../host/tcp-sockets.ts';
import { isEximProgram } from './is-exim-program.ts';

/** As the server sees it. */
export interface SmtpSession {
  readonly peer: Address;
  readonly peerPort: number;
  readonly localPort: number;
}

/** How many were ended. One that is gone already is no problem; whatever is not Exim's is left alone. */
export async function endSessions(sessions: readonly SmtpSession[]): Promise<Result<number>> {
  const opened = TcpSockets.open();
  if (!opened.ok) return opened;
  const ports = [...new Set(sessions.map(({ localPort }) => localPort))];
  const open = opened.value.list({ ports, established: false });
  opened.value.close();
  if (!open.ok) return open;
  const asked = new Set(sessions.map(nameOf));
  const inodes = new Set(open.value.filter((one) => asked.has(nameOf(one))).map(({ inode }) => inode));
  inodes.delete(0);
  if (inodes.size === 0) return ok(0);
  let ended = 0;
  for (const pid of await holdersOf(inodes, isEximProgram)) {
    // For a moment after accept() the daemon has the connection too. It alone was made by no Exim.
    const parent = await parentOf(pid);
    if (parent === undefined || !isEximProgram(await programOf(parent))) continue;
    if (signalProcess(pid, 'SIGTERM')) ended += 1;
  }
  return ok(ended);
}

function nameOf({ peer, peerPort, localPort }: SmtpSession): string {
  return `${peer} ${peerPort} ${localPort}`;
}
