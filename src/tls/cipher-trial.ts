/**
 * Asks the installed Exim whether it can use a policy's options. `-bV` does not look at ciphers; a
 * daemon does, and ends when they are wrong, which on the live server would be the end of mail. So a
 * daemon is started with a configuration of nothing else, and with a port that does not exist: whatever
 * the answer, it ends at once and listens nowhere.
 */
import { fail, ok, type Result } from '../base/result.ts';
import { inTemporaryFolder } from '../host/temporary-folder.ts';
import { writeText } from '../host/files.ts';
import { run } from '../host/run.ts';
import type { PolicyOptions } from './policy.ts';

const noPort = 'no-such-port';

export async function tryPolicyOptions(options: PolicyOptions): Promise<Result<void>> {
  return await inTemporaryFolder(async (folder) => {
    const path = `${folder}/exim.conf`;
    const lines = Object.entries(options).map(([name, value]) => `${name} = ${value}\n`);
    const text = `${lines.join('')}${surroundings(folder)}`;
    const written = await writeText(path, text);
    if (!written.ok) return written;
    const ran = await run(['exim4', '-C', path, '-bd', '-oX', noPort], { cwd: '/', timeoutMs: 10_000 });
    if (!ran.ok) return ran;
    if (ran.value.stderr.includes(noPort)) return ok();
    return fail(
      'configuration',
      `cannot set the cipher policy: this Exim must accept it: ${complaint(ran.value.stderr)}`,
      { hint: 'nothing was touched' },
    );
  });
}

/** Exim writes its complaint twice, once for the log and once for the terminal. */
function complaint(stderr: string): string {
  const lines = stderr.split('\n').map((line) => line.trim());
  const at = lines.findIndex((line) => line.endsWith('Exim configuration error:'));
  return (lines[at + 1] ?? '').slice(0, 300) || 'it says nothing';
}

/**
 * Without places of its own, the trial would leave its complaint in the panic log of the live server. The
 * certificate, never opened, and the environment keep Exim from warnings that it would want to log.
 */
function surroundings(folder: string): string {
  return `tls_advertise_hosts = *
tls_certificate = ${folder}/none
keep_environment =
log_file_path = ${folder}/%slog
spool_directory = ${folder}
`;
}
