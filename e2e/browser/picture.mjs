// One picture of one page, as somebody in a story sees it: node picture.mjs '{"base", "path", "cookies", "width",
// "part", "out"}'. Without a part the page is taken from its top, as far down as a reader of a document looks.

import { open, person } from './lib/browser.mjs';

const TALL = 1200;
const { base, path, cookies, width, part, out } = JSON.parse(process.argv[2]);
const browser = await open();
const page = await person(browser, base, { width, scripts: width > 600 });
const pairs = cookies.split('; ').filter(Boolean).map((pair) => pair.split(/=(.*)/s));
await page.context().addCookies(pairs.map(([name, value]) => ({ name, value, url: base })));
await page.goto(path);
if (part) await page.locator(part).first().screenshot({ path: out });
else {
  const height = await page.evaluate(() => document.documentElement.scrollHeight).catch(() => TALL);
  await page.setViewportSize({ width, height: Math.min(height, TALL) });
  await page.screenshot({ path: out });
}
await browser.close();
