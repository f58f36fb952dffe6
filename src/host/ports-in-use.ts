/** The TCP ports of this machine that somebody listens on. */
import { readFile } from 'node:fs/promises';
import { parseSocketTable } from './processes.ts';

export async function portsInUse(): Promise<ReadonlySet<number>> {
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map(async (name) => await readFile(`/proc/self/net/${name}`, 'utf8').catch(() => '')),
  );
  return new Set(tables.flatMap((text) => parseSocketTable(text)).map(({ port }) => port));
}
