/** `portreeve history seal [DIR]`: keep the contents of secrets, sealed to a recovery key; or forget them. */
import { Command } from 'commander';
import { z } from 'zod';
import { fail, ok, type Result } from '../../base/result.ts';
import { createFile } from '../../host/create-file.ts';
import { systemClock } from '../../host/clock.ts';
import { findDrift } from '../../history/drift.ts';
import { newRecoveryKey, parseRecipient } from '../../history/recovery-key.ts';
import type { Repository } from '../../history/repository.ts';
import {
  forgetSecrets,
  recipientOf,
  sealedBlobs,
  sealSecrets,
  sealTo,
} from '../../history/sealed-secrets.ts';
import { act } from '../act.ts';
import { pushAfter } from '../push-after.ts';
import { tracked } from '../tracked.ts';

const schema = z.object({
  new: z.string().optional(),
  to: z.string().optional(),
  forget: z.boolean().optional(),
});
type Options = z.infer<typeof schema>;

export function historySeal(): Command {
  return new Command('seal')
    .description(
      'keep the contents of keys and password files, sealed to a recovery key, so that an undo can bring them back',
    )
    .argument('[dir]', 'the tracked folder (default: the one you are in, or the only one)')
    .option('--new <file>', 'make a recovery key, write it to this file, and seal to it')
    .option('--to <recipient>', 'seal to this recipient of age, age1…')
    .option('--forget', 'stop, and destroy what was sealed here')
    .action(
      act(schema, async ({ speak, args: [dir], options }) => {
        const repository = await tracked(dir);
        if (!repository.ok) return repository;
        const { folder } = repository.value;
        if (options.forget === true) {
          const forgotten = await forgetSecrets(repository.value);
          if (!forgotten.ok) return forgotten;
          speak.line(`${folder}: secrets are recorded by fingerprint alone; what was sealed here is gone`);
          speak.note('hint: copies that were pushed still have it');
          speak.document({ folder, recipient: null, sealed: 0 });
          return ok(0);
        }
        const chosen = await chosenRecipient(options);
        if (!chosen.ok) return chosen;
        if (chosen.value !== undefined) {
          const sealed = await sealNow(repository.value, chosen.value);
          if (!sealed.ok) return sealed;
          await pushAfter(speak, repository.value);
        }
        const recipient = await recipientOf(repository.value);
        if (!recipient.ok) return recipient;
        const sealed = await sealedBlobs(repository.value);
        if (!sealed.ok) return sealed;
        const { size } = sealed.value;
        speak.line(
          recipient.value === undefined
            ? `${folder}: secrets are recorded by fingerprint alone`
            : `${folder}: secrets are sealed to ${recipient.value}; ${size} content(s) so far`,
        );
        if (options.new !== undefined) {
          speak.line(
            `the recovery key is in ${options.new}: whoever has it opens every secret of this history`,
          );
          speak.note('hint: take it off this machine; age -d -i opens sealed contents with it as well');
        }
        speak.document({ folder, recipient: recipient.value ?? null, sealed: size });
        return ok(recipient.value === undefined ? 1 : 0);
      }),
    );
}

async function chosenRecipient({ new: file, to }: Options): Promise<Result<string | undefined>> {
  if (file !== undefined && to !== undefined) {
    return fail('usage', 'cannot seal: it must be --new or --to: both were given');
  }
  if (to !== undefined) return await parseRecipient(to);
  if (file === undefined) return ok(undefined);
  const { identity, recipient } = await newRecoveryKey();
  const text = `# recovery key of Portreeve, made ${new Date(systemClock.now()).toISOString()}\n# public key: ${recipient}\n${identity}\n`;
  const written = await createFile(file, text, 0o600);
  return written.ok ? ok(recipient) : written;
}

/** What is there already is sealed at once, where it is as it was recorded. */
async function sealNow(repository: Repository, recipient: string): Promise<Result<void>> {
  const set = await sealTo(repository, recipient);
  if (!set.ok) return set;
  const drift = await findDrift(repository);
  if (!drift.ok) return drift;
  const sealed = await sealSecrets(repository, drift.value.before, systemClock.now());
  return sealed.ok ? ok() : sealed;
}
