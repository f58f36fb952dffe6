/** Exim's main logs of Debian, the one in use last, without those that were closed before a time. */
import { listFolder, modifiedAt } from '../host/files.ts';

const folder = '/var/log/exim4';

export async function debianLogs(since: number): Promise<string[]> {
  const names = await listFolder(folder);
  const found: { path: string; at: number }[] = [];
  for (const name of names.ok ? names.value : []) {
    if (!/^mainlog(?:\.\d+)?(?:\.gz)?$/.test(name)) continue;
    const path = `${folder}/${name}`;
    const at = await modifiedAt(path);
    if (at >= since) found.push({ path, at });
  }
  return found.toSorted((a, b) => a.at - b.at).map(({ path }) => path);
}
