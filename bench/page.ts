/**
 * What the page costs, and how fast it is (npm run bench:page, or a part of it: -- answers, paint, flood):
 * - every answer of the API, from a store with 100,000 bans in force and 1,000,000 sightings of a week;
 * - the overview in a real browser, from a real agent in the lab with the same store: until there is something to see,
 *   and until the three answers are there;
 * - the agent under a flood of 20,000 lines a second, with 50 pages watching and with none: how long from a line to
 *   the ban, and how much memory. Bans go to nobody: what is measured is the agent, not the kernel.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type ClientRequest, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkout } from '../src/host/checkout.ts';
import { ownProgram } from '../src/host/own-program.ts';
import { startAgent } from '../src/lab/defence/agent.ts';
import { openLab } from '../src/lab/lab.ts';
import { fail, ok } from '../src/base/result.ts';
import { LiveFeed } from '../src/server/live-feed.ts';
import { newLoginToken, openLoginKey } from '../src/server/login-key.ts';
import { openServer } from '../src/server/open-server.ts';
import { fillStore } from './page-store.ts';
import { openStore } from '../src/store/open-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'portreeve-bench-page-'));
const parts = process.argv.slice(2);
const isAsked = (part: string): boolean => parts.length === 0 || parts.includes(part);
try {
  if (isAsked('answers')) await answers();
  if (isAsked('paint')) await paint();
  if (isAsked('flood')) {
    const alone = await flood(0);
    const watched = await flood(50);
    console.log(
      `bans delayed by 50 pages: p50 ${(watched.p50 - alone.p50).toFixed(1)} ms, p99 ${(watched.p99 - alone.p99).toFixed(1)} ms (asked: 5)`,
    );
  }
} finally {
  rmSync(folder, { recursive: true });
}

function quantile(values: readonly number[], share: number): number {
  return (
    values.toSorted((one, other) => one - other)[
      Math.min(values.length - 1, Math.floor(values.length * share))
    ] ?? 0
  );
}

async function answers(): Promise<void> {
  const now = Date.now();
  await fillStore(join(folder, 'store'), now);
  const opened = await openStore(join(folder, 'store'), now);
  if (!opened.ok) throw new Error(opened.problem.message);
  const { store } = opened.value;
  const silent = fail('unavailable', 'no keeper in this measurement');
  const none = async (): Promise<typeof silent> => await Promise.resolve(silent);
  const socket = join(folder, 'page.sock');
  const server = await openServer({
    listening: { kind: 'socket', path: socket },
    hosts: ['bench'],
    key: 'k'.repeat(43),
    passwordFile: '/nonexistent',
    sessionMs: 3_600_000,
    mayBan: true,
    mayChange: true,
    audit: () => undefined,
    trouble: (problem) => {
      throw new Error(problem.message);
    },
    sources: {
      clock: { now: Date.now, sleep: async () => await Promise.resolve() },
      store,
      feed: new LiveFeed(),
      host: 'bench',
      version: '0',
      ports: () => [],
      clear: () => [],
      recorded: () => [],
      testAgain: () => undefined,
      needed: () => [],
      gauges: () => ({}),
      counted: () => ({}),
      guard: {
        firewall: 'nft',
        isUnderAttack: () => false,
        allow: async ({ target }) => await Promise.resolve(ok(`${target} is never banned`)),
        disallow: async (target) => await Promise.resolve(ok(`${target} may be banned`)),
        allowed: () => ok([]),
        explain: () => ({ said: [], sightings: [], needed: 100 }),
        ban: none,
        unban: none,
      },
      replay: { choices: async () => await Promise.resolve({ logs: [], measures: [] }), run: none },
      history: {
        folders: none,
        changes: none,
        records: none,
        record: none,
        why: none,
        explain: none,
        undo: none,
        settle: none,
      },
    },
  });
  if (!server.ok) throw new Error(server.problem.message);
  const cookie = await logIn({ socketPath: socket }, 'k'.repeat(43), 'bench');
  const paths = [
    'overview',
    'encryption',
    'timeline',
    'guard/bans?limit=200',
    'guard/bans?search=relay&limit=200',
    'guard/bans?search=198.18.3&limit=200',
    'guard/bans?search=nowhere&limit=200',
    'guard/address?address=198.18.0.9',
    'guard/series?minutes=60',
    'guard/series?minutes=1440&points=288',
    'guard/series?minutes=10080',
    'guard/series?minutes=129600',
  ];
  console.log('answers, 100,000 bans and 1,000,000 sightings       p50      p95 (asked: 100 ms)');
  for (const path of paths) {
    const times: number[] = [];
    for (let round = 0; round < 40; round += 1) {
      const begun = performance.now();
      await ask({ socketPath: socket, path: `/api/${path}`, headers: { host: 'bench', cookie } });
      times.push(performance.now() - begun);
    }
    console.log(
      `  /api/${path.padEnd(42)} ${quantile(times, 0.5).toFixed(1).padStart(6)} ${quantile(times, 0.95).toFixed(1).padStart(8)} ms`,
    );
  }
  await server.value.close();
  store.close();
}

interface Asking {
  readonly socketPath?: string;
  readonly port?: number;
  readonly path: string;
  readonly method?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

async function ask({ body, ...asking }: Asking): Promise<{ readonly text: string; readonly cookie: string }> {
  return await new Promise((resolve, reject) => {
    const asked = request(asking, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => {
        if (response.statusCode === 200)
          resolve({ text, cookie: response.headers['set-cookie']?.[0]?.split(';')[0] ?? '' });
        else reject(new Error(`${asking.path}: ${response.statusCode ?? 0} ${text}`));
      });
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

async function logIn(
  place: { readonly socketPath?: string; readonly port?: number },
  key: string,
  host: string,
): Promise<string> {
  const headers = { host, origin: `http://${host}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ token: newLoginToken(key, Date.now()) });
  return (await ask({ ...place, path: '/api/login', method: 'POST', headers, body })).cookie;
}

async function paint(): Promise<void> {
  const more = [
    { name: 'chromium-headless-shell', why: 'a browser that looks at the page' },
    { name: 'fonts-dejavu-core', why: 'letters for it' },
  ];
  const lab = await openLab({ more, tell: () => undefined });
  if (!lab.ok) throw new Error(lab.problem.message);
  const machine = lab.value;
  const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' };
  const succeed = async (argv: readonly string[]): Promise<string> => {
    const ran = await machine.succeed('measure the page', argv, { env, timeoutMs: 120_000 });
    if (!ran.ok) throw new Error(ran.problem.message);
    return ran.value.stdout;
  };
  try {
    const state = '/var/lib/portreeve/agent';
    await succeed([process.execPath, join(checkout, 'bench/page-store.ts'), state]);
    await succeed(['chown', '-R', 'portreeve:portreeve', state]);
    const agent = await startAgent(machine, () => undefined);
    if (!agent.ok) throw new Error(agent.problem.message);
    const login = await succeed([...ownProgram, '--json', 'web', 'login']);
    const { url } = JSON.parse(login) as { readonly url: string };
    const seen = JSON.parse(
      await succeed([process.execPath, join(checkout, 'bench/page-paint.ts'), url]),
    ) as {
      readonly first: readonly number[];
      readonly answers: readonly number[];
    };
    for (const [what, times] of Object.entries(seen))
      console.log(
        `overview, ${what.padEnd(8)} p50 ${quantile(times, 0.5).toFixed(0)} ms, at most ${Math.max(...times).toFixed(0)} ms of ${times.length} (asked: 1000)`,
      );
    await agent.value.stop();
  } finally {
    await machine.close();
  }
}

async function flood(pages: number): Promise<{ readonly p50: number; readonly p99: number }> {
  const state = join(folder, `state-${pages}`);
  const log = join(folder, `mainlog-${pages}`);
  writeFileSync(log, '');
  const port = 20_000 + Math.floor(Math.random() * 20_000);
  const agent = spawn(
    process.execPath,
    [
      join(checkout, 'src/cli/main.ts'),
      '--json',
      'agent',
      '--log',
      log,
      '--set',
      `server.listen=127.0.0.1:${port}`,
    ],
    {
      env: { ...process.env, PORTREEVE_STATE: state },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const banned = new Map<string, number>();
  const written = new Map<string, number>();
  const lines = createInterface({ input: agent.stdout });
  lines.on('line', (line) => {
    const { type, address } = JSON.parse(line) as { readonly type: string; readonly address?: string };
    if (type === 'ban' && address !== undefined) banned.set(address, performance.now());
  });
  await once(lines, 'line');
  await sleep(2500);
  const watching: ClientRequest[] = [];
  if (pages > 0) {
    const key = await openLoginKey(join(state, 'agent'));
    if (!key.ok) throw new Error(key.problem.message);
    const host = `127.0.0.1:${port}`;
    const cookie = await logIn({ port }, key.value, host);
    for (let page = 0; page < pages; page += 1) {
      const asked = request(
        { port, host: '127.0.0.1', path: '/api/stream', headers: { host, cookie } },
        (response) => response.resume(),
      );
      asked.on('error', () => undefined);
      asked.end();
      watching.push(asked);
    }
    await sleep(500);
  }
  // Each 50 ms a thousand lines of noise, and the three lines that make a ban in the midst of them. The first two
  // seconds are not counted: the agent's code is compiled then.
  const warmUp = 40;
  for (let tick = 0; tick < warmUp + 500; tick += 1) {
    const due = performance.now() + 50;
    const address = `198.18.${tick >> 6}.${10 + (tick & 63)}`;
    const noise = Array.from(
      { length: 498 },
      (_, place) =>
        `2026-11-24 09:00:00 SMTP connection from [198.51.${place & 63}.${tick & 255}] closed by QUIT\n`,
    ).join('');
    const relay = `2026-11-24 09:00:00 H=(x) [${address}] F=<a@b.example> rejected RCPT <x@elsewhere.invalid>: relay not permitted\n`;
    if (tick >= warmUp) written.set(address, performance.now());
    appendFileSync(log, noise + relay.repeat(3) + noise);
    await sleep(Math.max(0, due - performance.now()));
  }
  // An agent that is behind catches up.
  for (
    let waited = 0;
    waited < 200 && [...written.keys()].some((address) => !banned.has(address));
    waited += 1
  )
    await sleep(100);
  const memory =
    Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${agent.pid ?? 0}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  for (const asked of watching) asked.destroy();
  agent.kill('SIGTERM');
  await once(agent, 'close');
  const delays = [...written].flatMap(([address, at]) =>
    banned.has(address) ? [(banned.get(address) ?? 0) - at] : [],
  );
  const [p50, p99] = [quantile(delays, 0.5), quantile(delays, 0.99)];
  console.log(
    `${String(pages).padStart(3)} pages: ${delays.length} of ${written.size} banned, line to ban p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms; memory at most ${memory.toFixed(0)} MiB (asked: 200)`,
  );
  return { p50, p99 };
}
