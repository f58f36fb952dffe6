/**
 * What a service tells its manager: sd_notify(3), datagrams to the socket that systemd names in NOTIFY_SOCKET.
 * Without one, nobody is told and nothing fails: the agent may be run by hand.
 */
import { cLibrary } from './c-library.ts';

export interface ServiceManager {
  /** `READY=1`, `STOPPING=1`, `STATUS=…`, `WATCHDOG=1`; several by line breaks. */
  notify(state: string): void;
  /** How often it wants to hear `WATCHDOG=1`, in milliseconds; undefined where it does not. */
  readonly watchdogMs: number | undefined;
}

const unixFamily = 1;
const datagram = 2 | 0o2000000;
const longestPath = 107;

export function serviceManager(environment: Readonly<Record<string, string | undefined>>): ServiceManager {
  const path = environment['NOTIFY_SOCKET'] ?? '';
  const library = cLibrary();
  const address = socketAddress(path);
  if (address === undefined || library === undefined)
    return { notify: () => undefined, watchdogMs: undefined };
  const file = library.socket(unixFamily, datagram, 0);
  return {
    notify: (state) => {
      const bytes = Buffer.from(state);
      // A manager that is gone is no reason to stop.
      if (file >= 0) library.sendto(file, bytes, BigInt(bytes.length), 0, address, address.length);
    },
    watchdogMs: watchdog(environment),
  };
}

/** struct sockaddr_un; a leading `@` is an abstract name (unix(7)). */
function socketAddress(path: string): Buffer | undefined {
  const name = Buffer.from(path);
  if (!/^[/@]./.test(path) || name.length > longestPath) return undefined;
  if (path.startsWith('@')) name[0] = 0;
  const family = Buffer.alloc(2);
  family.writeUInt16LE(unixFamily);
  return Buffer.concat([family, name]);
}

function watchdog(environment: Readonly<Record<string, string | undefined>>): number | undefined {
  const { WATCHDOG_USEC: period = '', WATCHDOG_PID: pid = '' } = environment;
  const isForUs = pid === '' || Number(pid) === process.pid;
  const milliseconds = Number(period) / 1000;
  return isForUs && milliseconds > 0 ? milliseconds : undefined;
}
