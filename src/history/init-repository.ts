/**
 * Makes a folder a tracked one: a git directory of its own outside it (root's alone, 0700), and in the
 * folder a `.git` file that points there, so that plain `git log` works in it.
 *
 * Where the folder lies in a repository already (etckeeper's /etc, or somebody's own `git init`), no
 * `.git` file is written: that repository would take the folder for a nested one and stop seeing its
 * files. The history is kept all the same. Doing it twice changes nothing.
 */
import { fail, ok, type Result } from '../base/result.ts';
import { exists, makeFolder, moveFile, readText, removeAll, writeText } from '../host/files.ts';
import { newKey } from '../host/hmac.ts';
import { replaceFile } from '../host/replace-file.ts';
import { stateFolder } from '../host/state-folder.ts';
import { adoptRepository } from './adopt-repository.ts';
import { headCommit } from './head-commit.ts';
import { openGit } from './git.ts';
import { trackableFolder } from './trackable-folder.ts';
import { gitDirOf, keyPathOf, openRepository, type Repository } from './repository.ts';

export interface Initialised {
  readonly repository: Repository;
  /** A repository that the folder lies in already. */
  readonly within?: string;
}

export interface InitOptions {
  /** Take over the repository that is in the folder already. */
  readonly adopt?: boolean;
}

export async function initRepository(given: string, options: InitOptions = {}): Promise<Result<Initialised>> {
  const place = await trackableFolder(given);
  if (!place.ok) return place;
  const folder = place.value;
  const gitDir = gitDirOf(folder);
  if (!(await exists(keyPathOf(gitDir)))) {
    const made = await makeGitDir(folder, gitDir);
    if (!made.ok) return made;
  }
  const repository = await openRepository(folder);
  if (!repository.ok) return repository;
  if (options.adopt === true) {
    const adopted = await adoptOwn(repository.value);
    if (!adopted.ok) return adopted;
  }
  const within = await enclosingRepository(folder);
  if (within !== undefined) return ok({ repository: repository.value, within });
  const linked = await replaceFile(`${folder}/.git`, Buffer.from(`gitdir: ${gitDir}\n`));
  return linked.ok ? ok({ repository: repository.value }) : linked;
}

async function adoptOwn(repository: Repository): Promise<Result<void>> {
  const { folder, gitDir } = repository;
  const own = `${folder}/.git`;
  if (await isOurs(folder)) return ok();
  // Adopted whole before a crash; its remains are all that is left to clear.
  if (await exists(`${gitDir}/adopted/HEAD`)) return await removeAll(own);
  const head = await headCommit(repository);
  if (!head.ok) return head;
  if (head.value !== undefined) {
    return fail('no', `cannot adopt ${own}: the history of ${folder} must not have begun: it has`, {
      path: own,
      hint: `it goes on apart from ${own}; git log there shows that one, portreeve history log ours`,
    });
  }
  const adopted = await adoptRepository(repository);
  if (adopted.ok) return adopted;
  // As if nobody had asked.
  await removeAll(gitDir);
  return adopted;
}

/** Complete, or not there: it is made beside its place and moved. */
async function makeGitDir(folder: string, gitDir: string): Promise<Result<void>> {
  const state = await makeFolder(stateFolder());
  if (!state.ok) return state;
  const making = `${gitDir}.making`;
  const cleared = await removeAll(making);
  if (!cleared.ok) return cleared;
  const made = await makeFolder(making, 0o700);
  if (!made.ok) return made;
  const started = await openGit().run('make the history', [
    'init',
    '--quiet',
    '--bare',
    '--template=',
    '--initial-branch=main',
    making,
  ]);
  if (!started.ok) return started;
  const info = await makeFolder(`${making}/info`, 0o700);
  if (!info.ok) return info;
  for (const [path, text] of [
    [`${making}/config`, config(folder)],
    [`${making}/info/attributes`, attributes],
    [`${making}/info/exclude`, ''],
    [keyPathOf(making), `${newKey()}\n`],
  ] as const) {
    const written = await writeText(path, text, 0o600);
    if (!written.ok) return written;
  }
  // A git directory without a key is one that was never finished.
  const old = await removeAll(gitDir);
  if (!old.ok) return old;
  return await moveFile(making, gitDir);
}

/** For the person's own git in the folder; ours brings its own settings (git.ts). */
function config(folder: string): string {
  return `[core]
\trepositoryformatversion = 0
\tfilemode = true
\tbare = false
\tlogallrefupdates = true
\tsharedRepository = 0600
\tworktree = ${quoted(folder)}
\thooksPath = /dev/null
\tfsmonitor = false
\tautocrlf = false
[gc]
\tauto = 0
`;
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, String.raw`\$&`).replaceAll('\n', String.raw`\n`)}"`;
}

/** Stronger than any .gitattributes in the folder: no conversion, no filter, no driver. */
const attributes = '* -text -eol -filter -ident -working-tree-encoding !diff !merge -export-subst\n';

async function enclosingRepository(folder: string): Promise<string | undefined> {
  const own = `${folder}/.git`;
  if ((await exists(own)) && !(await isOurs(folder))) return folder;
  for (let parent = folder; parent !== '/'; ) {
    parent = parent.slice(0, parent.lastIndexOf('/')) || '/';
    if (await exists(`${parent === '/' ? '' : parent}/.git`)) return parent;
  }
  return undefined;
}

async function isOurs(folder: string): Promise<boolean> {
  const text = await readText(`${folder}/.git`);
  return text.ok && text.value.trim() === `gitdir: ${gitDirOf(folder)}`;
}
