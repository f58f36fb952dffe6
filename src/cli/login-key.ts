/** The key of the logins, for whoever may read it: the agent's user and root. */
import { fail, ok, type Result } from '../base/result.ts';
import { readText } from '../host/files.ts';
import { loginKeyFile } from '../server/login-key.ts';
import { agentFolder } from '../agent/control-place.ts';

export async function readLoginKey(): Promise<Result<string>> {
  const path = loginKeyFile(agentFolder());
  const read = await readText(path, 1000);
  if (read.ok) return ok(read.value.trim());
  if (read.problem.kind === 'permission')
    return fail('permission', `cannot make a login: needs the key of the page: permission denied`, {
      path,
      hint: 'run it as root, or with sudo',
    });
  return fail(
    'missing',
    'cannot make a login: the agent must have served the page once: there is no key yet',
    {
      path,
      hint: 'start the agent: systemctl start portreeve; server.listen must not be empty',
    },
  );
}
