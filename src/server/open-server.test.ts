/** The server over a real socket, with sources of the test's own: who gets in, what is refused, what is told. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fail, ok } from '../base/result.ts';
import { writeText } from '../host/files.ts';
import { hashPassword } from '../host/password.ts';
import type { Notice } from '../notice/notice.ts';
import { MemoryStore } from '../store/memory-store.ts';
import { LiveFeed } from './live-feed.ts';
import { newLoginToken } from './login-key.ts';
import { openServer, type Server } from './open-server.ts';
import type { Sources } from './sources.ts';

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Of another server. */
  readonly at?: string;
}

const key = 'k'.repeat(43);
const host = 'page.test';
const fromPage = { host, origin: `http://${host}`, 'content-type': 'application/json' };

describe('the server', () => {
  let folder = '';
  let socket = '';
  let server: Server;
  let now = 1_800_000_000_000;
  const feed = new LiveFeed();
  const store = new MemoryStore();
  const audited: string[] = [];
  const asked: string[] = [];
  const silent = fail('unavailable', 'cannot reach the keeper: it must run: nobody listens');

  const sources: Sources = {
    clock: { now: () => now, sleep: async () => await Promise.resolve() },
    store,
    feed,
    host: 'mx.example.test',
    version: '1.2.3',
    ports: () => [],
    clear: () => [],
    recorded: () => [],
    testAgain: () => undefined,
    needed: () => [],
    gauges: () => ({ process_resident_memory_bytes: 5 }),
    counted: () => ({ 'ban relay': 3 }),
    guard: {
      firewall: 'nft',
      isUnderAttack: () => false,
      allow: async ({ target }) => await Promise.resolve(ok(`${target} is never banned`)),
      disallow: async (target) => await Promise.resolve(ok(`${target} may be banned`)),
      allowed: () => ok([]),
      explain: () => ({ said: ['score 0'], sightings: [], needed: 100 }),
      ban: async ({ target }, by) => {
        asked.push(`ban ${target} by ${by}`);
        return await Promise.resolve(ok(`${target} is banned`));
      },
      unban: async (target) => {
        asked.push(`unban ${target}`);
        return await Promise.resolve(ok(`${target} is free`));
      },
    },
    replay: {
      choices: async () => await Promise.resolve({ logs: [{ name: 'mainlog', bytes: 7 }], measures: [] }),
      run: async ({ log, maxretry }) => {
        asked.push(`replay ${log} ${maxretry.join(' ')}`);
        return await Promise.resolve(ok({ lines: 1, tries: [], problems: [] }));
      },
    },
    history: {
      folders: async () => await Promise.resolve(silent),
      changes: async () => await Promise.resolve(silent),
      records: async () => await Promise.resolve(silent),
      record: async () => await Promise.resolve(silent),
      why: async () => await Promise.resolve(silent),
      explain: async () => await Promise.resolve(silent),
      undo: async () => await Promise.resolve(silent),
      settle: async () => await Promise.resolve(silent),
    },
  };

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'portreeve-server-'));
    socket = join(folder, 'page.sock');
    await writeText(join(folder, 'password'), await hashPassword('open sesame'), 0o600);
    server = await open(socket);
  });
  after(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });

  async function open(path: string): Promise<Server> {
    const opened = await openServer({
      listening: { kind: 'socket', path },
      hosts: [host],
      key,
      passwordFile: join(folder, 'password'),
      sessionMs: 3_600_000,
      mayBan: true,
      mayChange: true,
      sources,
      audit: (line) => audited.push(line),
      trouble: (problem) => {
        assert.fail(problem.message);
      },
    });
    assert.ok(opened.ok, JSON.stringify(opened));
    return opened.value;
  }
  async function ask(
    path: string,
    { method = 'GET', headers = { host }, body, at = socket }: Asked = {},
  ): Promise<Answer> {
    return await new Promise((resolve, reject) => {
      // An answer without an end is a failure: the stream, if it were given to anybody.
      const signal = AbortSignal.timeout(20_000);
      const asking = request({ socketPath: at, path, method, headers, signal }, (response) => {
        let text = '';
        response.on('error', reject);
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
        });
      });
      asking.on('error', reject);
      asking.end(body);
    });
  }
  async function logIn(): Promise<{ readonly cookie: string; readonly csrf: string }> {
    const body = JSON.stringify({ token: newLoginToken(key, now) });
    const answer = await ask('/api/login', { method: 'POST', headers: fromPage, body });
    assert.equal(answer.status, 200, answer.text);
    const [cookie = ''] = answer.headers['set-cookie'] ?? [];
    assert.match(cookie, /^portreeve=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict$/);
    const { csrf } = JSON.parse(answer.text) as { csrf: string };
    return { cookie: cookie.split(';')[0] ?? '', csrf };
  }
  /** Each login counts for the rate; the tests share one. */
  let shared: Promise<{ readonly cookie: string; readonly csrf: string }> | undefined;
  async function session(): Promise<{ readonly cookie: string; readonly csrf: string }> {
    shared ??= logIn();
    return await shared;
  }

  test('no route answers without a login but health, readiness, login and the page', async () => {
    const routes = [
      'overview',
      'encryption',
      'timeline',
      'openapi.json',
      'session',
      'stream',
      'changes',
      'guard/bans',
      'guard/address?address=192.0.2.1',
      'guard/series',
      'guard/allowed',
      'guard/replay',
      'history/folders',
      'history/records?folder=/etc',
      'history/record?folder=/etc&commit=abcdef1',
      'history/why?folder=/etc&path=x',
    ];
    for (const name of routes) assert.equal((await ask(`/api/${name}`)).status, 401, name);
    assert.equal((await ask('/metrics')).status, 401);
    for (const name of [
      'guard/ban',
      'guard/unban',
      'guard/allow',
      'guard/disallow',
      'guard/replay',
      'changes/confirm',
      'changes/abort',
      'history/explain',
      'history/undo',
      'encryption/test',
    ])
      assert.equal(
        (await ask(`/api/${name}`, { method: 'POST', headers: fromPage, body: '{}' })).status,
        401,
        name,
      );
    for (const name of ['health', 'ready']) assert.equal((await ask(`/api/${name}`)).status, 200, name);
    // Whatever the document describes needs one too: none can be added beside this list.
    const { cookie } = await session();
    const { paths } = JSON.parse((await ask('/api/openapi.json', { headers: { host, cookie } })).text) as {
      paths: object;
    };
    const described = Object.keys(paths).map((path) => path.replace('/api/', ''));
    assert.ok(described.length >= 14);
    for (const name of described) {
      const listed =
        routes.some((one) => one.split('?')[0] === name) ||
        /^(?:guard|changes|history|encryption)\/\w+$/.test(name);
      assert.ok(listed, name);
    }
  });

  test('a token is good once, for five minutes, and from this key alone', async () => {
    const login = async (token: string): Promise<number> =>
      (await ask('/api/login', { method: 'POST', headers: fromPage, body: JSON.stringify({ token }) }))
        .status;
    const token = newLoginToken(key, now);
    assert.equal(await login(token), 200);
    assert.equal(await login(token), 403);
    assert.equal(await login(newLoginToken('x'.repeat(43), now)), 403);
    assert.equal(await login(newLoginToken(key, now - 300_001)), 403);
    assert.equal(await login(newLoginToken(key, now + 300_001)), 403, 'not from the future');
    assert.equal(await login(token.replace(/^\d+/, String(now + 200_000))), 403);
    assert.equal((await ask('/api/login', { method: 'POST', headers: fromPage, body: '{}' })).status, 400);
    assert.ok(audited.some((line) => line.startsWith('login by token')));
    assert.ok(!audited.some((line) => line.includes(token.slice(20, 50))), 'no token is told');
  });

  test('a session ends with its time, and with a logout', async () => {
    const mine = await logIn();
    const headers = { host, cookie: mine.cookie };
    assert.equal((await ask('/api/session', { headers })).status, 200);
    now += 3_600_001;
    assert.equal((await ask('/api/session', { headers })).status, 401);
    now -= 3_600_001;
    assert.equal(
      (
        await ask('/api/logout', {
          method: 'POST',
          headers: { ...fromPage, cookie: mine.cookie },
          body: '{}',
        })
      ).status,
      200,
    );
    assert.equal((await ask('/api/session', { headers })).status, 401);
  });

  test("what changes something needs the login's own header, this page's origin, and JSON", async () => {
    const { cookie, csrf } = await session();
    const right = { ...fromPage, cookie, 'x-portreeve': csrf };
    const body = JSON.stringify({ target: '192.0.2.7', seconds: 60, reason: 'by hand' });
    const ban = async (headers: Readonly<Record<string, string>>, said = body): Promise<number> =>
      (await ask('/api/guard/ban', { method: 'POST', headers, body: said })).status;
    const { origin: _, ...withoutOrigin } = right;
    const refused: readonly [string, Readonly<Record<string, string>>][] = [
      ['no header', { ...fromPage, cookie }],
      ['a wrong header', { ...right, 'x-portreeve': 'x'.repeat(43) }],
      ['another origin', { ...right, origin: 'https://evil.test' }],
      ['a null origin', { ...right, origin: 'null' }],
      ['an origin that begins like ours', { ...right, origin: `http://${host}.evil.test` }],
      ['no origin', withoutOrigin],
      ['another site', { ...right, 'sec-fetch-site': 'cross-site' }],
      ['a form', { ...right, 'content-type': 'application/x-www-form-urlencoded' }],
      ['text', { ...right, 'content-type': 'text/plain' }],
      ['a name that resolves here', { ...right, host: 'evil.test', origin: 'http://evil.test' }],
    ];
    for (const [why, headers] of refused) assert.equal(await ban(headers), 403, why);
    assert.deepEqual(asked, []);
    assert.equal(
      (await ask('/api/guard/ban', { headers: { host, cookie } })).status,
      404,
      'nothing changes by GET',
    );
    for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS'])
      assert.equal((await ask('/api/guard/bans', { method, headers: right })).status, 403, method);
    for (const wrong of [
      '{"target":"x","seconds":60,"reason":"r"}',
      '{"target":"192.0.2.7"}',
      '[',
      '{"__proto__":{"a":1}}',
    ])
      assert.equal(await ban(right, wrong), 400, wrong);
    assert.equal(await ban({ ...right, 'sec-fetch-site': 'same-origin' }), 200);
    assert.deepEqual(asked, ['ban 192.0.2.7 by page, from the socket']);
    assert.ok(audited.some((line) => line.startsWith('/api/guard/ban {"target":"192.0.2.7"')));
  });

  test('a replay is asked for like a change, and its bounds hold', async () => {
    const { cookie, csrf } = await session();
    const headers = { ...fromPage, cookie, 'x-portreeve': csrf };
    const replay = async (more: object): Promise<number> => {
      const order = {
        log: 'mainlog',
        kind: 'relay',
        maxretry: [2, 3],
        findtime: [600],
        bantime: [60],
        ...more,
      };
      const body = JSON.stringify(order);
      return (await ask('/api/guard/replay', { method: 'POST', headers, body })).status;
    };
    const soFar = asked.length;
    const many = Array.from({ length: 12 }, (_, place) => place + 1);
    for (const wrong of [
      { kind: 'nonsense' },
      { maxretry: [] },
      { maxretry: [0] },
      { bantime: ['1h'] },
      { maxretry: many, findtime: [1, 2, 3, 4], bantime: [1, 2] },
      { more: 1 },
    ])
      assert.equal(await replay(wrong), 400, JSON.stringify(wrong));
    assert.equal(asked.length, soFar);
    assert.equal(await replay({}), 200);
    assert.equal(asked.at(-1), 'replay mainlog 2 3');
  });

  test('every answer forbids frames, scripts of others, sniffing and referrers', async () => {
    for (const path of ['/', '/api/health', '/api/overview', '/nothing']) {
      const { headers } = await ask(path);
      const policy = String(headers['content-security-policy']);
      assert.match(policy, /default-src 'none'/, path);
      assert.match(policy, /script-src 'self'(?:;|$)/);
      assert.match(policy, /frame-ancestors 'none'/);
      assert.doesNotMatch(policy, /unsafe/);
      assert.equal(headers['x-frame-options'], 'DENY');
      assert.equal(headers['x-content-type-options'], 'nosniff');
      assert.equal(headers['referrer-policy'], 'no-referrer');
    }
  });

  test('paths lead nowhere else', async () => {
    for (const path of [
      '/assets/../package.json',
      '/assets/%2e%2e%2fpackage.json',
      '/assets/..%5c',
      '//etc/passwd',
      '/assets/%00',
      '/.git/config',
      '/src/web/main.tsx',
    ]) {
      const { status, text } = await ask(path);
      assert.ok([400, 404].includes(status), `${path}: ${status} ${text}`);
    }
  });

  test('bodies and headers have an end', async () => {
    const { cookie, csrf } = await session();
    const headers = { ...fromPage, cookie, 'x-portreeve': csrf };
    const big = JSON.stringify({ target: '192.0.2.7', seconds: 60, reason: 'x'.repeat(70_000) });
    assert.equal((await ask('/api/guard/ban', { method: 'POST', headers, body: big })).status, 413);
    assert.equal((await ask('/api/health', { headers: { host, x: 'y'.repeat(20_000) } })).status, 431);
  });

  test('who sends nothing, or a header or a body without end, is let go in time, and keeps nobody waiting', {
    skip: process.env['PORTREEVE_NIGHTLY'] === undefined ? 'each night: npm run nightly' : false,
    timeout: 60_000,
  }, async (context) => {
    // A server that has just begun: Node looks for slow clients each 30 s by itself, and the first look of that would be too late.
    const path = join(folder, 'slow.sock');
    const patient = await open(path);
    context.after(async () => {
      await patient.close();
    });
    const begun = performance.now();
    const held = async (head: string): Promise<number> => {
      const client = connect(path);
      client.on('error', () => undefined).resume();
      client.write(head);
      const drip = head === '' ? undefined : setInterval(() => client.write('y'), 500);
      await new Promise((resolve) => client.on('close', resolve));
      clearInterval(drip);
      return (performance.now() - begun) / 1000;
    };
    const slow = [
      '',
      `GET /api/health HTTP/1.1\r\nHost: ${host}\r\nX: `,
      `POST /api/login HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n{`,
    ].map(held);
    assert.equal((await ask('/api/health', { at: path })).status, 200);
    for (const seconds of await Promise.all(slow)) assert.ok(seconds < 22, `let go after ${seconds} s`);
  });

  test('a header of a client does not get into an answer', async () => {
    const answer = await new Promise<string>((resolve) => {
      const client = connect(socket, () => {
        client.write(
          `GET /api/health%0d%0aset-cookie:x=1 HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
        );
      });
      let text = '';
      client.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      client.on('close', () => {
        resolve(text);
      });
    });
    assert.match(answer, /^HTTP\/1\.1 404/);
    assert.doesNotMatch(answer, /set-cookie/i);
  });

  test('a silent keeper makes one answer unknown', async () => {
    const { cookie } = await session();
    const { status, text } = await ask('/api/overview', { headers: { host, cookie } });
    assert.equal(status, 200);
    const overview = JSON.parse(text) as Record<'guarded' | 'accountable', { state: string; answer: string }>;
    assert.equal(overview.guarded.state, 'good');
    assert.deepEqual(
      [overview.accountable.state, overview.accountable.answer],
      ['unknown', 'the keeper does not answer'],
    );
    assert.equal((await ask('/api/history/folders', { headers: { host, cookie } })).status, 503);
  });

  test('metrics are for a login or their token', async () => {
    const { metricsToken } = await import('./login-key.ts');
    const headers = { host, authorization: `Bearer ${metricsToken(key)}` };
    const { status, text } = await ask('/metrics', { headers });
    assert.equal(status, 200);
    assert.match(text, /^portreeve_bans_in_force 0$/m);
    assert.match(text, /^portreeve_events_total\{event="ban relay"\} 3$/m);
    assert.equal((await ask('/metrics', { headers: { host, authorization: 'Bearer x' } })).status, 401);
    assert.equal((await ask('/api/overview', { headers })).status, 401, 'and open nothing else');
  });

  test('the live view tells a flood in few messages, and lets go of who does not read', {
    timeout: 20_000,
  }, async () => {
    const { cookie } = await session();
    const slow = connect(socket);
    slow.pause();
    slow.on('error', () => undefined);
    slow.write(`GET /api/stream HTTP/1.1\r\nHost: ${host}\r\nCookie: ${cookie}\r\n\r\n`);
    const reader = request({ socketPath: socket, path: '/api/stream', headers: { host, cookie } });
    const messages: { notices: Notice[]; more: number }[] = [];
    reader.on('response', (response) => {
      assert.equal(response.headers['content-type'], 'text/event-stream');
      assert.match(String(response.headers['content-security-policy']), /default-src 'none'/);
      let partial = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        const parts = (partial + chunk).split('\n\n');
        partial = parts.pop() ?? '';
        for (const part of parts)
          if (part.startsWith('data: '))
            messages.push(JSON.parse(part.slice(6)) as (typeof messages)[number]);
      });
    });
    reader.end();
    await sleep(200);
    const closed = new Promise((resolve) => slow.on('close', resolve));
    for (let round = 0; round < 24; round += 1) {
      for (let place = 0; place < 1000; place += 1)
        feed.add({ kind: 'ban', at: now, title: 'x'.repeat(500), lines: [], subject: 's', urgency: 'told' });
      await sleep(260);
    }
    reader.destroy();
    slow.resume();
    await closed;
    assert.ok(messages.length >= 15 && messages.length <= 30, String(messages.length));
    assert.ok(messages.every(({ notices }) => notices.length <= 50));
    assert.equal(messages.reduce((sum, { notices, more }) => sum + notices.length + more, 0) % 1000, 0);
    assert.equal(feed.latest(5000).length <= 2000, true);
  });

  test('guesses by the thousand get nowhere, and disturb nobody who is in', {
    timeout: 120_000,
  }, async () => {
    const rounds = process.env['PORTREEVE_NIGHTLY'] === undefined ? 10 : 100;
    const { cookie } = await session();
    const statuses = new Map<number, number>();
    const guess = async (place: number): Promise<number> => {
      const body =
        place % 2 === 0
          ? { password: `guess ${place}` }
          : { token: `${now}.${'a'.repeat(43)}.${'b'.repeat(64)}` };
      return (await ask('/api/login', { method: 'POST', headers: fromPage, body: JSON.stringify(body) }))
        .status;
    };
    for (let round = 0; round < rounds; round += 1) {
      const guesses = Array.from({ length: 100 }, async (_, place) => await guess(place));
      for (const status of await Promise.all(guesses)) statuses.set(status, 1 + (statuses.get(status) ?? 0));
    }
    assert.equal(statuses.get(200), undefined);
    assert.ok((statuses.get(429) ?? 0) >= rounds * 100 - 20, JSON.stringify([...statuses]));
    assert.equal((await ask('/api/overview', { headers: { host, cookie } })).status, 200);
  });
});
