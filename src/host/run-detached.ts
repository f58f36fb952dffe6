/** Starts a program that outlives us, our terminal and our session. */
import { spawn } from 'node:child_process';

export function runDetached(argv: readonly string[]): void {
  const [program = '', ...args] = argv;
  const child = spawn(program, args, { cwd: '/', detached: true, stdio: 'ignore' });
  child.on('error', () => undefined);
  child.unref();
}
