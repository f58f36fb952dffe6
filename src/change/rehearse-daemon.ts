/**
 * Whether a daemon accepts a copy of its folder: its own check, run where the copy lies in the folder's
 * place; and what that check only warns of, unless it does so with the folder as it is.
 */
import { fail, ok, type Failed, type Result } from '../base/result.ts';
import { exists } from '../host/files.ts';
import { type Ran, run } from '../host/run.ts';
import type { KnownDaemon } from './known-daemons.ts';

const environment = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' };

export async function rehearseDaemon(daemon: KnownDaemon, copy: string): Promise<Result<string[]>> {
  const { name, program, checks, needs } = daemon;
  if (!(await exists(program))) return ok([`${name} is not installed: nothing to check`]);
  const evidence: string[] = [];
  for (const check of checks) {
    const ran = await inCopy(daemon, copy, check);
    if (!ran.ok) return ran;
    if (ran.value.status !== 0) return refused(daemon, check, lastLines(ran.value));
    const said = warnings(daemon, ran.value);
    const before = said.length === 0 ? ok(undefined) : await run(check, { cwd: '/', env: environment });
    const known = new Set(before.ok && before.value !== undefined ? warnings(daemon, before.value) : []);
    const news = said.find((line) => !known.has(line));
    if (news !== undefined) return refused(daemon, check, news);
    evidence.push(`${name} accepts the configuration (${check.join(' ')})`);
  }
  if (needs !== undefined) {
    const ran = await inCopy(daemon, copy, needs.argv);
    if (!ran.ok) return ran;
    if (!needs.line.test(ran.value.stdout)) return refused(daemon, needs.argv, needs.what);
  }
  const missing = await missingFile(daemon, copy);
  if (!missing.ok) return missing;
  if (missing.value !== undefined)
    return refused(daemon, checks[0] ?? [], `it must be able to read ${missing.value}`);
  return ok(evidence);
}

async function missingFile(
  { reads, folder }: KnownDaemon,
  copy: string,
): Promise<Result<string | undefined>> {
  if (reads === undefined) return ok(undefined);
  const ran = await inCopy({ folder }, copy, reads.argv);
  if (!ran.ok) return ran;
  for (const [, path = ''] of ran.value.stdout.matchAll(reads.path)) {
    const there = path.startsWith(`${folder}/`) ? `${copy}${path.slice(folder.length)}` : path;
    if (!(await exists(there))) return ok(path);
  }
  return ok(undefined);
}

/** The script is constant; what varies is passed beside it as arguments. */
const overlay = 'mount --bind -- "$1" "$2"; shift 2; exec "$@"';

async function inCopy(
  { folder }: Pick<KnownDaemon, 'folder'>,
  copy: string,
  argv: readonly string[],
): Promise<Result<Ran>> {
  const room = ['unshare', '--mount', '--', 'sh', '-eu', '-c', overlay, 'sh', copy, folder];
  return await run([...room, ...argv], { cwd: '/', env: environment, timeoutMs: 60_000 });
}

function warnings({ telling }: KnownDaemon, { stdout, stderr }: Ran): string[] {
  // What -T and -n list on standard output is no warning.
  const lines = [...stderr.split('\n'), ...stdout.split('\n').filter((line) => /warn|error/i.test(line))];
  return telling === undefined
    ? []
    : lines.map((line) => line.trim()).filter((line) => line !== '' && telling.test(line));
}

function lastLines({ stdout, stderr }: Ran): string {
  const lines = (stderr.trim() === '' ? stdout : stderr).split('\n').map((line) => line.trim());
  return (
    lines
      .filter((line) => line !== '')
      .slice(0, 3)
      .join(' ') || 'it says nothing'
  );
}

function refused({ name, folder }: KnownDaemon, check: readonly string[], words: string): Failed {
  return fail(
    'configuration',
    `cannot accept the change: ${name} must be able to work with it (${check.join(' ')}): ${words.slice(0, 400)}`,
    { path: folder, hint: 'nothing was touched; correct the file and run it again' },
  );
}
