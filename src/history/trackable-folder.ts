/** Whether a folder can be tracked, as a person names it (a path, or the name of a profile); its one path. */
import { fail, ok, type Result } from '../base/result.ts';
import { isReadOnly, networkFileSystem } from '../host/file-system.ts';
import { exists, isFolder } from '../host/files.ts';
import { isRoot } from '../host/identity.ts';
import { isLink } from '../host/is-link.ts';
import { realPath } from '../host/real-path.ts';
import { folderProfile } from './folder-profile.ts';
import { stateFolder } from '../host/state-folder.ts';

export async function trackableFolder(named: string): Promise<Result<string>> {
  // A name without a slash that lies here is meant as that.
  const known = named.includes('/') || (await exists(named)) ? undefined : folderProfile(named);
  const given = known?.folder ?? named;
  const act = `cannot track ${given}`;
  if (!isRoot()) {
    return fail('permission', `${act}: it needs root: owners and modes are part of the history`, {
      hint: 'run it again with sudo',
    });
  }
  const found = await realPath(given);
  if (!found.ok) {
    const { kind, message } = found.problem;
    return fail(kind, message, { path: given, hint: 'name a folder that is there, such as /etc/exim4' });
  }
  const folder = found.value;
  const refuse = (requirement: string, hint: string): Result<string> =>
    fail('usage', `${act}: ${requirement}`, { path: given, hint });
  if (await isLink(given)) {
    return refuse('it must be a folder: it is a link to one', `name the folder itself: ${folder}`);
  }
  if (!(await isFolder(folder))) {
    return refuse('it must be a folder: it is none', 'name the folder that it lies in');
  }
  const state = stateFolder();
  if (folder === '/' || `${state}/`.startsWith(`${folder}/`) || folder.startsWith(`${state}/`)) {
    return refuse(
      `it must lie apart from Portreeve's own ${state}: it does not`,
      'name a folder of configuration, such as /etc/exim4',
    );
  }
  const network = await networkFileSystem(folder);
  if (network !== undefined) {
    return refuse(
      `it must lie on a file system of this machine: it lies on ${network}`,
      'changes by other machines would go unnoticed: track it where the disk is',
    );
  }
  if (await isReadOnly(folder)) {
    return refuse(
      'it must be on a file system that can be written: it is read-only',
      'mount it for writing first; or track the place that it is made from',
    );
  }
  return ok(folder);
}
