/**
 * A passphrase from where it cannot be seen by others: a file descriptor, a systemd credential
 * (systemd.exec(5), LoadCredential=), a file that only its owner reads, or the person at the terminal. Never
 * the command line or the environment, which any process of the machine can look at.
 */
import { z } from 'zod';
import { fail, ok, type Result } from '../base/result.ts';
import type { Command } from 'commander';
import { askSecret } from '../host/ask-secret.ts';
import { credentialPath } from '../host/credential-path.ts';
import { readDescriptor } from '../host/read-descriptor.ts';
import { readWholeFile } from '../host/whole-file.ts';

export interface PassphraseOptions {
  readonly passphraseFd?: number | undefined;
  readonly passphraseFile?: string | undefined;
  readonly passphraseCredential?: string | undefined;
}

export const passphraseOptions: {
  readonly [Name in keyof PassphraseOptions]-?: z.ZodType<PassphraseOptions[Name]>;
} = {
  passphraseFd: z
    .string()
    .regex(/^\d{1,4}$/, 'needs the number of an open file descriptor')
    .transform(Number)
    .optional(),
  passphraseFile: z.string().min(1).optional(),
  passphraseCredential: z
    .string()
    .regex(/^[\w.-]{1,255}$/, 'needs the name of a credential')
    .optional(),
};

export function withPassphraseOptions(command: Command): Command {
  return command
    .option('--passphrase-fd <n>', "read the passphrase of the authority's key from this file descriptor")
    .option('--passphrase-file <file>', 'or from this file, which nobody but its owner may read')
    .option('--passphrase-credential <name>', 'or from this systemd credential (LoadCredential=)');
}

/** `twice`: a new one, which is typed a second time. */
export async function readPassphrase(
  options: PassphraseOptions,
  { act, twice }: { readonly act: string; readonly twice: boolean },
): Promise<Result<string>> {
  const given = await fromOptions(options);
  if (given !== undefined) return given.ok ? checked(act, given.value) : given;
  const typed = await askSecret('Passphrase of the authority: ');
  if (typed === undefined) {
    return fail('usage', `cannot ${act}: needs its passphrase: nobody is at a terminal to be asked`, {
      hint: 'give it with --passphrase-fd, --passphrase-file or --passphrase-credential',
    });
  }
  if (twice && (await askSecret('The same again: ')) !== typed) {
    return fail('usage', `cannot ${act}: the passphrase must be typed twice the same: it was not`);
  }
  return checked(act, typed);
}

const shortest = 8;

function checked(act: string, text: string): Result<string> {
  const passphrase = text.replace(/\r?\n$/, '');
  return passphrase.length >= shortest && !/[\r\n\0]/.test(passphrase)
    ? ok(passphrase)
    : fail(
        'usage',
        `cannot ${act}: needs a passphrase of one line, ${shortest} characters or more: it is not`,
      );
}

async function fromOptions(options: PassphraseOptions): Promise<Result<string> | undefined> {
  const { passphraseFd, passphraseFile, passphraseCredential } = options;
  if (passphraseFd !== undefined) return readDescriptor(passphraseFd);
  if (passphraseFile !== undefined) return await fromFile(passphraseFile);
  if (passphraseCredential === undefined) return undefined;
  const path = credentialPath(passphraseCredential);
  return path.ok ? await fromFile(path.value) : path;
}

const othersRead = 0o007;

async function fromFile(path: string): Promise<Result<string>> {
  const file = await readWholeFile(path);
  if (!file.ok) return file;
  if (file.value === undefined) {
    return fail('missing', `cannot read the passphrase: there is no file ${path}`, { path });
  }
  if ((file.value.mode & othersRead) !== 0) {
    return fail('permission', `cannot take the passphrase from ${path}: others must not read it: they can`, {
      path,
      hint: `chmod 600 ${path}`,
    });
  }
  return ok(file.value.content.toString('utf8'));
}
