/**
 * Looks at the page with a real browser, inside a lab machine: each page is opened, read, compared with the API,
 * checked by axe, and used. Prints what it found as one JSON object; throws where something is not as it should be.
 *
 * Arguments: the link that `portreeve web login` has printed, a folder for screenshots, and a banned address.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { isDeepStrictEqual } from 'node:util';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { ownProgram } from '../../src/host/own-program.ts';
import { run } from '../../src/host/run.ts';
import type { Encryption } from '../../src/server/api/encryption.ts';
import { counted } from '../../src/base/counted.ts';
import { printable } from '../../src/base/printable.ts';
import type { Bans, Series } from '../../src/server/api/guard.ts';
import type { Folders, Records } from '../../src/server/api/history.ts';
import type { Overview } from '../../src/server/api/overview.ts';
import type { Replayed } from '../../src/server/api/replay.ts';
import type { Timeline } from '../../src/server/api/timeline.ts';

const [link = '', shots = '', banned = ''] = process.argv.slice(2);
const origin = new URL(link).origin;
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Finding {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string }[];
}

const browser = await chromium.launch({
  executablePath: '/usr/lib/chromium/chromium-headless-shell',
  args: ['--no-sandbox', '--disable-gpu'],
});
const context = await browser.newContext({ colorScheme: 'light', viewport: { width: 1280, height: 900 } });
const page = await context.newPage();
const complaints: string[] = [];
page.on('console', (message) => {
  if (message.type() === 'error') complaints.push(message.text());
});
page.on('pageerror', (error) => complaints.push(error.message));
// The token of the link is in no address that is asked for, and no header tells it.
const token = /login=([\w.-]+)/.exec(link)?.[1] ?? assert.fail();
page.on('request', (request) => {
  const told = `${request.url()} ${JSON.stringify(request.headers())}`;
  if (told.includes(token)) complaints.push(`the token is told: ${told}`);
  if ((request.headers()['referer'] ?? '') !== '') complaints.push(`a referrer is told: ${told}`);
});
page.on('dialog', (dialog) => {
  complaints.push(`a dialog: ${dialog.message()}`);
  void dialog.dismiss();
});

const found: Record<string, unknown> = {};
try {
  await page.goto(link);
  await page.getByRole('heading', { name: /Overview of/ }).waitFor();
  assert.doesNotMatch(page.url(), /login=/, 'the token has left the address bar');
  await page.locator('.card').first().waitFor();
  // Opened again with a warm server: what a person waits for.
  await page.goto('about:blank');
  await page.goto(`${origin}/`);
  await page.locator('.card').first().waitFor();
  found['firstPaintMs'] = await page.evaluate(
    () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,
  );
  found['cardsMs'] = await page.evaluate(() => performance.now());
  await shoot('overview');
  await agree(
    'the cards',
    async () => await page.locator('.card .answer').allTextContents(),
    async () => {
      const { encrypted, guarded, accountable } = await api<Overview>('/api/overview');
      return [encrypted, guarded, accountable].map(
        ({ state, answer }) => `${state}: ${answer.charAt(0).toUpperCase()}${answer.slice(1)}`,
      );
    },
  );

  const pages = [
    ['encryption', 'Encryption'],
    ['guard', 'Guard'],
    ['history', 'History'],
    ['timeline', 'Timeline'],
  ] as const;
  for (const [name, title] of pages) {
    await page.getByRole('link', { name: title, exact: true }).click();
    await page.getByRole('heading', { name: title, level: 1 }).waitFor();
    await page.waitForTimeout(300);
    assert.deepEqual(await accessible(page), [], name);
  }

  await framed();
  await encryption();
  await chartOfGuard();
  await timeline();

  await page.goto(`${origin}/#/encryption`);
  const { ports } = await api<Encryption>('/api/encryption');
  assert.deepEqual(
    ports.map(({ port }) => port),
    [25, 465, 587],
  );
  for (const { port, cipher = '', findings, audit } of ports) {
    const shown = page.locator(`article[data-port="${port}"]`);
    await shown.getByText(cipher).first().waitFor();
    assert.equal(
      await shown.locator('.findings li').count(),
      findings.length + (audit?.findings.length ?? 0),
      `port ${port}`,
    );
  }

  await page.goto(`${origin}/#/guard`);
  await page.locator('table.bans tbody tr').first().waitFor();
  const bansShown = async (): Promise<unknown> => ({
    total: Number(await page.locator('#bans .count').textContent()),
    targets: await page.locator('table.bans tbody td:first-child').allTextContents(),
  });
  await agree('the bans', bansShown, async () => {
    const { total, bans } = await api<Bans>('/api/guard/bans?limit=200');
    return { total, targets: bans.map(({ target }) => target) };
  });
  await agree(
    'the bans, as the command line lists them',
    async () => (await page.locator('table.bans tbody td:first-child').allTextContents()).toSorted(),
    async () =>
      (await command<readonly { target: string }[]>('guard', 'bans')).map(({ target }) => target).toSorted(),
  );
  const { total } = await api<Bans>('/api/guard/bans?limit=200');
  found['bans'] = total;
  const row = page.locator(`tr[data-target="${banned}"]`);
  await row.getByRole('link').click();
  await page.getByRole('heading', { name: banned, level: 1 }).waitFor();
  await page.getByText('Banned.', { exact: true }).waitFor();
  // The line of the log holds markup and a character that turns the direction of writing.
  const evidence = await page.locator('article pre').first().textContent();
  assert.match(evidence ?? '', /<script>/, 'shown as it is');
  assert.match(evidence ?? '', /\\u\{202e\}|\\342\\200\\256/, 'and odd characters by name');
  assert.equal(await page.evaluate(() => (globalThis as { pwned?: unknown }).pwned), undefined);
  await shoot('address');
  // Let be by hand, it is free; and may be banned again.
  await page.getByRole('button', { name: /^Never ban it/ }).click();
  await page.getByText('Not banned.', { exact: true }).waitFor();
  await page.getByText('Never banned', { exact: true }).waitFor();
  const allowed = await command<readonly { readonly target: string; readonly by: string }[]>(
    'guard',
    'allow',
  );
  assert.deepEqual(
    allowed.map(({ target, by }) => [target, by]),
    [[banned, 'page, from 127.0.0.1']],
  );
  await page.getByRole('button', { name: /^Let it be banned again/ }).click();
  await page.getByRole('button', { name: /^Never ban it/ }).waitFor();
  await command('guard', 'ban', banned, '--for', '1h');
  await page.getByRole('button', { name: `Unban ${banned}` }).click();
  await page.getByText('Not banned.', { exact: true }).waitFor();

  await replay();

  await page.goto(`${origin}/#/history`);
  await page.locator('li.record').first().waitFor();
  await shoot('history');
  await agree(
    'the records',
    async () => await page.locator('li.record code').allTextContents(),
    async () =>
      (await api<Records>('/api/history/records?folder=%2Fetc%2Fexim4&limit=30')).records.map(({ commit }) =>
        commit.slice(0, 12),
      ),
  );
  assert.equal(
    await page.locator('li.record').count(),
    (await command<readonly unknown[]>('history', 'log', '/etc/exim4')).length,
    'as the command line lists them',
  );
  const record = page.locator('li.record.needed').first();
  await record.waitFor();
  await record.getByPlaceholder('Why was it changed?').fill('a test of the page');
  await record.getByRole('button', { name: 'Explain' }).click();
  await page.locator('.explained', { hasText: 'a test of the page' }).waitFor();
  const { folders } = await api<Folders>('/api/history/folders');
  assert.equal(folders[0]?.unexplained.length, 0);
  await page
    .locator('article.waiting')
    .getByRole('button', { name: /^Keep it/ })
    .click();
  await page.locator('article.waiting').waitFor({ state: 'detached' });
  // What has been done is asked for no more.
  await page.goto(`${origin}/#/overview`);
  const asked = page.locator('.needed .tag').filter({ hasText: /^(?:drift|change)$/ });
  await agree(
    'what needs a person',
    async () => await asked.count(),
    async () => await Promise.resolve(0),
  );
  await page.goto(`${origin}/#/history`);

  await page.locator('li.record', { hasText: 'drift: hubbed_hosts' }).locator('a').first().click();
  await page.getByRole('heading', { name: /^Record/ }).waitFor();
  await page.locator('.patch .number button').last().click();
  await page.locator('.why li').first().waitFor();
  await shoot('record');

  await undo();

  // The keyboard alone reaches the content and the pages.
  await page.goto(`${origin}/#/overview`);
  await page.reload();
  await page.locator('.card').first().waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate('document.activeElement.tagName'), 'H1');

  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  await shoot('overview-dark');
  await page.setViewportSize({ width: 390, height: 844 });
  for (const name of ['overview', 'guard', 'history']) {
    await page.goto(`${origin}/#/${name}`);
    await page.waitForTimeout(500);
    const wide = Number(
      await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'),
    );
    assert.ok(wide <= 0, `${name} is ${wide} px too wide for a phone`);
  }
  await shoot('phone');
  found['axe'] = await accessible(page);

  assert.deepEqual(complaints, []);
  await page.setViewportSize({ width: 1280, height: 900 });
  await cutOff();
  await logOutAndBack(context);
  process.stdout.write(`${JSON.stringify(found)}\n`);
} catch (error) {
  await page.screenshot({ path: `${shots}/failed.png`, fullPage: true });
  process.stderr.write(`${complaints.join('\n')}\n${await page.locator('body').innerText()}\n`);
  throw error;
} finally {
  await browser.close();
}

/** The change that nobody had made is taken back by two clicks, and the undo kept by a third. */
async function undo(): Promise<void> {
  const button = page.getByRole('button', { name: /^Undo/ });
  await button.click();
  await page.getByRole('button', { name: 'Undo it now?' }).click();
  await page.getByText('It is undone, rehearsed and proved.').waitFor({ timeout: 60_000 });
  assert.doesNotMatch(readFileSync('/etc/exim4/hubbed_hosts', 'utf8'), /by nobody/);
  await page.goto(`${origin}/#/history`);
  const waiting = page.locator('article.waiting', { hasText: 'undo' });
  await waiting.getByRole('button', { name: /^Keep it/ }).click();
  await waiting.waitFor({ state: 'detached' });
  const [, undone] = await command<readonly { readonly reason: string }[]>('history', 'log', '/etc/exim4');
  assert.match(undone?.reason ?? '', /^undo [0-9a-f]{12}: drift: hubbed_hosts/);
}

/** Another site cannot show the page in a frame of its own and have its buttons clicked. */
async function framed(): Promise<void> {
  const other = await context.newPage();
  await other.setContent(`<iframe src="${origin}/"></iframe>`);
  await other.waitForTimeout(1000);
  const [, frame] = other.frames();
  const shown = await frame
    ?.locator('body')
    .innerText()
    .catch(() => '');
  assert.doesNotMatch(shown ?? '', /Portreeve|Log out|Guarded/);
  assert.notEqual(frame?.url().startsWith(origin), true, 'it is not shown');
  await other.close();
}

/** The texts of the cells of each row. */
async function cells(rows: string): Promise<string[][]> {
  const script = `[...document.querySelectorAll('${rows}')].map((row) => [...row.cells].map((cell) => cell.textContent))`;
  return await page.evaluate<string[][]>(script);
}

/** What the page asks for next: it is shown as it was answered, whatever has happened since. */
async function answered<Answer>(path: string): Promise<Answer> {
  const response = await page.waitForResponse((one) => one.url().startsWith(`${origin}${path}`), {
    timeout: 40_000,
  });
  return (await response.json()) as Answer;
}

/** Grades, certificates and peers in clear; shares of the day's mail. */
async function encryption(): Promise<void> {
  await page.goto(`${origin}/#/encryption`);
  await page.getByRole('button', { name: /^Test again/ }).click();
  await page.getByText('The ports are tested one after the other').waitFor();
  // Some forty connections a port, five a second.
  await page.locator('.port .audit').nth(2).waitFor({ timeout: 90_000 });
  await agree(
    'the grades',
    async () => await page.locator('.port .audit summary').allTextContents(),
    async () =>
      (await api<Encryption>('/api/encryption')).ports.map(
        ({ audit }) =>
          `Grade ${audit?.grade}: ${audit?.because} ${counted(audit?.findings.length ?? 0, 'finding')}, audited ${clock(audit?.at ?? 0)}`,
      ),
  );
  const { ports } = await api<Encryption>('/api/encryption');
  const audit = [
    'tls',
    'audit',
    '--gentle',
    '--resolver',
    'none',
    '--name',
    'mx.example.test',
    '127.0.0.1:25',
  ];
  const { grade } = await command<{ readonly grade: { readonly grade: string; readonly because: string } }>(
    ...audit,
  );
  assert.deepEqual([ports[0]?.audit?.grade, ports[0]?.audit?.because], [grade.grade, grade.because]);
  const peersShown = async (): Promise<string[]> =>
    (await cells('table.clear tbody tr')).map((row) => row.slice(0, 3).join(' '));
  await agree('the peers in clear', peersShown, async () => {
    const { clear } = await api<Encryption>('/api/encryption');
    return clear.map(
      ({ direction, domain, clear: count, messages }) =>
        `${domain} ${direction === 'in' ? 'comes' : 'goes'} ${count} of ${messages}`,
    );
  });
  interface Way {
    readonly messages: number;
    readonly encrypted: number;
    readonly domains: readonly {
      readonly domain: string;
      readonly messages: number;
      readonly encrypted: number;
    }[];
  }
  const traffic = async (): Promise<Way> =>
    (await command<{ readonly in: Way }>('tls', 'traffic', '/var/log/exim4/mainlog')).in;
  // Mail goes on: what the page shows, which is some seconds old, lies between two counts over the log.
  const before = await traffic();
  await page.waitForTimeout(8000);
  const [, shownEncrypted = 0, shownMessages = 0] = (
    /(\d+) of (\d+)$/.exec((await page.locator('.shares dd').first().textContent()) ?? '') ?? []
  ).map(Number);
  const now = await traffic();
  const between = (least: number, shown: number, most: number): boolean => least <= shown && shown <= most;
  assert.ok(
    between(before.messages, shownMessages, now.messages) &&
      between(before.encrypted, shownEncrypted, now.encrypted),
    `the share of encrypted mail: ${shownEncrypted} of ${shownMessages}: ${JSON.stringify([before, now])}`,
  );
  await agree(
    'the peers in clear, as the command line finds them in the log',
    async () =>
      (await peersShown())
        .flatMap((row) => (row.includes(' comes ') ? [row.replace(/ comes (\d+) of \d+$/, ' $1')] : []))
        .toSorted(),
    async () =>
      (await traffic()).domains
        .filter(({ messages, encrypted }) => encrypted < messages)
        .map(({ domain, messages, encrypted }) => `${domain} ${messages - encrypted}`)
        .toSorted(),
  );
  await shoot('encryption');
}

function clock(at: number): string {
  return new Date(at).toLocaleTimeString('en-GB', { hour12: false });
}

/** Each figure of the chart, by the table that stands under it. */
async function chartOfGuard(): Promise<void> {
  await page.goto(`${origin}/#/guard`);
  await page.locator('.chart summary').click();
  await page.locator('table.figures tbody tr').first().waitFor();
  const { from, step, rows } = await answered<Series>('/api/guard/series?minutes=60');
  const columns = (await page.locator('table.figures thead th').allTextContents()).slice(1);
  for (const kind of Object.keys(rows)) {
    const name = kind.replace(/^sighting /, '');
    if (kind.startsWith('sighting ') && name !== 'turned-away') assert.ok(columns.includes(name), name);
  }
  const isOf = (column: string, name: string): boolean =>
    column === 'bans'
      ? name.startsWith('ban ') || name === 'jail-ban'
      : column === 'mail accepted'
        ? name === column
        : name === `sighting ${column.replace(' ', '-')}`;
  const places = Object.values(rows)[0]?.length ?? 0;
  const sum = (column: string, place: number): number =>
    Object.entries(rows).reduce((all, [name, row]) => all + (isOf(column, name) ? (row[place] ?? 0) : 0), 0);
  const expected = Array.from({ length: places }, (_, place) => [
    from + place * step,
    ...columns.map((column) => sum(column, place)),
  ])
    .filter(([, ...counts]) => counts.some((count) => count > 0))
    .toReversed();
  assert.ok(expected.length > 0 && columns.length >= 6, `${expected.length} ${columns.join()}`);
  await agree(
    'the chart of the guard',
    async () => {
      const minutes = await page.evaluate<number[]>(
        "[...document.querySelectorAll('table.figures tbody tr')].map((row) => Number(row.dataset.minute))",
      );
      const counts = await cells('table.figures tbody tr');
      return minutes.map((minute, place) => [minute, ...(counts[place] ?? []).slice(1).map(Number)]);
    },
    async () => await Promise.resolve(expected),
  );
  const column = columns.indexOf('bans');
  await agree(
    'the bans of the chart, as the command line lists them',
    async () => Number(await page.locator('table.figures tfoot td').nth(column).textContent()),
    async () => (await command<readonly unknown[]>('guard', 'bans', '--since', '1h')).length,
  );
  await page.locator('.chart summary').click();
  await shoot('guard');
}

/** All that happened: as the API tells it, and so that no ban and no record is missing. */
async function timeline(): Promise<void> {
  await page.goto(`${origin}/#/timeline`);
  await page.locator('.notices > li').first().waitFor();
  const { notices } = await answered<Timeline>('/api/timeline');
  const titles = async (): Promise<string[]> =>
    await page.locator('.notices > li > p > bdi').allTextContents();
  await agree('the timeline', titles, async () =>
    Promise.resolve(notices.map(({ title }) => printable(title))),
  );
  const records = await command<readonly { readonly reason: string; readonly person: string }[]>(
    'history',
    'log',
    '/etc/exim4',
  );
  const shown = await titles();
  for (const { reason, person } of records)
    assert.ok(
      shown.includes(`recorded: ${reason.split('\n')[0] ?? ''} (${person})`),
      `${reason}: ${shown.join(' | ')}`,
    );
  for (const { target } of await command<readonly { readonly target: string }[]>('guard', 'bans'))
    await page
      .locator('.notices > li', { hasText: `${target} is banned for` })
      .first()
      .waitFor();
  assert.equal(
    await page.locator('.chart .mark-line').textContent(),
    `changes: ${records.length}`,
    'a line down the chart for each',
  );
  await shoot('timeline');
}

/** A log that nobody writes to any more, by the page and by the command line. */
async function replay(): Promise<void> {
  await page.goto(`${origin}/#/guard/replay`);
  await page.getByLabel('Log').selectOption('mainlog.1');
  await page.getByLabel('Rule').selectOption('greeting');
  const coming = page.waitForResponse(
    (response) => response.url().endsWith('/api/guard/replay') && response.request().method() === 'POST',
  );
  await page.getByRole('button', { name: 'Replay', exact: true }).click();
  const replayed = (await (await coming).json()) as Replayed;
  await page.locator('table.tries tbody tr').first().waitFor();
  const { maxretry, bans, sightings, prevented } =
    replayed.tries.find((one) => one.maxretry === 2) ?? assert.fail();
  assert.ok(sightings > 0);
  const again = await command<{
    readonly tries: readonly { bans: number; sightings: number; prevented: number }[];
  }>('guard', 'replay', '/var/log/exim4/mainlog.1', '--sweep', `guard.greeting.maxretry=${maxretry}`);
  const [one] = again.tries;
  assert.deepEqual([one?.bans, one?.sightings, one?.prevented], [bans, sightings, prevented]);
  await shoot('replay');
}

async function command<Answer>(...argv: readonly string[]): Promise<Answer> {
  const ran = await run([...ownProgram, '--json', ...argv]);
  assert.ok(ran.ok, JSON.stringify(ran));
  assert.ok(ran.value.status < 2, ran.value.stderr);
  return JSON.parse(ran.value.stdout) as Answer;
}

/** The attack goes on: what is shown is a moment old. */
async function agree(
  what: string,
  shown: () => Promise<unknown>,
  told: () => Promise<unknown>,
): Promise<void> {
  for (let tries = 0; tries < 60; tries += 1) {
    if (isDeepStrictEqual(await shown(), await told())) return;
    await page.waitForTimeout(250);
  }
  assert.deepEqual(await shown(), await told(), what);
}

async function shoot(name: string): Promise<void> {
  await page.mouse.move(0, 0);
  await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true });
  const serious = await accessible(page);
  assert.deepEqual(serious, [], `${name}: ${JSON.stringify(serious)}`);
}

/** axe's serious findings. It runs as a script of the browser's own: the page's policy lets none in. */
async function accessible(where: Page): Promise<string[]> {
  const client = await where.context().newCDPSession(where);
  const evaluate = async (expression: string): Promise<unknown> => {
    const { result, exceptionDetails } = await client.send('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    assert.equal(exceptionDetails, undefined, JSON.stringify(exceptionDetails));
    return result.value;
  };
  await evaluate(`${axe}; undefined`);
  const violations = (await evaluate('axe.run().then(({ violations }) => violations)')) as Finding[];
  await client.detach();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`);
}

async function api<Answer>(path: string): Promise<Answer> {
  const answer = await context.request.get(origin + path);
  assert.equal(answer.status(), 200, path);
  return (await answer.json()) as Answer;
}

/** An agent that does not answer: what was known stays, and it is said. */
async function cutOff(): Promise<void> {
  await page.goto(`${origin}/#/overview`);
  await page.locator('.card').first().waitFor();
  await context.setOffline(true);
  await page.getByText('cannot reach the agent').waitFor();
  assert.equal(await page.locator('.card').count(), 3);
  await shoot('cut-off');
  await context.setOffline(false);
  await page.getByText('cannot reach the agent').waitFor({ state: 'detached' });
}

async function logOutAndBack({ request }: BrowserContext): Promise<void> {
  await page.getByRole('button', { name: 'Log out' }).click();
  await page.getByRole('button', { name: 'Log in' }).waitFor();
  await shoot('login');
  assert.equal((await request.get(`${origin}/api/overview`)).status(), 401);
  // The old link is used up.
  await page.goto('about:blank');
  complaints.length = 0;
  await page.goto(link);
  await page.getByRole('button', { name: 'Log in' }).waitFor();
  complaints.length = 0;
}
