/**
 * The key that logins are made from: a file beside the agent's store, for its user (and root) alone. Who
 * can read it can log in, so a token needs no conversation with the agent: `portreeve web login` makes one.
 *
 * A token is `EXPIRY.NONCE.HMAC`: good once, for five minutes. The metrics token is an HMAC without an end.
 */
import { ok, type Result } from '../base/result.ts';
import { createFile } from '../host/create-file.ts';
import { makeFolder, readText } from '../host/files.ts';
import { hmac } from '../host/hmac.ts';
import { isSameSecret, newSecret } from '../host/secret.ts';

const lifeMs = 300_000;

export function loginKeyFile(folder: string): string {
  return `${folder}/web-key`;
}

/** The agent makes it where there is none yet. */
export async function openLoginKey(folder: string): Promise<Result<string>> {
  const made = await makeFolder(folder, 0o750);
  if (!made.ok) return made;
  const path = loginKeyFile(folder);
  const key = newSecret();
  const created = await createFile(path, `${key}\n`, 0o600);
  if (created.ok) return ok(key);
  const read = await readText(path, 1000);
  return read.ok ? ok(read.value.trim()) : read;
}

export function newLoginToken(key: string, now: number): string {
  const said = `${now + lifeMs}.${newSecret()}`;
  return `${said}.${sign(key, said)}`;
}

/** When the token ends, or undefined where it is none of this key's, or has ended. Whether it was used before is the caller's matter. */
export function loginTokenEnd(key: string, token: string, now: number): number | undefined {
  const [, said = '', until = '', signature = ''] =
    /^((\d{13,15})\.[\w-]{43})\.([\da-f]{64})$/.exec(token) ?? [];
  if (said === '' || !isSameSecret(signature, sign(key, said))) return undefined;
  const end = Number(until);
  return end > now && end <= now + lifeMs ? end : undefined;
}

/** For whoever collects the metrics: it lasts as long as the key. */
export function metricsToken(key: string): string {
  return hmac(key, Buffer.from('portreeve metrics'));
}

function sign(key: string, said: string): string {
  return hmac(key, Buffer.from(`portreeve login ${said}`));
}
