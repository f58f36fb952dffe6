/**
 * Puts the answers to challenges where the authority looks for them (RFC 8555, section 8), and takes them
 * away again: on a port of our own, as files in a web server's root, or through a hook into DNS.
 */
import { fail, ok, type Result } from '../../base/result.ts';
import { makeFolder, writeText } from '../../host/files.ts';
import { removeFile } from '../../host/replace-file.ts';
import { realPath } from '../../host/real-path.ts';
import { run } from '../../host/run.ts';
import { serveTexts } from '../../host/serve-text.ts';
import type { AcmeChallenge } from '../source/source.ts';
import { sha256Base64url } from './jws.ts';

export interface Answer {
  readonly domain: string;
  readonly token: string;
  /** Token and thumbprint of the account's key (section 8.1). */
  readonly keyAuthorization: string;
}

export interface Published {
  /** What could not be taken away is told. */
  remove(): Promise<Result<void>>;
}

const wellKnown = '/.well-known/acme-challenge';

export async function publishAnswers(
  challenge: AcmeChallenge,
  answers: readonly Answer[],
): Promise<Result<Published>> {
  if (challenge.type === 'dns-01') return await throughHook(challenge.hook, answers);
  return 'port' in challenge
    ? await onPort(challenge.port, answers)
    : await inWebroot(challenge.webroot, answers);
}

async function onPort(port: number, answers: readonly Answer[]): Promise<Result<Published>> {
  const texts = new Map(
    answers.map(({ token, keyAuthorization }) => [`${wellKnown}/${token}`, keyAuthorization]),
  );
  const served = await serveTexts(port, texts);
  if (!served.ok) return served;
  return ok({
    remove: async () => {
      await served.value.close();
      return ok();
    },
  });
}

async function inWebroot(webroot: string, answers: readonly Answer[]): Promise<Result<Published>> {
  const root = await realPath(webroot);
  if (!root.ok) return root;
  const folder = `${root.value}${wellKnown}`;
  const made = await makeFolder(folder);
  if (!made.ok) return made;
  const written: string[] = [];
  const remove = async (): Promise<Result<void>> => {
    for (const path of written) {
      const removed = await removeFile(path);
      if (!removed.ok) return removed;
    }
    return ok();
  };
  for (const { token, keyAuthorization } of answers) {
    const path = `${folder}/${token}`;
    const put = await writeText(path, keyAuthorization);
    if (!put.ok) {
      await remove();
      return put;
    }
    written.push(path);
  }
  return ok({ remove });
}

/** `PROGRAM add|remove _acme-challenge.DOMAIN VALUE`; it ends when the record can be seen by the world. */
async function throughHook(hook: readonly string[], answers: readonly Answer[]): Promise<Result<Published>> {
  const added: (readonly [string, string])[] = [];
  const call = async (act: 'add' | 'remove', name: string, value: string): Promise<Result<void>> => {
    const ran = await run([...hook, act, name, value], { cwd: '/', timeoutMs: hookTimeoutMs });
    if (!ran.ok) return ran;
    if (ran.value.status === 0) return ok();
    const words = (ran.value.stderr.trim() || ran.value.stdout.trim()).slice(-300);
    return fail(
      'unavailable',
      `cannot ${act} the record ${name}: the hook must end well: it ended with status ${ran.value.status}: ${words}`,
    );
  };
  const remove = async (): Promise<Result<void>> => {
    let outcome: Result<void> = ok();
    for (const [name, value] of added) {
      const removed = await call('remove', name, value);
      if (!removed.ok) outcome = removed;
    }
    return outcome;
  };
  for (const { domain, keyAuthorization } of answers) {
    const [name, value] = [`_acme-challenge.${domain}`, await sha256Base64url(keyAuthorization)] as const;
    const put = await call('add', name, value);
    if (!put.ok) {
      await remove();
      return put;
    }
    added.push([name, value]);
  }
  return ok({ remove });
}

/** A zone may have to be signed and carried to its secondaries. */
const hookTimeoutMs = 300_000;
