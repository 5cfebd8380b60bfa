// People at browsers, and what may be asked of a page.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import axe from 'axe-core';
import { chromium } from 'playwright-core';

const ARGS = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--no-first-run', '--disable-quic',
];
const PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const SHOTS = new URL('../../../target/screenshots/', import.meta.url);
const SNAPSHOTS = new URL('../snapshots/', import.meta.url);

/** The widths at which every page is looked at: a small phone, a desk. */
export const WIDTHS = [360, 1440];

/** Browsers in which a script cannot run: asking it anything would wait for ever. */
const withoutScripts = new WeakSet();

/** A browser for one file of stories. */
export async function open() {
  const executablePath = process.env.PIANQU_TEST_CHROMIUM ?? PATHS.find((path) => existsSync(path));
  assert.ok(executablePath, 'no Chromium: install it, or name it in PIANQU_TEST_CHROMIUM');
  return chromium.launch({ executablePath, args: ARGS });
}

/**
 * A person with a browser of their own.
 *   resident: a phone, no scripts. staff: a desk, with scripts.
 */
export async function person(browser, base, { width = 360, scripts = false, locale = 'zh-CN', ...more } = {}) {
  const context = await browser.newContext({
    baseURL: base,
    javaScriptEnabled: scripts,
    locale,
    timezoneId: 'Asia/Shanghai',
    viewport: { width, height: width < 600 ? 740 : 900 },
    ...more,
  });
  context.setDefaultTimeout(10_000);
  if (!scripts) withoutScripts.add(context);
  return context.newPage();
}

/** The six digits of a second factor (RFC 6238). */
export async function totp(secret, at = Date.now()) {
  const { createHmac } = await import('node:crypto');
  const bits = [...secret.replace(/=+$/, '').toUpperCase()]
    .map((sign) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(sign).toString(2).padStart(5, '0'))
    .join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const digest = createHmac('sha1', key).update(counter).digest();
  const word = digest.readUInt32BE(digest.at(-1) & 15) & 0x7fffffff;
  return String(word % 1_000_000).padStart(6, '0');
}

const sessions = new Map();

/**
 * Signs a member of staff in; the page is then the console. A second factor is good for one sign-in, so
 * a role signs in once a file and its cookies are used again.
 */
export async function signIn(page, ready, role) {
  const account = ready.sign_ins.find((one) => one.role === role);
  assert.ok(account, `no account of role ${role}; there are ${ready.sign_ins.map((one) => one.role)}`);
  if (sessions.has(role)) {
    await page.context().addCookies(sessions.get(role));
    await page.goto('/console');
    return account;
  }
  // The code of this half minute may have been used by another file: then the next one's; and if that was used
  // too, the one after it, once its time has come.
  for (const [ahead, wait] of [[0, 0], [30_000, 0], [30_000, 30_000]]) {
    await page.waitForTimeout(wait);
    await page.goto('/sign-in');
    await page.locator('[name=login]').fill(account.login);
    await page.locator('[name=password]').fill(account.password);
    await page.locator('[name=totp]').fill(await totp(account.totp_secret, Date.now() + ahead));
    await page.locator('form:has([name=login]) button').click();
    await page.waitForLoadState();
    const { pathname } = new URL(page.url());
    if (pathname.startsWith('/console') && !pathname.endsWith('/sign-in')) {
      sessions.set(role, await page.context().cookies());
      return account;
    }
  }
  throw new Error(`${role} was not let in: ${await page.locator('main').textContent()}`);
}

/** What a screen reader finds on the page, as an indented list. */
export function aria(page) {
  return page.locator('body').ariaSnapshot();
}

/** What differs from run to run, replaced by what it is. */
export function settled(text) {
  return text
    .replace(/\d{4}-\d{2}-\d{2}/g, '‹date›')
    .replace(/\d{1,4} ?年 ?\d{1,2} ?月 ?\d{1,2} ?日|\d{1,2} ?月 ?\d{1,2} ?日/g, '‹date›')
    .replace(/\b\d{1,2}:\d{2}(:\d{2})?\b/g, '‹time›')
    .replace(/(今天|明天|昨天|后天|前天)|[周星期][一二三四五六日天]|星期[一二三四五六日天]/g, '‹day›')
    .replace(/\b[0-9A-Z]{2,}(-[0-9A-Z]+)+\b/g, '‹number›')
    .replace(/\/[tq]\/[\w.~-]+/g, '/‹link›')
    .replace(/\d+/g, '‹n›');
}

/** Compares what a screen reader finds with what was accepted before (UPDATE=1 accepts it). */
export async function sameAria(page, name) {
  const file = new URL(`${name}.aria.yaml`, SNAPSHOTS);
  const now = `${settled(await aria(page))}\n`;
  if (process.env.UPDATE) {
    await mkdir(SNAPSHOTS, { recursive: true });
    await writeFile(file, now);
  }
  const accepted = await readFile(file, 'utf8').catch(() => '');
  assert.equal(now, accepted, `${name} reads differently; UPDATE=1 e2e/browser/run accepts it`);
}

/**
 * Faults against WCAG 2.2 A and AA on a page, as `rule: what (where)`. axe is a script, so the page is
 * opened again with scripts on, with the same cookies.
 */
export async function faults(page) {
  let looked = page;
  let again = null;
  if (withoutScripts.has(page.context())) {
    again = await page.context().browser().newContext({
      storageState: await page.context().storageState(),
      viewport: page.viewportSize(),
      bypassCSP: true,
    });
    looked = await again.newPage();
    await looked.goto(page.url());
  }
  await looked.evaluate(axe.source);
  const found = await looked.evaluate(() =>
    globalThis.axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    }));
  await again?.close();
  return found.violations.flatMap((rule) =>
    rule.nodes.map((node) => `${rule.id}: ${rule.help} (${node.target.join(' ')})`));
}

/** A picture of the whole page at each width, for people to look at: target/screenshots/NAME-360.png. */
export async function pictures(page, name) {
  await mkdir(SHOTS, { recursive: true });
  const size = page.viewportSize();
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: width < 600 ? 740 : 900 });
    const path = new URL(`${name}-${width}.png`, SHOTS).pathname;
    await page.screenshot({ path, fullPage: true });
  }
  await page.setViewportSize(size);
}

/**
 * Opens a page for the first time and counts what comes over the wire, headers included. A browser asks
 * for /favicon.ico as well, unless the page names an icon, which may be `data:,`.
 */
export async function weigh(page, path) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Network.enable');
  await devtools.send('Network.setCacheDisabled', { cacheDisabled: true });
  let requests = 0;
  let bytes = 0;
  devtools.on('Network.requestWillBeSent', (event) => {
    if (!event.request.url.startsWith('data:')) requests += 1;
  });
  devtools.on('Network.loadingFinished', (event) => { bytes += event.encodedDataLength; });
  const answer = await page.goto(path, { waitUntil: 'networkidle' });
  await devtools.detach();
  return { requests, bytes, status: answer.status() };
}

/** How far the page can be scrolled sideways, in pixels: nothing, on a page that fits. */
export async function sideways(page) {
  const devtools = await page.context().newCDPSession(page);
  const { cssContentSize, cssLayoutViewport } = await devtools.send('Page.getLayoutMetrics');
  await devtools.detach();
  return Math.max(0, Math.round(cssContentSize.width - cssLayoutViewport.clientWidth));
}

/** Buttons, links of menus and fields that are too small for a thumb (44 px), as `what width×height`. */
export async function smallTargets(page, selector = 'button, input:not([type=hidden]), select, textarea, summary') {
  const small = [];
  for (const target of await page.locator(selector).all()) {
    const box = await target.boundingBox();
    // Nobody can touch what is folded away, or what is there for the Enter key alone.
    if (!box || box.width === 0 || await target.getAttribute('aria-hidden') === 'true') continue;
    const kind = await target.getAttribute('type');
    // A small box with a label is touched by its label.
    if (kind === 'radio' || kind === 'checkbox' || kind === 'file') continue;
    if (box.height < 44 || box.width < 44) {
      const name = (await target.textContent())?.trim() || await target.getAttribute('aria-label') || await target.getAttribute('name');
      small.push(`${name ?? kind ?? "?"} ${Math.round(box.width)}×${Math.round(box.height)}`);
    }
  }
  return small;
}
