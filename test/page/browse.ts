/**
 * Looks at the page with a real browser, inside a lab machine: each page is opened, read, compared with the API,
 * checked by axe, and used. Prints what it found as one JSON object; throws where something is not as it should be.
 *
 * Arguments: the link that `portreeve web login` has printed, a folder for screenshots, and a banned address.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import type { Bans } from '../../src/server/api/guard.ts';
import type { Folders } from '../../src/server/api/history.ts';

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

  const pages = [
    ['encryption', 'Encryption'],
    ['guard', 'Guard'],
    ['history', 'History'],
    ['timeline', 'Timeline'],
  ] as const;
  for (const [name, title] of pages) {
    await page.getByRole('link', { name: title, exact: true }).click();
    await page.getByRole('heading', { name: title, level: 1 }).waitFor();
    await page.waitForTimeout(700);
    await shoot(name);
  }

  await page.goto(`${origin}/#/guard`);
  await page.locator('table.bans tbody tr').first().waitFor();
  const bans = await api<Bans>('/api/guard/bans?limit=200');
  assert.equal(await page.locator('#bans .count').textContent(), String(bans.total), 'as the API says');
  found['bans'] = bans.total;
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
  await page.getByRole('button', { name: `unban ${banned}` }).click();
  await page.getByText('Not banned.', { exact: true }).waitFor();

  await page.goto(`${origin}/#/history`);
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

  await page.locator('li.record a').first().click();
  await page.getByRole('heading', { name: /^Record/ }).waitFor();
  await page.locator('.patch .number button').last().click();
  await page.locator('.why li').first().waitFor();
  await shoot('record');

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

  await logOutAndBack(context);
  assert.deepEqual(complaints, []);
  process.stdout.write(`${JSON.stringify(found)}\n`);
} catch (error) {
  await page.screenshot({ path: `${shots}/failed.png`, fullPage: true });
  process.stderr.write(`${complaints.join('\n')}\n${await page.locator('body').innerText()}\n`);
  throw error;
} finally {
  await browser.close();
}

async function shoot(name: string): Promise<void> {
  await page.screenshot({ path: `${shots}/${name}.png` });
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

async function logOutAndBack({ request }: BrowserContext): Promise<void> {
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.getByRole('button', { name: 'Log out' }).click();
  await page.getByRole('button', { name: 'Log in' }).waitFor();
  assert.equal((await request.get(`${origin}/api/overview`)).status(), 401);
  // The old link is used up.
  await page.goto('about:blank');
  complaints.length = 0;
  await page.goto(link);
  await page.getByRole('button', { name: 'Log in' }).waitFor();
  complaints.length = 0;
}
