// Precincts are drawn in a browser: plans proposed while one waits, a committee moved by keyboard and by drag, and all of
// it on a phone without script.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { aria, faults, open, person, pictures, sideways, signIn, smallTargets } from './lib/browser.mjs';
import { ready as started } from './lib/program.mjs';

let browser;
let ready;

before(async () => {
  ready = await started(after);
  browser = await open();
});
after(() => browser?.close());

test('the district office draws precincts by keyboard, by drag, and on a phone', async () => {
  const office = await person(browser, ready.base, { width: 1440, scripts: true });
  await signIn(office, ready, 'district_office');
  await office.keyboard.press('g');
  await office.keyboard.press('f');
  await office.waitForURL('**/console/precincts');
  assert.deepEqual(await faults(office), []);
  assert.match(await aria(office), /片区示意图/);
  await pictures(office, 'precincts');

  // Plans come without anybody loading the page anew.
  await office.getByRole('button', { name: '开始排' }).click();
  await office.waitForURL('**/console/precincts/search/*');
  const waiting = Date.now();
  await office.getByRole('heading', { name: /^方案1/ }).waitFor({ timeout: 180_000 });
  console.log(`plans after ${Date.now() - waiting} ms`);
  assert.deepEqual(await faults(office), []);
  assert.match(await aria(office), /变动最少/);
  await pictures(office, 'precincts-plans');
  const plans = new URL(office.url()).pathname;

  // By keyboard alone: a committee is chosen, its prices are read, it moves.
  await office.goto('/console/precincts');
  await office.getByRole('button', { name: '按今天的划分起一份草案' }).click();
  await office.waitForURL('**/console/precincts/drafts/*');
  const address = new URL(office.url()).pathname;
  await office.keyboard.press('m');
  const edge = await office.evaluate(() => {
    const tiles = [...document.querySelectorAll('.draw [data-place]')];
    const centre = (el) => { const b = el.getBBox(); return [b.x + b.width / 2, b.y + b.height / 2]; };
    for (const a of tiles) {
      for (const b of tiles) {
        const [ax, ay] = centre(a);
        const [bx, by] = centre(b);
        if (a.dataset.precinct !== b.dataset.precinct && Math.hypot(ax - bx, ay - by) < 18) {
          return [a.dataset.place, b.dataset.place];
        }
      }
    }
    return null;
  });
  await office.locator('#place').selectOption(edge[0]);
  await office.getByRole('button', { name: '看看能划到哪里' }).press('Enter');
  await office.waitForURL('**place=*');
  assert.deepEqual(await faults(office), []);
  await office.getByRole('button', { name: /^划到/ }).first().press('Enter');
  await office.waitForURL('**done=move');
  assert.match(await aria(office), /1个居委会/);
  assert.deepEqual(await faults(office), []);
  await pictures(office, 'precincts-draft');
  await office.locator('h1').click();
  await office.keyboard.press('z');
  await office.waitForURL('**done=undo');
  assert.match(await aria(office), /还没有变动/);

  // The same by dragging its hexagon onto the neighbour's.
  const middle = async (place) => {
    const box = await office.locator(`.draw [data-place="${place}"]`).boundingBox();
    return [box.x + box.width / 2, box.y + box.height / 2];
  };
  await office.mouse.move(...(await middle(edge[0])));
  await office.mouse.down();
  await office.mouse.move(...(await middle(edge[1])), { steps: 5 });
  await office.mouse.up();
  await office.waitForURL('**done=move');
  assert.match(await aria(office), /1个居委会/);

  for (const [width, locale, scripts] of [[360, 'zh-CN', false], [360, 'en-GB', true], [1440, 'en-GB', true]]) {
    const reader = await person(browser, ready.base, { width, scripts, locale });
    await reader.context().addCookies(await office.context().cookies());
    for (const path of ['/console/precincts', plans, `${address}?place=${edge[0]}`]) {
      await reader.goto(path);
      assert.equal(await sideways(reader), 0, `${path} at ${width}`);
      assert.deepEqual(await faults(reader), [], `${path} at ${width}`);
      if (scripts) assert.deepEqual(await smallTargets(reader), [], `${path} at ${width}`);
    }
    if (scripts) await pictures(reader, `precincts-english-${width}`);
  }
});
