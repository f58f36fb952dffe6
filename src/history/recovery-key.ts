/**
 * Seals secrets to a recovery key and opens them: files of age (age-encryption.org/v1, X25519), so that
 * whoever has the key and a copy of the history can open them by `age -d` as well, without us.
 *
 * Who seals needs the recipient alone; the identity belongs on another machine, or on paper.
 */
import type * as Age from 'age-encryption';
import { fail, ok, type Result } from '../base/result.ts';

export interface RecoveryKey {
  /** `AGE-SECRET-KEY-1…` */
  readonly identity: string;
  /** `age1…` */
  readonly recipient: string;
}

// Most histories have no recovery key: what is not needed is not loaded.
const library = async (): Promise<typeof Age> => await import('age-encryption');

export async function newRecoveryKey(): Promise<RecoveryKey> {
  const { generateX25519Identity, identityToRecipient } = await library();
  const identity = await generateX25519Identity();
  return { identity, recipient: await identityToRecipient(identity) };
}

export async function parseRecipient(text: string): Promise<Result<string>> {
  const { Encrypter } = await library();
  const recipient = text.trim();
  try {
    new Encrypter().addRecipient(recipient);
    return ok(recipient);
  } catch {
    return fail('usage', 'cannot seal to that: it must be a recipient of age, age1…: it is none', {
      hint: 'make a key: portreeve history seal --new FILE',
    });
  }
}

/** Of the text of a key file: comments and blank lines count for nothing. */
export async function parseIdentity(text: string): Promise<Result<string>> {
  const line = text.split('\n').find((each) => each.trim().startsWith('AGE-SECRET-KEY-'));
  const { identityToRecipient } = await library();
  try {
    if (line !== undefined) {
      await identityToRecipient(line.trim());
      return ok(line.trim());
    }
  } catch {
    // Not repeated: it may be a key with a slip of the pen.
  }
  return fail('usage', 'cannot open secrets: it must be a recovery key, AGE-SECRET-KEY-1…: it is none', {
    hint: 'name the file that portreeve history seal --new has written',
  });
}

export async function seal(content: Uint8Array, recipient: string): Promise<Uint8Array> {
  const { Encrypter } = await library();
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  return await encrypter.encrypt(content);
}

/** Undefined where it was not sealed to this key, or has been changed. */
export async function open(sealed: Uint8Array, identity: string): Promise<Uint8Array | undefined> {
  const { Decrypter } = await library();
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  return await decrypter.decrypt(sealed).catch(() => undefined);
}
