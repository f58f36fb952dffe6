/** The account at an ACME server: its key is kept below the state folder, one for each server. */
import { z } from 'zod';
import { fail, ok, type Result } from '../../base/result.ts';
import { createFile } from '../../host/create-file.ts';
import { makeFolder, readText } from '../../host/files.ts';
import { sha256 } from '../../host/sha256.ts';
import { stateFolder } from '../../host/state-folder.ts';
import type { AcmeSource } from '../source/source.ts';
import { type AccountKey, bindAccount, newAccountKey, openAccountKey, type PrivateJwk } from './jws.ts';
import type { AcmeSession } from './session.ts';
import type { Directory } from './shapes.ts';

const member = z.string().regex(/^[\w-]{40,50}$/);
const keyShape: z.ZodType<PrivateJwk> = z.strictObject({
  crv: z.literal('P-256'),
  kty: z.literal('EC'),
  x: member,
  y: member,
  d: member,
});

export async function accountKey({ directory }: AcmeSource): Promise<Result<AccountKey>> {
  const folder = `${stateFolder()}/tls/acme`;
  const path = `${folder}/${sha256(directory).slice(0, 16)}.key`;
  const text = await readText(path, 4096);
  if (text.ok) {
    const read = parse(text.value);
    return read === undefined
      ? fail('configuration', `cannot use the ACME account: its key must be ours: ${path} is not`, { path })
      : ok(await openAccountKey(read));
  }
  if (text.problem.kind !== 'missing') return text;
  const made = await makeFolder(folder, 0o700);
  if (!made.ok) return made;
  const key = await newAccountKey();
  const written = await createFile(path, `${JSON.stringify(key)}\n`, 0o600);
  return written.ok ? ok(await openAccountKey(key)) : written;
}

function parse(text: string): PrivateJwk | undefined {
  try {
    return keyShape.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Makes the account, or finds it: the server knows it by its key (RFC 8555, section 7.3.1). */
export async function openAccount(
  session: AcmeSession,
  key: AccountKey,
  { newAccount, meta }: Directory,
  { contact, binding }: AcmeSource,
): Promise<Result<void>> {
  if (meta?.externalAccountRequired === true && binding === undefined) {
    return fail(
      'usage',
      'cannot open an account: this server wants one that it knows already: none is named',
      {
        hint: 'get an identifier and a key from the authority: --eab-id, --eab-key-file',
      },
    );
  }
  let bound = {};
  if (binding !== undefined) {
    const secret = await readText(binding.keyFile, 4096);
    if (!secret.ok) return secret;
    if (!/^[\w-]+=*$/.test(secret.value.trim())) {
      return fail('configuration', 'cannot bind the account: its key must be in base64url: it is not', {
        path: binding.keyFile,
      });
    }
    const request = { id: binding.id, secret: secret.value.trim(), url: newAccount };
    bound = { externalAccountBinding: await bindAccount(key, request) };
  }
  const payload = {
    termsOfServiceAgreed: true,
    contact: contact.map((address) => `mailto:${address}`),
    ...bound,
  };
  const opened = await session.post(
    'open an account',
    newAccount,
    payload,
    z.object({ status: z.string().optional() }),
  );
  if (!opened.ok) return opened;
  const { location, value } = opened.value;
  if (location === undefined || (value.status !== undefined && value.status !== 'valid')) {
    return fail(
      'unavailable',
      `cannot use the ACME account: it must be valid: it is ${value.status ?? 'nowhere'}`,
    );
  }
  session.account = location;
  return ok();
}
