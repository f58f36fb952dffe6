/** Runs a program on the caller's own terminal, such as an editor; an argument vector, never a shell. */
import { spawn } from 'node:child_process';
import { fail, ok, type Result } from '../base/result.ts';

/** The exit status; 128 where a signal ended it. */
export async function runInteractively(argv: readonly string[]): Promise<Result<number>> {
  const [program = '', ...args] = argv;
  return await new Promise((resolve) => {
    const child = spawn(program, args, { stdio: 'inherit' });
    child.on('error', (error: NodeJS.ErrnoException) => {
      resolve(fail('missing', `cannot run ${program}: ${error.code ?? error.message}`, { path: program }));
    });
    child.on('close', (status) => {
      resolve(ok(status ?? 128));
    });
  });
}
