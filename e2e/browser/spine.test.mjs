// From the door to the rating in a browser: the resident without scripts at 360 px, staff with keys.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { aria, faults, open, person, sideways, signIn, smallTargets, weigh } from './lib/browser.mjs';
import { ready as started } from './lib/program.mjs';

let browser;
let ready;

before(async () => {
  ready = await started(after);
  browser = await open();
});
after(() => browser?.close());

test('a resident reports, follows and rates; staff work on it by keyboard', async () => {
  const resident = await person(browser, ready.base);
  const { bytes, requests } = await weigh(resident, `/q/${ready.codes.opinion}`);
  assert.ok(bytes <= 14 * 1024, `${bytes} bytes`);
  assert.equal(requests, 1);
  assert.deepEqual(await faults(resident), []);
  assert.equal(await sideways(resident), 0);
  assert.deepEqual(await smallTargets(resident), []);
  assert.match(await aria(resident), /是什么事/);
  await resident.getByLabel('是什么事？').fill('浏览器里说的：楼道灯一直不亮，晚上看不清台阶');
  await resident.getByRole('button', { name: '报告给居委会' }).last().click();
  await resident.waitForURL('**/t/**');
  assert.match(await aria(resident), /编号/);
  assert.deepEqual(await faults(resident), []);
  const link = resident.url().split('?')[0];

  const dispatcher = await person(browser, ready.base, { width: 1440, scripts: true });
  await signIn(dispatcher, ready, 'precinct_coordinator');
  assert.deepEqual(await faults(dispatcher), []);
  await dispatcher.keyboard.press('/');
  await dispatcher.keyboard.type('浏览器里说');
  await dispatcher.keyboard.press('Enter');
  await dispatcher.waitForURL('**/console/search**');
  await dispatcher.locator('a[href^="/console/cases/"]').first().click();
  assert.deepEqual(await faults(dispatcher), []);
  await dispatcher.getByRole('button', { name: '派单' }).click();
  await dispatcher.waitForURL('**done=dispatch**');
  const address = dispatcher.url().split('?')[0];
  assert.match(await aria(dispatcher), /撤销/, 'a dispatch can be undone');

  const officer = await person(browser, ready.base, { width: 1440, scripts: true });
  await signIn(officer, ready, 'section_officer');
  await officer.goto(address);
  await officer.locator('#first_contact-note').fill('已电话联系');
  await officer.locator('#do-first_contact button').last().click();
  await officer.waitForURL('**done=first_contact**');
  await officer.locator('#answer-outcome').fill('更换灯泡，现在亮了');
  await officer.locator('#do-answer [name=amount]').first().fill('1');
  await officer.locator('#do-answer [name=what]').first().fill('只灯泡');
  await officer.locator('#do-answer [name=solved]').first().check();
  await officer.locator('#do-answer button').last().click();
  await officer.waitForURL('**done=answer**');

  await resident.goto(link);
  assert.match(await aria(resident), /更换灯泡/);
  await resident.locator('summary.go').first().click();
  await resident.locator('input[value=satisfied]').first().check();
  await resident.locator('form:has([value=confirm]) button').click();
  await resident.waitForURL('**/t/**said=confirm');
  assert.match(await aria(resident), /办完了/);
  assert.deepEqual(await faults(resident), []);
  assert.equal(await sideways(resident), 0);
});

test('pages in English, larger type, narrow and wide, keep within their bounds', async () => {
  for (const [path, width] of [['?lang=en', 360], ['?view=elder', 360], ['?lang=en', 1440]]) {
    const someone = await person(browser, ready.base, { width });
    await someone.goto(`/q/${ready.codes.opinion}${path}`);
    assert.equal(await sideways(someone), 0, `${path} at ${width}`);
    assert.deepEqual(await faults(someone), [], `${path} at ${width}`);
  }
});
