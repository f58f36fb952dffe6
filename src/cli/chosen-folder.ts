/** The tracked folder that a command is about: the one named, the one that we are in, or the only one. */
import { fail, ok, type Result } from '../base/result.ts';
import { realPath } from '../host/real-path.ts';
import { trackedFolders } from '../history/repository.ts';

export async function chosenFolder(named: string | undefined): Promise<Result<string>> {
  if (named !== undefined) return await realPath(named);
  const tracked = await trackedFolders();
  if (!tracked.ok) return tracked;
  const here = `${process.cwd()}/`;
  const around = tracked.value.filter((folder) => here.startsWith(`${folder}/`));
  const nearest = around.toSorted((a, b) => b.length - a.length)[0];
  const [only, ...others] = tracked.value;
  if (nearest !== undefined) return ok(nearest);
  if (only !== undefined && others.length === 0) return ok(only);
  return only === undefined
    ? fail('missing', 'cannot choose the folder: one must be tracked: none is', {
        hint: 'track one: portreeve history init /etc/exim4',
      })
    : fail('usage', `cannot choose the folder: it must be named: ${tracked.value.length} are tracked`, {
        hint: `name one of ${tracked.value.join(', ')}`,
      });
}
