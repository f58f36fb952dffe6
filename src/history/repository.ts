/** The history of one folder: where it lies, the git that reads it, the key of its fingerprints. */
import { fail, ok, type Result } from '../base/result.ts';
import { exists, listFolder, readText } from '../host/files.ts';
import { stateFolder } from '../host/state-folder.ts';
import { folderName, folderOfName } from './folder-name.ts';
import { type Git, openGit } from './git.ts';

export interface Repository {
  readonly folder: string;
  readonly gitDir: string;
  readonly git: Git;
  /** Keys the fingerprints of secrets; without it they cannot be guessed from a word list. */
  readonly key: string;
}

/** The branch that a folder starts on. */
export const mainBranch = 'refs/heads/main';

export function gitDirOf(folder: string): string {
  return `${stateFolder()}/history/${folderName(folder)}`;
}

export function keyPathOf(gitDir: string): string {
  return `${gitDir}/portreeve-key`;
}

export async function openRepository(folder: string): Promise<Result<Repository>> {
  const gitDir = gitDirOf(folder);
  const key = await readText(keyPathOf(gitDir));
  if (key.ok) {
    return ok({ folder, gitDir, git: openGit({ gitDir, workTree: folder }), key: key.value.trim() });
  }
  if (key.problem.kind === 'permission') {
    return fail('permission', `cannot read the history of ${folder}: it needs root: it is root's alone`, {
      path: gitDir,
      hint: 'run it again with sudo',
    });
  }
  if (key.problem.kind !== 'missing') return key;
  return fail('missing', `cannot find the history of ${folder}: it must be a tracked folder: it is none`, {
    path: folder,
    hint: `track it: portreeve history init ${folder}`,
  });
}

export async function trackedFolders(): Promise<Result<string[]>> {
  const root = `${stateFolder()}/history`;
  const names = await listFolder(root);
  if (!names.ok) return names.problem.kind === 'missing' ? ok([]) : names;
  const folders: string[] = [];
  for (const name of names.value) {
    if (await exists(keyPathOf(`${root}/${name}`))) folders.push(folderOfName(name));
  }
  return ok(folders);
}
