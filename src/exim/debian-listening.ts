/** Where the running Exim listens, and on which ports it speaks TLS from the first byte. */
import { fail, ok, type Result } from '../base/result.ts';
import { succeed } from '../host/succeed.ts';
import { findDaemon } from './daemon.ts';

export interface MailPort {
  /** As the socket has it: `0.0.0.0` and `::` for all addresses. */
  readonly address: string;
  readonly port: number;
  readonly implicit: boolean;
}

export interface Listening {
  /** Each port once. */
  readonly ports: readonly MailPort[];
  /** The ports come from the command line (`-oX`), and no option of the configuration counts. */
  readonly byCommandLine: string | undefined;
}

export async function listeningPorts(): Promise<Result<Listening>> {
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
  const found = new Map<number, MailPort>();
  for (const { address, port } of daemon.sockets) {
    if (!found.has(port)) found.set(port, { address, port, implicit: implicit.has(port) });
  }
  const { argv } = daemon.process;
  const at = argv.findIndex((argument) => argument.startsWith('-oX'));
  const byCommandLine = at < 0 ? undefined : argv.slice(at, argv[at] === '-oX' ? at + 2 : at + 1).join(' ');
  return ok({ ports: [...found.values()], byCommandLine });
}
