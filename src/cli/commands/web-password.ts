/** `portreeve web password`: a password for the page, from standard input; only its hash is kept. */
import { Command } from 'commander';
import { z } from 'zod';
import { passwordFile } from '../../agent/open-page.ts';
import { fail, ok } from '../../base/result.ts';
import { hashPassword } from '../../host/password.ts';
import { readInput } from '../../host/read-input.ts';
import { writeBeside } from '../../host/write-beside.ts';
import { loginKeyFile } from '../../server/login-key.ts';
import { act } from '../act.ts';
import { agentFolder } from '../../agent/control-place.ts';
import { readLoginKey } from '../login-key.ts';

const shortest = 10;

export function webPassword(): Command {
  return new Command('password')
    .description('set the password of the page: one line from standard input')
    .action(
      act(z.object({}), async ({ speak }) => {
        const key = await readLoginKey();
        if (!key.ok) return key;
        const input = await readInput(1000);
        if (!input.ok) return input;
        const password = input.value?.split('\n')[0]?.replace(/\r$/, '') ?? '';
        if (Array.from(password).length < shortest)
          return fail(
            'usage',
            `cannot set the password: needs at least ${shortest} letters: it has ${Array.from(password).length}`,
            {
              hint: 'pipe it in: portreeve web password < FILE; never as an argument, where others see it',
            },
          );
        const folder = agentFolder();
        const written = await writeBeside(
          loginKeyFile(folder),
          passwordFile(folder),
          `${await hashPassword(password)}\n`,
        );
        if (!written.ok) return written;
        speak.line('The page takes this password from now on.');
        speak.document({ set: true });
        return ok(0);
      }),
    );
}
