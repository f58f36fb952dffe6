/**
 * The one door to git.
 *
 * NAME      openGit - run git on a history, such that nothing of the tracked folder is ever run
 *
 * git as root executes what a repository tells it to: hooks, core.fsmonitor, filters, diff drivers
 * (measured: decision 0014). So the git directory is ours, outside the folder, root's alone; the
 * environment is built from nothing (no GIT_*, no SUDO_UID, which would widen safe.directory); system
 * and global configuration do not exist; and git never looks at the work tree: content is handed to
 * it (fast-import), differences are found by us. What remains possible is switched off as well.
 *
 * Fails with a problem in git's own words; a lock left by a killed git is told as such.
 */
import { fail, type Failed, ok, type Result } from '../base/result.ts';
import { run, type RunOptions } from '../host/run.ts';

export interface Git {
  /** Standard output of a git command that must succeed. `act` completes "cannot …". */
  run(act: string, args: readonly string[], options?: GitOptions): Promise<Result<string>>;
  /** To another repository, over ssh or on a disk; by no other way. It asks nobody for a password. */
  push(remote: string, refspecs: readonly string[]): Promise<Result<string>>;
}

export interface GitOptions {
  readonly input?: Uint8Array;
  /** Statuses that are an answer as well, such as 1 of `diff --no-index`. */
  readonly answers?: readonly number[];
  readonly cwd?: string;
  /** Output as latin1: every byte one character. */
  readonly bytes?: boolean;
}

const settings: Readonly<Record<string, string>> = {
  'core.hooksPath': '/dev/null',
  'core.fsmonitor': 'false',
  'core.attributesFile': '/dev/null',
  'core.excludesFile': '/dev/null',
  'core.autocrlf': 'false',
  'core.safecrlf': 'false',
  'core.symlinks': 'true',
  'core.quotePath': 'false',
  // A reason that a power cut takes back was never recorded.
  'core.fsync': 'committed,loose-object,index',
  'protocol.allow': 'never',
  'submodule.recurse': 'false',
  'commit.gpgSign': 'false',
  'gc.auto': '0',
  'fastimport.unpackLimit': '200',
};

const environment: Readonly<Record<string, string>> = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: '/nonexistent',
  LC_ALL: 'C',
  TZ: 'UTC',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_ATTR_NOSYSTEM: '1',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_LITERAL_PATHSPECS: '1',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  GIT_PAGER: 'cat',
};

/** Without a git directory for what needs none (`init`, `diff --no-index`). */
export function openGit(place?: { readonly gitDir: string; readonly workTree: string }): Git {
  const where = place === undefined ? {} : { GIT_DIR: place.gitDir, GIT_WORK_TREE: place.workTree };
  const switches = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const call = async (
    act: string,
    args: readonly string[],
    options: GitOptions & Pick<RunOptions, 'env' | 'timeoutMs'> = {},
  ): Promise<Result<string>> => {
    const ran = await run(['git', ...switches, ...args], {
      env: { ...environment, ...where, ...options.env },
      ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
      cwd: options.cwd ?? '/',
      outputCap: 256 * 1024 * 1024,
      encoding: options.bytes === true ? 'latin1' : 'utf8',
      ...(options.input === undefined ? {} : { input: options.input }),
    });
    if (!ran.ok) return ran.problem.kind === 'missing' ? withoutGit(act) : ran;
    const { status, stdout, stderr, truncated } = ran.value;
    if (truncated) return fail('unavailable', `cannot ${act}: git must say at most 256 MiB: it said more`);
    if (status === 0 || options.answers?.includes(status) === true) return ok(stdout);
    return refused(act, status, stderr);
  };
  return {
    run: call,
    push: async (remote, refspecs) => {
      const ways = ['-c', 'protocol.ssh.allow=always', '-c', 'protocol.file.allow=always'];
      // The person's known hosts and keys are root's: that is who we are.
      const env = { HOME: '/root', GIT_SSH_COMMAND: 'ssh -o BatchMode=yes -o ConnectTimeout=10' };
      return await call(`push to ${remote}`, [...ways, 'push', '--quiet', '--', remote, ...refspecs], {
        env,
        timeoutMs: 60_000,
      });
    },
  };
}

function withoutGit(act: string): Failed {
  return fail('missing', `cannot ${act}: it needs git: the program is not on this machine`, {
    hint: 'install it: apt-get install git',
  });
}

function refused(act: string, status: number, stderr: string): Failed {
  const lock = /Unable to create '([^']+\.lock)': File exists/.exec(stderr)?.[1];
  if (lock !== undefined) {
    return fail('unavailable', `cannot ${act}: git's lock must be free: there is ${lock}`, {
      path: lock,
      hint: `if no git is at work (ps -C git), a killed one has left it: rm ${lock}`,
    });
  }
  const words = stderr.trim().split('\n').slice(-3).join(' | ').slice(0, 500);
  const full = /No space left|Out of diskspace|disk quota/i.test(stderr);
  const hint = { hint: 'free some space on the disk, then run it again: nothing is lost' };
  return fail('unavailable', `cannot ${act}: git ended with status ${status}: ${words}`, full ? hint : {});
}
