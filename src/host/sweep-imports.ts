/** Removes what an import of git's that failed has left in a git directory: half a pack, its report. */
import { readdir, rm } from 'node:fs/promises';

export async function sweepImports(gitDir: string): Promise<void> {
  for (const [folder, form] of [
    [gitDir, /^fast_import_crash_\d+$/],
    [`${gitDir}/objects/pack`, /^tmp_pack_\w+$/],
  ] as const) {
    const names = await readdir(folder).catch(() => []);
    for (const name of names) if (form.test(name)) await rm(`${folder}/${name}`, { force: true });
  }
}
