/** The probes of /etc/portreeve/probes; none where there is no such file. */
import { fail, ok, type Result } from '../base/result.ts';
import { readWholeFile } from '../host/whole-file.ts';
import { parseProbe, type Probe } from './probe.ts';

const most = 100;

export async function readProbes(
  path: string = process.env['PORTREEVE_PROBES'] ?? '/etc/portreeve/probes',
): Promise<Result<Probe[]>> {
  const file = await readWholeFile(path);
  if (!file.ok) return file;
  if (file.value === undefined) return ok([]);
  const { uid, mode, content } = file.value;
  if (uid !== 0 || (mode & 0o022) !== 0) {
    return fail(
      'configuration',
      `cannot use ${path}: it must be root's, and nobody else may write to it: somebody may`,
      {
        path,
        hint: `chown root ${path} && chmod 0644 ${path}`,
      },
    );
  }
  const probes: Probe[] = [];
  for (const [index, raw] of content.toString('utf8').split('\n').entries()) {
    const line = raw.replace(/(?:^|\s)#.*$/, '').trim();
    if (line === '') continue;
    const probe = parseProbe(line);
    if (!probe.ok) {
      const { message, ...more } = probe.problem;
      return { ok: false, problem: { ...more, message: `${message} (line ${index + 1})`, path } };
    }
    probes.push(probe.value);
  }
  if (probes.length <= most) return ok(probes);
  return fail(
    'configuration',
    `cannot use ${path}: it must have at most ${most} probes: it has ${probes.length}`,
    {
      path,
    },
  );
}
