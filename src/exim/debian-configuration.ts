/**
 * Exim's configuration as it lies in Debian's folder for it (update-exim4.conf(8)): put together from
 * one template and `exim4.conf.localmacros`, or from the folder `conf.d` with `main/000_localmacros`; or
 * `exim4.conf`, written by hand, which Exim reads instead of either wherever it exists.
 */
import { fail, ok, type Result } from '../base/result.ts';
import { exists, listFolder, readText } from '../host/files.ts';

export interface DebianConfiguration {
  readonly folder: string;
  readonly layout: 'unsplit' | 'split' | 'plain';
  /** Where the administrator's macros belong; it need not exist. With `plain`, the one file. */
  readonly localMacros: string;
  /** The files that the main part is put together from, in their order; the macros first. A character a byte. */
  readonly mainFiles: readonly { readonly path: string; readonly text: string }[];
}

const largest = 16 * 1024 * 1024;

export async function readDebianConfiguration(folder: string): Promise<Result<DebianConfiguration>> {
  const plain = `${folder}/exim4.conf`;
  if (await exists(plain)) {
    const text = await readBytes(plain);
    if (!text.ok) return text;
    const mainFiles = [{ path: plain, text: text.value }];
    return ok({ folder, layout: 'plain', localMacros: plain, mainFiles });
  }
  const answers = await readText(`${folder}/update-exim4.conf.conf`);
  if (!answers.ok) return notDebian(folder);
  const layout = usesSplitConfiguration(answers.value) ? 'split' : 'unsplit';
  const main = `${folder}/conf.d/main`;
  const localMacros = layout === 'split' ? `${main}/000_localmacros` : `${folder}/exim4.conf.localmacros`;
  const paths =
    layout === 'split' ? await mainParts(main) : ok([localMacros, `${folder}/exim4.conf.template`]);
  if (!paths.ok) return paths;
  const mainFiles: { path: string; text: string }[] = [];
  for (const path of paths.value) {
    const text = await readBytes(path);
    if (text.ok) mainFiles.push({ path, text: text.value });
    else if (path !== localMacros || text.problem.kind !== 'missing') return text;
  }
  return ok({ folder, layout, localMacros, mainFiles });
}

async function readBytes(path: string): Promise<Result<string>> {
  return await readText(path, largest, 'latin1');
}

/** The last assignment counts, as in the shell that reads the file. */
export function usesSplitConfiguration(answers: string): boolean {
  const values = [...answers.matchAll(/^\s*dc_use_split_config=(['"]?)(\w*)\1/gm)];
  return values.at(-1)?.[2] === 'true';
}

/** Which names of a folder update-exim4.conf takes, like run-parts: no dots, no spare copies. */
async function mainParts(folder: string): Promise<Result<string[]>> {
  const names = await listFolder(folder);
  if (!names.ok) return names;
  return ok(
    names.value
      .filter((name) => /^[\w-]+$/.test(name))
      .toSorted()
      .map((name) => `${folder}/${name}`),
  );
}

function notDebian(folder: string): Result<never> {
  return fail(
    'missing',
    `cannot find Debian's configuration of Exim: needs ${folder}/update-exim4.conf.conf: it is not there`,
    {
      path: folder,
      hint: 'is exim4-config installed?',
    },
  );
}
