/** Debian's etckeeper, unpacked and never installed, on a folder of ours. */
import { mkdirSync, globSync } from 'node:fs';
import { cacheFolder } from '../src/host/checkout.ts';
import { succeed } from '../src/host/succeed.ts';
import { unpackDeb } from '../src/host/unpack-deb.ts';

export interface Etckeeper {
  /** Runs it on the folder; its words where it fails. */
  run(folder: string, command: string, ...args: readonly string[]): Promise<string | undefined>;
}

export async function prepareEtckeeper(): Promise<Etckeeper> {
  const place = `${cacheFolder}/etckeeper`;
  const program = `${place}/tree/usr/bin/etckeeper`;
  if (globSync(program).length === 0) {
    mkdirSync(`${place}/tree`, { recursive: true });
    must(await succeed('fetch etckeeper', ['apt-get', 'download', 'etckeeper'], { cwd: place }));
    const [archive = ''] = globSync(`${place}/*.deb`);
    must(await unpackDeb(archive, `${place}/tree`));
  }
  const env = {
    // Its scripts call it by its name.
    PATH: `${place}/tree/usr/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
    HOME: place,
    ETCKEEPER_CONF_DIR: `${place}/tree/etc/etckeeper`,
    GIT_AUTHOR_NAME: 'x',
    GIT_AUTHOR_EMAIL: 'x@example.test',
    GIT_COMMITTER_NAME: 'x',
    GIT_COMMITTER_EMAIL: 'x@example.test',
  };
  return {
    run: async (folder, command, ...args) => {
      const ran = await succeed('run etckeeper', ['sh', program, command, '-d', folder, ...args], { env });
      return ran.ok ? undefined : ran.problem.message;
    },
  };
}

function must(result: { readonly ok: boolean }): void {
  if (!result.ok) throw new Error(JSON.stringify(result));
}
