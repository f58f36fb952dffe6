/** The running Exim daemon: who it is, on which ports it listens, whether it is the one we knew. */
import { readText } from '../host/files.ts';
import { findProcess, type ListeningSocket, listeningSockets, type Process } from '../host/processes.ts';
import { debianPlaces } from './debian-places.ts';
import { isEximProgram } from './is-exim-program.ts';

export interface Daemon {
  readonly process: Process;
  readonly sockets: readonly ListeningSocket[];
}

/** Undefined where no daemon runs. A process that only inherited the number of the pid file is none. */
export async function findDaemon(): Promise<Daemon | undefined> {
  const text = await readText(debianPlaces.pidFile, 64);
  const pid = text.ok ? Number(text.value.trim()) : 0;
  if (!Number.isSafeInteger(pid) || pid <= 1) return undefined;
  const found = await findProcess(pid);
  if (found === undefined || !isEximProgram(found.program)) return undefined;
  return { process: found, sockets: await listeningSockets(pid) };
}

/** The systemd unit that it runs in, if any: then starting and stopping is systemd's business. */
export function unitOf({ process }: Daemon): string | undefined {
  return /\/(exim[\w@.-]*\.service)(?:\/|$)/m.exec(process.cgroup)?.[1];
}
