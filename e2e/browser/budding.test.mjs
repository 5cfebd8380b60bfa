// What is budding, in a browser: the precinct reads a warning, looks at its weeks, asks a committee, plans a visit; the
// committee finds both on its page of today; the same on a phone, without script, and in English.

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

/** The first look is taken some seconds after the start. */
async function warned(page, path = '/console/budding') {
  for (let i = 0; i < 120; i += 1) {
    await page.goto(path);
    if (await page.locator('section.card summary', { hasText: '问问居委会' }).count()) return;
    await page.waitForTimeout(500);
  }
  throw new Error(`nothing is budding: ${await page.locator('main').textContent()}`);
}

/** Fills the form that a summary unfolds, for each place that can be chosen, and sends it. */
async function askEverywhere(page, summary, field, line) {
  const card = page.locator('section.card', { has: page.locator('summary', { hasText: summary }) }).first();
  const name = await card.locator('h2').textContent();
  const places = await card.locator(`select[name=${field}] option`).evaluateAll((all) => all.map((o) => o.value));
  for (const place of places) {
    const here = page.locator('section.card', { has: page.locator('h2', { hasText: name }) }).first();
    const unfold = here.locator('summary', { hasText: summary });
    await unfold.focus();
    await unfold.press('Enter');
    await here.locator(`select[name=${field}]`).selectOption(place);
    if (line) await here.locator('input[name=goes]').fill(line);
    await Promise.all([page.waitForLoadState('load'), here.getByRole('button', { name: summary }).press('Enter')]);
    await page.waitForURL('**/console/budding*');
  }
}

test('a warning is read, asked about and visited', async () => {
  const coordinator = await person(browser, ready.base, { width: 1440, scripts: true });
  await signIn(coordinator, ready, 'precinct_coordinator');
  await warned(coordinator);
  const cards = await coordinator.locator('section.card[aria-labelledby]').count();
  assert.ok(cards >= 1 && cards <= 7, `${cards} cards`);
  const heard = await aria(coordinator);
  for (const part of [/往常约/, /凭偶然/, /从.*起/, /哪里、几次、什么时候/]) assert.match(heard, part);
  assert.deepEqual(await faults(coordinator), []);
  await pictures(coordinator, 'budding');

  // The weeks are links: by keyboard, and the card stays the one looked at.
  const weeks = coordinator.locator('nav.weeks a');
  if (await weeks.count() > 1) {
    await weeks.first().focus();
    await weeks.first().press('Enter');
    await coordinator.waitForLoadState('load');
    assert.equal(await coordinator.locator('nav.weeks [aria-current]').first().count(), 1);
    assert.deepEqual(await faults(coordinator), []);
  }

  await warned(coordinator);
  await askEverywhere(coordinator, '问问居委会', 'ask_place');
  assert.match(await aria(coordinator), /还没有答复/);
  await warned(coordinator);
  await askEverywhere(coordinator, '安排走访', 'visit_place', '王洁和社区民警');
  assert.match(await aria(coordinator), /走访.*王洁和社区民警去/);

  // The committee: both stand on its page of today, and a line answers each.
  const worker = await person(browser, ready.base, { width: 360, scripts: false });
  await signIn(worker, ready, 'committee_worker');
  await worker.goto('/console');
  const errands = worker.locator('#errands form');
  assert.equal(await errands.count(), 2);
  assert.equal(await sideways(worker), 0);
  assert.deepEqual(await faults(worker), []);
  await pictures(worker, 'errands');
  await errands.first().getByRole('button', { name: '答复' }).click();
  assert.match(await aria(worker), /请写一句话/);
  assert.deepEqual(await faults(worker), []);
  for (const line of ['去看过了，楼道已经清了', '水管工周五再来']) {
    await worker.goto('/console');
    await worker.locator('#errands input[name=said]').first().fill(line);
    await worker.locator('#errands').getByRole('button', { name: '答复' }).first().click();
    await worker.waitForLoadState('load');
  }
  await worker.goto('/console');
  assert.equal(await errands.count(), 0);

  await coordinator.goto('/console/budding');
  const said = await aria(coordinator);
  assert.match(said, /楼道已经清了/);
  assert.match(said, /周五再来/);

  // One click to its cases and to a problem with them.
  const problem = coordinator.getByRole('link', { name: '把这几件立为难题' });
  if (await problem.count()) {
    await problem.first().click();
    await coordinator.waitForURL('**/console/problems/new*');
    const ticked = await coordinator.locator('input[name=cases]:checked').count();
    const named = (await coordinator.locator('#others').inputValue()).split(/\s+/).filter(Boolean).length;
    assert.ok(ticked + named >= 2, `its cases are chosen: ${ticked} ticked, ${named} named`);
  }

  for (const [width, locale, scripts] of [[360, 'zh-CN', false], [360, 'en-GB', true], [1440, 'en-GB', true]]) {
    const reader = await person(browser, ready.base, { width, scripts, locale });
    await reader.context().addCookies(await coordinator.context().cookies());
    for (const path of ['/console/budding', '/console/budding/figures']) {
      await reader.goto(path);
      assert.equal(await sideways(reader), 0, `${path} at ${width}`);
      assert.deepEqual(await faults(reader), [], `${path} at ${width}`);
      if (scripts) assert.deepEqual(await smallTargets(reader), [], `${path} at ${width}`);
    }
    if (scripts) await pictures(reader, `budding-english-${width}`);
  }
});
