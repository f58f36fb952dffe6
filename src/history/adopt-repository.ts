/**
 * Takes over the repository that somebody has made in a folder (`git init`): all its commits, branches and
 * tags become part of ours; the branch that it was on is the main line. Its `.git` is kept whole, out of
 * the folder, beside the history (`adopted`); its hooks, filters and configuration count for nothing.
 *
 * What cannot be taken over whole (a corrupt or shallow one, one in the middle of a merge) is refused, and
 * nothing is touched.
 */
import { fail, ok, type Result } from '../base/result.ts';
import { copyFolder } from '../host/copy-folder.ts';
import { copyObjects } from '../host/copy-objects.ts';
import { exists, isFolder, readText, removeAll } from '../host/files.ts';
import { scanFolder } from '../host/scan-folder.ts';
import { mainBranch, type Repository } from './repository.ts';

const unfinished: Readonly<Record<string, string>> = {
  MERGE_HEAD: 'a merge',
  'rebase-merge': 'a rebase',
  'rebase-apply': 'a rebase',
  CHERRY_PICK_HEAD: 'a cherry-pick',
  REVERT_HEAD: 'a revert',
  BISECT_LOG: 'a bisection',
};

const unfit: Readonly<Record<string, string>> = {
  shallow: 'it is shallow',
  'objects/info/alternates': 'its objects lie in another repository',
};

export async function adoptRepository(repository: Repository): Promise<Result<void>> {
  const { folder, gitDir, git } = repository;
  const own = `${folder}/.git`;
  const fit = await canBeAdopted(folder, own);
  if (!fit.ok) return fit;
  const refs = await readRefs(own);
  if (!refs.ok) return refs;
  const copied = await copyObjects(`${own}/objects`, `${gitDir}/objects`);
  if (!copied.ok) return copied;
  const commands = [...refs.value].map(([ref, name]) => `update ${ref} ${name}\n`).join('');
  const checked =
    commands === ''
      ? ok('')
      : await git.run('adopt the repository', ['update-ref', '--stdin'], { input: Buffer.from(commands) });
  const whole = checked.ok
    ? await git.run('adopt the repository', ['fsck', '--full', '--no-dangling', '--no-progress'])
    : checked;
  if (!whole.ok) {
    const words = whole.problem.message.split(': ').slice(1).join(': ');
    return fail('configuration', `cannot adopt ${own}: it must be whole: ${words}`, {
      path: own,
      hint: `look at it with: git -C ${folder} fsck; or track the folder without it: move it away first`,
    });
  }
  const kept = await copyFolder(own, `${gitDir}/adopted`);
  return kept.ok ? await removeAll(own) : kept;
}

async function canBeAdopted(folder: string, own: string): Promise<Result<void>> {
  const refuse = (requirement: string, current: string, hint: string): Result<void> =>
    fail('configuration', `cannot adopt ${own}: ${requirement}: ${current}`, { path: own, hint });
  if (!(await isFolder(own)) || !(await isFolder(`${own}/objects`))) {
    return refuse('it must be a repository of its own', 'it is none', 'it belongs to a repository elsewhere');
  }
  for (const [name, what] of Object.entries(unfinished)) {
    if (await exists(`${own}/${name}`)) {
      return refuse('nothing may be half done in it', `${what} is`, `finish it: git -C ${folder} status`);
    }
  }
  for (const [name, what] of Object.entries(unfit)) {
    if (await exists(`${own}/${name}`)) {
      return refuse(
        'it must hold its whole history',
        what,
        `make it whole first: git -C ${folder} repack -a -d`,
      );
    }
  }
  const config = await readText(`${own}/config`);
  if (!config.ok) return config;
  if (/^\s*(?:objectformat|refstorage|partialclone)\s*=\s*(?!sha1\b|files\b)/im.test(config.value)) {
    return refuse(
      'it must be of the ordinary format',
      'it has another one',
      'git clone it into an ordinary one',
    );
  }
  return ok();
}

const shape = /^refs\/(?:heads|tags)\/[\w.+/@-]{1,200}$/;
const hash = /^[0-9a-f]{40}$/;

/** Branches and tags, as ours shall have them. */
async function readRefs(own: string): Promise<Result<Map<string, string>>> {
  const found = new Map<string, string>();
  const packed = await readText(`${own}/packed-refs`);
  for (const line of packed.ok ? packed.value.split('\n') : []) {
    const [name = '', ref = ''] = line.split(' ');
    if (hash.test(name) && shape.test(ref)) found.set(ref, name);
  }
  const loose = await scanFolder(`${own}/refs`, { skip: () => undefined, largestFile: 1000 });
  if (!loose.ok) return loose;
  for (const { path, kind, read } of loose.value.found) {
    const name = read?.content.toString('latin1').trim() ?? '';
    if (kind === 'file' && hash.test(name) && shape.test(`refs/${path}`)) found.set(`refs/${path}`, name);
  }
  const head = await readText(`${own}/HEAD`);
  if (!head.ok) return head;
  const branch = /^ref: (\S+)/.exec(head.value)?.[1];
  const current = branch === undefined ? head.value.trim() : found.get(branch);
  const main = found.get(mainBranch);
  if (main !== undefined && branch !== mainBranch) {
    return fail('configuration', `cannot adopt ${own}: the branch name main must be free: it is in use`, {
      path: own,
      hint: 'be on it, or give it another name: git branch -m main old-main',
    });
  }
  if (branch !== undefined) found.delete(branch);
  if (current !== undefined && hash.test(current)) found.set(mainBranch, current);
  return ok(found);
}
