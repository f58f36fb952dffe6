/**
 * Gets a certificate by ACME (RFC 8555, section 7.4): order, prove each name, finalize, fetch. The answers
 * to challenges are taken away again whatever happens. Where the server has renewal information (RFC 9773) it
 * is asked when to come back.
 */
import { z } from 'zod';
import { fail, ok, type Result } from '../../base/result.ts';
import type { Clock } from '../../host/clock.ts';
import { certificateRequest } from '../../host/certificate-request.ts';
import { readCertificateFile } from '../../host/certificate-file.ts';
import { readText } from '../../host/files.ts';
import { keyPem, makeKey } from '../../host/make-key.ts';
import type { Pair } from '../source/pair.ts';
import type { AcmeSource } from '../source/source.ts';
import { type SubjectName, subjectNames } from '../subject-name.ts';
import { accountKey, openAccount } from './account.ts';
import { type Answer, publishAnswers } from './answer-challenge.ts';
import { base64url, thumbprint } from './jws.ts';
import { renewalTime } from './renewal-time.ts';
import { acmeGet, AcmeSession, errorWords } from './session.ts';
import { type Authorization, authorizationShape, directoryShape, type Order, orderShape } from './shapes.ts';

export interface AcmeRequest {
  readonly source: AcmeSource;
  /** The key to use again, in PEM; a new one without it. */
  readonly key?: string | undefined;
  readonly clock: Clock;
  readonly tell: (line: string) => void;
}

const patienceMs = 180_000;
const pauseMs = 500;

export async function issueByAcme({ source, key: kept, clock, tell }: AcmeRequest): Promise<Result<Pair>> {
  const names = subjectNames(source.names);
  if (!names.ok) return names;
  const roots = await rootsOf(source);
  if (!roots.ok) return roots;
  const directory = await acmeGet('use ACME', source.directory, directoryShape, roots.value);
  if (!directory.ok) return directory;
  const account = await accountKey(source);
  if (!account.ok) return account;
  const session = new AcmeSession(
    { roots: roots.value, newNonce: directory.value.newNonce },
    account.value,
    clock,
  );
  const opened = await openAccount(session, account.value, directory.value, source);
  if (!opened.ok) return opened;
  tell(`account ${session.account ?? ''}`);
  const order = await orderCertificate(session, directory.value.newOrder, names.value);
  if (!order.ok) return order;
  const proved = await proveNames(session, order.value.order, {
    source,
    clock,
    tell,
    print: await thumbprint(account.value.jwk),
  });
  if (!proved.ok) return proved;
  const key = kept ?? (await keyPem(await makeKey(source.keyType)));
  const chain = await finalize(session, order.value, await certificateRequest(names.value, key), clock);
  if (!chain.ok) return chain;
  const renewAt = await renewalTime(directory.value.renewalInfo, chain.value, { roots: roots.value });
  if (renewAt !== undefined) tell(`the server asks for a renewal at ${new Date(renewAt).toISOString()}`);
  return ok({ certificate: chain.value, key, ...(renewAt === undefined ? {} : { renewAt }) });
}

async function rootsOf({ roots }: AcmeSource): Promise<Result<string[] | undefined>> {
  if (roots === undefined) return ok(undefined);
  const text = await readText(roots, 1024 * 1024);
  if (!text.ok) return text;
  const read = readCertificateFile(text.value, roots);
  return read.ok ? ok(read.value.map(({ pem }) => pem)) : read;
}

interface PlacedOrder {
  readonly url: string;
  readonly order: Order;
}

async function orderCertificate(
  session: AcmeSession,
  newOrder: string,
  names: readonly SubjectName[],
): Promise<Result<PlacedOrder>> {
  const identifiers = names.map(({ type, value }) => ({ type, value }));
  const placed = await session.post('order the certificate', newOrder, { identifiers }, orderShape);
  if (!placed.ok) return placed;
  const { location, value } = placed.value;
  return location === undefined
    ? fail('unavailable', 'cannot order the certificate: the server must say where the order is: it does not')
    : ok({ url: location, order: value });
}

interface Proving {
  readonly source: AcmeSource;
  readonly clock: Clock;
  readonly tell: (line: string) => void;
  /** Of the account's key. */
  readonly print: string;
}

interface Pending extends Answer {
  readonly authorization: string;
  readonly challenge: string;
}

async function proveNames(session: AcmeSession, order: Order, proving: Proving): Promise<Result<void>> {
  const { source, print, tell } = proving;
  const pending: Pending[] = [];
  for (const url of order.authorizations) {
    const read = await session.post('prove a name', url, undefined, authorizationShape);
    if (!read.ok) return read;
    const { status, identifier, challenges } = read.value.value;
    if (status === 'valid') continue;
    const offered = challenges.find(({ type }) => type === source.challenge.type);
    if (status !== 'pending' || offered?.token === undefined) {
      const current =
        status === 'pending' ? `it offers ${challenges.map(({ type }) => type).join(', ')}` : status;
      return fail(
        'unavailable',
        `cannot prove ${identifier.value}: needs ${source.challenge.type}: ${current}`,
      );
    }
    const { token } = offered;
    const keyAuthorization = `${token}.${print}`;
    pending.push({
      authorization: url,
      challenge: offered.url,
      domain: identifier.value,
      token,
      keyAuthorization,
    });
  }
  if (pending.length === 0) return ok();
  const published = await publishAnswers(source.challenge, pending);
  if (!published.ok) return published;
  tell(`${source.challenge.type} is answered for ${pending.map(({ domain }) => domain).join(', ')}`);
  try {
    return await awaitProofs(session, pending, proving);
  } finally {
    const removed = await published.value.remove();
    if (!removed.ok) tell(removed.problem.message);
  }
}

async function awaitProofs(
  session: AcmeSession,
  pending: readonly Pending[],
  { source, clock, tell }: Proving,
): Promise<Result<void>> {
  for (const { challenge } of pending) {
    const said = await session.post('answer a challenge', challenge, {}, z.unknown());
    if (!said.ok) return said;
  }
  const until = clock.now() + patienceMs;
  for (const { authorization, domain } of pending) {
    const settled = await poll<Authorization>(
      async () => await session.post(`prove ${domain}`, authorization, undefined, authorizationShape),
      ({ status }) => status !== 'pending',
      { act: `prove ${domain}`, until, clock },
    );
    if (!settled.ok) return settled;
    const { status, challenges } = settled.value;
    if (status !== 'valid') {
      const error = challenges.find(({ type }) => type === source.challenge.type)?.error;
      return fail(
        'unavailable',
        `cannot prove ${domain}: the authority must see our answer (${source.challenge.type}): ${error === undefined ? status : errorWords(error)}`,
        { hint: hints[source.challenge.type] },
      );
    }
    tell(`${domain} is proved`);
  }
  return ok();
}

const hints = {
  'http-01':
    'the name must lead to this host, and port 80 of it to where we answer: --http-port, --webroot; is it open in the firewall?',
  'dns-01': 'the hook must end only when the name servers of the zone have the record',
} as const;

async function finalize(
  session: AcmeSession,
  { url, order }: PlacedOrder,
  request: Uint8Array,
  clock: Clock,
): Promise<Result<string>> {
  const act = 'finalize the order';
  const until = clock.now() + patienceMs;
  const ask = async (): ReturnType<typeof session.post<Order>> =>
    await session.post(act, url, undefined, orderShape);
  const ready = await poll<Order>(ask, ({ status }) => status !== 'pending', { act, until, clock });
  if (!ready.ok) return ready;
  if (ready.value.status === 'ready') {
    const sent = await session.post(act, order.finalize, { csr: base64url(request) }, orderShape);
    if (!sent.ok) return sent;
  }
  const done = await poll<Order>(ask, ({ status }) => status === 'valid' || status === 'invalid', {
    act,
    until,
    clock,
  });
  if (!done.ok) return done;
  const { certificate, error = {} } = done.value;
  if (certificate === undefined)
    return fail('unavailable', `cannot ${act}: the order is invalid: ${errorWords(error)}`);
  const fetched = await session.postText('fetch the certificate', certificate, undefined);
  return fetched.ok ? ok(fetched.value.body) : fetched;
}

interface Polling {
  readonly act: string;
  readonly until: number;
  readonly clock: Clock;
}

async function poll<T>(
  ask: () => Promise<Result<{ readonly value: T; readonly retryAfterMs: number | undefined }>>,
  settled: (value: T) => boolean,
  { act, until, clock }: Polling,
): Promise<Result<T>> {
  for (;;) {
    const asked = await ask();
    if (!asked.ok) return asked;
    if (settled(asked.value.value)) return ok(asked.value.value);
    const wait = Math.max(pauseMs, asked.value.retryAfterMs ?? 0);
    if (clock.now() + wait > until) {
      return fail(
        'timeout',
        `cannot ${act}: the server must settle it within ${patienceMs / 1000} s: it has not`,
      );
    }
    await clock.sleep(wait);
  }
}
