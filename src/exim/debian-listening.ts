/** Where the running Exim is reached, and on which ports it speaks TLS from the first byte. */
import { fail, ok, type Result } from '../base/result.ts';
import { succeed } from '../host/succeed.ts';
import { findDaemon } from './daemon.ts';

export interface MailPort {
  readonly host: string;
  readonly port: number;
  readonly implicit: boolean;
}

/** Each port once. */
export async function listeningPorts(): Promise<Result<MailPort[]>> {
  const daemon = await findDaemon();
  if (daemon === undefined || daemon.sockets.length === 0) {
    return fail(
      'unavailable',
      'cannot prove anything on the live server: Exim must run and listen: it does not',
      {
        hint: 'start it: systemctl start exim4',
      },
    );
  }
  const told = await succeed('ask Exim for its ports', ['exim4', '-bP', 'tls_on_connect_ports']);
  if (!told.ok) return told;
  const implicit = new Set(told.value.stdout.match(/\d+/g)?.map(Number));
  const hosts = new Map<number, string>();
  for (const { address, port } of daemon.sockets) if (!hosts.has(port)) hosts.set(port, reachable(address));
  return ok([...hosts].map(([port, host]) => ({ host, port, implicit: implicit.has(port) })));
}

function reachable(address: string): string {
  if (address === '0.0.0.0') return '127.0.0.1';
  return address === '::' ? '::1' : address;
}
