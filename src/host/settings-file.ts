/** The text of the settings file, if nobody but root or whoever runs this could have written it. */
import { fail, ok, type Result } from '../base/result.ts';
import { longestSettings } from '../base/settings-text.ts';
import { userId } from './identity.ts';
import { readWholeFile } from './whole-file.ts';

/** Undefined where there is none. */
export async function readSettingsFile(path: string): Promise<Result<string | undefined>> {
  const file = await readWholeFile(path);
  if (!file.ok) return file;
  if (file.value === undefined) return ok(undefined);
  const { uid, mode, content } = file.value;
  if ((uid !== 0 && uid !== userId()) || (mode & 0o022) !== 0)
    return fail(
      'configuration',
      `cannot use ${path}: it must be root's or yours, and nobody else may write to it: somebody may`,
      { path, hint: `chown root ${path} && chmod 0644 ${path}` },
    );
  if (content.length > longestSettings)
    return fail(
      'configuration',
      `cannot use ${path}: it must have at most ${longestSettings} bytes: it has ${content.length}`,
      { path },
    );
  return ok(content.toString('utf8'));
}
