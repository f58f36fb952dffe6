/** Against a server of our own: what real ones do rarely, and pebble does not do when asked. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { after, before, test, type TestContext } from 'node:test';
import type { Result } from '../../base/result.ts';
import type { Pair } from '../source/pair.ts';
import { makeSelfSigned } from '../source/self-signed.ts';
import { issueByAcme } from './issue-by-acme.ts';

/** An answer that the server gives instead of its own, once. */
interface Fault {
  readonly status?: number;
  /** Of the error, without its prefix. */
  readonly type?: string;
  readonly retryAfter?: string;
  /** Laid over the server's own answer; a text stands for itself. */
  readonly body?: string | Readonly<Record<string, unknown>>;
}

type Faults = Readonly<Record<string, readonly Fault[]>>;

interface Issued {
  readonly outcome: Result<Pair>;
  /** What was asked, in order. */
  readonly asked: readonly string[];
  /** How long was waited, in order. */
  readonly slept: readonly number[];
  /** Files of answers when the challenge was taken up, and those that are left. */
  readonly answers: { readonly seen: number; readonly left: number };
}

const base = mkdtempSync(`${tmpdir()}/portreeve-acme-`);
let pair: Pair;

before(async () => {
  process.env['PORTREEVE_STATE'] = `${base}/state`;
  const source = { kind: 'self-signed', names: ['127.0.0.1'], keyType: 'p256', days: 2 } as const;
  const made = await makeSelfSigned(source, Date.now());
  assert.ok(made.ok);
  pair = made.value;
  writeFileSync(`${base}/root.pem`, pair.certificate);
});
after(() => {
  rmSync(base, { recursive: true });
});

async function issue(t: TestContext, faults: Faults): Promise<Issued> {
  const webroot = mkdtempSync(`${base}/web-`);
  const folder = `${webroot}/.well-known/acme-challenge`;
  const queues = new Map(Object.entries(faults).map(([path, some]) => [path, [...some]]));
  const asked: string[] = [];
  const slept: number[] = [];
  const nonces = new Set<string>();
  let [proved, finalized, seen, count, now] = [false, false, 0, 0, 0];

  const server = createServer({ cert: pair.certificate, key: pair.key }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const path = (request.url ?? '').slice(1);
      asked.push(path);
      const nonce = `nonce-${(count += 1)}`;
      nonces.add(nonce);
      response.setHeader('replay-nonce', nonce);
      const { type, ...rest } = answer(request.method === 'POST', path, Buffer.concat(chunks).toString());
      if (rest.retryAfter !== undefined) response.setHeader('retry-after', rest.retryAfter);
      response.setHeader('location', `${origin}/${path === 'order' ? 'order-1' : 'account-1'}`);
      response.statusCode = rest.status ?? 200;
      const error = { type: `urn:ietf:params:acme:error:${type}`, detail: `it is ${type}` };
      response.end(
        typeof rest.body === 'string' ? rest.body : JSON.stringify(type === undefined ? rest.body : error),
      );
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const origin = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;

  function answer(isPost: boolean, path: string, body: string): Fault {
    if (isPost) {
      const { protected: head } = JSON.parse(body) as { protected: string };
      const { nonce } = JSON.parse(Buffer.from(head, 'base64url').toString()) as { nonce: string };
      // Each is good for one request.
      if (!nonces.delete(nonce)) return { status: 400, type: 'badNonce' };
    }
    const own = ownAnswer(path);
    const fault = queues.get(path)?.shift();
    if (fault === undefined) return { body: own };
    if (typeof own === 'string' || typeof fault.body === 'string') return fault;
    return { ...fault, body: { ...own, ...fault.body } };
  }

  function ownAnswer(path: string): string | Readonly<Record<string, unknown>> {
    const url = (name: string): string => `${origin}/${name}`;
    const challenge = { type: 'http-01', url: url('challenge'), status: 'pending', token: 'a-token' };
    switch (path) {
      case 'directory':
        return { newNonce: url('nonce'), newAccount: url('account'), newOrder: url('order') };
      case 'challenge':
        seen = readdirSync(folder).length;
        proved = true;
        return challenge;
      case 'authorization': {
        const identifier = { type: 'dns', value: 'mx.example.test' };
        return { status: proved ? 'valid' : 'pending', identifier, challenges: [challenge] };
      }
      case 'finalize':
        finalized = true;
        return order();
      case 'order':
      case 'order-1':
        return order();
      case 'certificate':
        return pair.certificate;
      default:
        return { status: 'valid' };
    }
    function order(): Readonly<Record<string, unknown>> {
      const status = finalized ? 'valid' : proved ? 'ready' : 'pending';
      const certificate = finalized ? { certificate: url('certificate') } : {};
      return { status, authorizations: [url('authorization')], finalize: url('finalize'), ...certificate };
    }
  }

  const outcome = await issueByAcme({
    source: {
      kind: 'acme',
      directory: `${origin}/directory`,
      roots: `${base}/root.pem`,
      contact: [],
      names: ['mx.example.test'],
      keyType: 'p256',
      challenge: { type: 'http-01', webroot },
      reuseKey: false,
    },
    clock: {
      now: () => now,
      sleep: async (ms) => {
        slept.push(ms);
        now += ms;
        await Promise.resolve();
      },
    },
    tell: () => undefined,
  });
  const left = existsSync(folder) ? readdirSync(folder).length : 0;
  return { outcome, asked, slept, answers: { seen, left } };
}

const badNonce: Fault = { status: 400, type: 'badNonce' };
const limited = (retryAfter: string): Fault => ({ status: 429, type: 'rateLimited', retryAfter });
const http = { type: 'http-01', url: 'https://127.0.0.1/challenge', status: 'invalid', token: 'a-token' };

test('issueByAcme() gets a certificate where the server asks for patience', async (t) => {
  for (const [name, faults, slept] of [
    ['all is well', {}, []],
    ['nonces that are not taken', { order: [badNonce, badNonce], finalize: [badNonce] }, []],
    ['too many requests', { order: [limited('3')] }, [3000]],
    ['until a moment', { account: [limited('Thu, 01 Jan 1970 00:00:07 GMT')] }, [7000]],
    ['a moment ago', { account: [limited('Wed, 31 Dec 1969 23:59:59 GMT')] }, [0]],
    ['under repair', { 'order-1': [{ status: 503, body: 'sorry' }] }, [1000]],
    ['proofs are looked at', { authorization: [{}, { body: { status: 'pending' } }] }, [500]],
    [
      'the order is not ready',
      { 'order-1': [{ body: { status: 'pending' }, retryAfter: '2' }, { body: { status: 'pending' } }] },
      [2000, 500],
    ],
    ['it is at work', { 'order-1': [{}, { body: { status: 'processing' }, retryAfter: '4' }] }, [4000]],
  ] as const satisfies readonly (readonly [string, Faults, readonly number[]])[]) {
    const issued = await issue(t, faults);
    assert.ok(issued.outcome.ok, `${name}: ${JSON.stringify(issued.outcome)}`);
    assert.equal(issued.outcome.value.certificate, pair.certificate, name);
    assert.deepEqual(issued.slept, slept, name);
    assert.deepEqual(issued.answers, { seen: 1, left: 0 }, name);
  }
});

test('issueByAcme() says in words what the server refuses, and takes its answers away', async (t) => {
  const all = (fault: Fault): Fault[] => Array.from({ length: 500 }, () => fault);
  for (const [name, faults, message, hint, last] of [
    [
      'bad nonces for ever',
      { order: all(badNonce) },
      /order the certificate: .* 400 badNonce: it is/,
      undefined,
      'order',
    ],
    [
      'a long limit',
      { order: [limited('3600')] },
      /says 429 rateLimited: it is rateLimited/,
      /staging/,
      'order',
    ],
    ['limits for ever', { order: all(limited('1')) }, /says 429 rateLimited/, /staging/, 'order'],
    [
      'an account that it must know, told at once',
      { directory: [{ body: { meta: { externalAccountRequired: true } } }] },
      /wants one that it knows already/,
      /--eab-id/,
      'directory',
    ],
    [
      'the same, told late',
      { account: [{ status: 403, type: 'externalAccountRequired' }] },
      /says 403 externalAccountRequired/,
      /--eab-id/,
      'account',
    ],
    [
      'a closed account',
      { account: [{ body: { status: 'deactivated' } }] },
      /it is deactivated/,
      undefined,
      'account',
    ],
    [
      'a name that it does not issue for',
      { order: [{ status: 400, type: 'rejectedIdentifier' }] },
      /rejectedIdentifier/,
      /for this name/,
      'order',
    ],
    ['CAA', { finalize: [{ status: 403, type: 'caa' }] }, /says 403 caa/, /CAA record/, 'finalize'],
    [
      'a proof that fails',
      {
        authorization: [
          {},
          { body: { status: 'invalid', challenges: [{ ...http, error: { detail: 'connection refused' } }] } },
        ],
      },
      /prove mx\.example\.test: the authority must see our answer \(http-01\): connection refused/,
      /port 80/,
      'authorization',
    ],
    [
      'a challenge that is refused',
      { challenge: [{ status: 400, type: 'malformed' }] },
      /answer a challenge: .* malformed/,
      undefined,
      'challenge',
    ],
    [
      'a challenge that we cannot take',
      { authorization: [{ body: { challenges: [{ ...http, type: 'tls-alpn-01' }] } }] },
      /needs http-01: it offers tls-alpn-01/,
      undefined,
      'authorization',
    ],
    [
      'a token that is a path',
      { authorization: [{ body: { challenges: [{ ...http, token: '../../x' }] } }] },
      /answers what is no ACME/,
      undefined,
      'authorization',
    ],
    [
      'a proof that is never looked at',
      { authorization: [{}, ...all({ body: { status: 'pending' }, retryAfter: '60' })] },
      /settle it within 180 s/,
      undefined,
      'authorization',
    ],
    [
      'an order that is not ready after all',
      { finalize: [{ status: 403, type: 'orderNotReady' }] },
      /says 403 orderNotReady/,
      undefined,
      'finalize',
    ],
    [
      'an order that never gets ready',
      { 'order-1': all({ body: { status: 'pending' }, retryAfter: '60' }) },
      /settle it within 180 s/,
      undefined,
      'order-1',
    ],
    [
      'an order that fails at the end',
      {
        'order-1': [
          {},
          {
            body: {
              status: 'invalid',
              certificate: undefined,
              error: { type: 'x', subproblems: [{ detail: 'no' }] },
            },
          },
        ],
      },
      /the order is invalid: x; no/,
      undefined,
      'order-1',
    ],
    [
      'a page instead of ACME',
      { directory: [{ body: '<html>' }] },
      /must speak ACME: it answers 200/,
      undefined,
      'directory',
    ],
    ['the same later', { order: [{ body: '<html>' }] }, /answers what is no ACME/, undefined, 'order'],
    [
      'an error without words',
      { order: [{ status: 500, body: '' }] },
      /says 500: it does not say why/,
      undefined,
      'order',
    ],
  ] as const satisfies readonly (readonly [string, Faults, RegExp, RegExp | undefined, string])[]) {
    const { outcome, asked, answers } = await issue(t, faults);
    assert.ok(!outcome.ok, name);
    assert.match(outcome.problem.message, message, name);
    if (hint === undefined) assert.ok(!/staging|--eab|CAA/.test(outcome.problem.hint ?? ''), name);
    else assert.match(outcome.problem.hint ?? '', hint, name);
    assert.equal(asked.at(-1), last, name);
    assert.equal(answers.left, 0, name);
    const tries = asked.filter((path) => path === 'order').length;
    if (name.endsWith('for ever')) assert.equal(tries, 5, name);
  }
});
