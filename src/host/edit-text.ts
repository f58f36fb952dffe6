/** Lets the person at the terminal write a text: their editor on a file that nobody else can read. */
import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { fail, ok, type Result } from '../base/result.ts';
import { inTemporaryFolder } from './temporary-folder.ts';

export function isAtTerminal(): boolean {
  return process.stdin.isTTY && process.stdout.isTTY;
}

/** `VISUAL`, `EDITOR` (a program and its arguments, split at blanks: no shell), else Debian's choice. */
export async function editText(start: string): Promise<Result<string>> {
  const chosen = process.env['VISUAL'] ?? process.env['EDITOR'] ?? 'sensible-editor';
  const [program = 'sensible-editor', ...args] = chosen.trim().split(/\s+/);
  return await inTemporaryFolder(async (folder) => {
    const path = `${folder}/reason`;
    await writeFile(path, start, { mode: 0o600 });
    const ended = await new Promise<number | string>((resolve) => {
      const child = spawn(program, [...args, path], { stdio: 'inherit' });
      child.on('error', (error) => {
        resolve(error.message);
      });
      child.on('exit', (status, signal) => {
        resolve(status ?? signal ?? 'it was ended');
      });
    });
    if (ended === 0) return ok(await readFile(path, 'utf8'));
    return fail('unavailable', `cannot ask for the reason: the editor must end well: ${program}: ${ended}`, {
      hint: 'give it with -m "…", or set EDITOR',
    });
  });
}
