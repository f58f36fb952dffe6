/** A running process, as proc(5) shows it: program, command line, the sockets that it listens on. */
import { readdir, readFile, readlink } from 'node:fs/promises';

export interface Process {
  readonly pid: number;
  /** The file that it executes. */
  readonly program: string;
  readonly argv: readonly string[];
  /** Its control groups, a line each. */
  readonly cgroup: string;
}

export interface ListeningSocket {
  /** In the kernel's spelling, decoded: `0.0.0.0`, `::`, `127.0.0.1`; IPv6 in full, by groups. */
  readonly address: string;
  readonly port: number;
  /** Tells two sockets on one port apart. */
  readonly inode: string;
}

/** Undefined where there is no such process, or only its remains (a zombie has no program). */
export async function findProcess(pid: number): Promise<Process | undefined> {
  try {
    const [program, line, cgroup] = await Promise.all([
      readlink(`/proc/${pid}/exe`),
      readFile(`/proc/${pid}/cmdline`, 'utf8'),
      readFile(`/proc/${pid}/cgroup`, 'utf8'),
    ]);
    return { pid, program, argv: line.replace(/\0$/, '').split('\0'), cgroup };
  } catch {
    return undefined;
  }
}

/** The TCP sockets that this process listens on. */
export async function listeningSockets(pid: number): Promise<ListeningSocket[]> {
  const own = await socketInodes(pid);
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map(async (name) => await readFile(`/proc/${pid}/net/${name}`, 'utf8').catch(() => '')),
  );
  return tables
    .flatMap((text) => parseSocketTable(text))
    .filter(({ inode }) => own.has(inode))
    .toSorted((a, b) => a.port - b.port);
}

/** Of all processes whose program fits, those that have one of these sockets open. */
export async function holdersOf(
  inodes: ReadonlySet<number>,
  isOurs: (program: string) => boolean,
): Promise<number[]> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name)).map(Number);
  const holders: number[] = [];
  for (const pid of pids) {
    if (!isOurs(await programOf(pid))) continue;
    const own = await socketInodes(pid);
    if ([...own].some((inode) => inodes.has(Number(inode)))) holders.push(pid);
  }
  return holders;
}

/** The process that made it; undefined where either is gone. */
export async function parentOf(pid: number): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const parent = Number(/^PPid:\t(\d+)$/m.exec(status)?.[1] ?? 0);
  return parent > 0 ? parent : undefined;
}

/** The file that it executes; empty where it is gone, or not ours to know. */
export async function programOf(pid: number): Promise<string> {
  return await readlink(`/proc/${pid}/exe`).catch(() => '');
}

async function socketInodes(pid: number): Promise<ReadonlySet<string>> {
  const names = await readdir(`/proc/${pid}/fd`).catch(() => []);
  const links = await Promise.all(
    names.map(async (name) => await readlink(`/proc/${pid}/fd/${name}`).catch(() => '')),
  );
  return new Set(links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []));
}

/** The listening sockets (state 0A) of a /proc/net/tcp or tcp6. */
export function parseSocketTable(text: string): ListeningSocket[] {
  return text.split('\n').flatMap((line) => {
    const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
    const [address = '', port = ''] = local.split(':');
    if (state !== '0A' || !/^(?:[0-9A-F]{8}|[0-9A-F]{32})$/.test(address)) return [];
    return [{ address: decode(address), port: Number.parseInt(port, 16), inode }];
  });
}

/** Words of 32 bits in the byte order of the machine; every machine we run on is little-endian. */
function decode(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) =>
    (word.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16)).toReversed(),
  );
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.every((byte) => byte === 0)) return '::';
  const groups: string[] = [];
  for (let index = 0; index < bytes.length; index += 2) {
    groups.push((((bytes[index] ?? 0) << 8) | (bytes[index + 1] ?? 0)).toString(16));
  }
  return groups.join(':');
}

/** False where the process is gone. */
export function signalProcess(pid: number, signal: 'SIGHUP' | 'SIGTERM'): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}
