// Registering one person on a phone, typed at human speed: within 90 seconds and 12 taps beyond typing; and the
// collector's desk by its one key.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { aria, faults, open, person, sideways, signIn, smallTargets, weigh } from './lib/browser.mjs';
import { ready as started } from './lib/program.mjs';

let browser;
let ready;

// A practised thumb: five characters a second, a second for each tap to find its place.
const KEY = 200;
const TAP = 1000;

before(async () => {
  ready = await started(after);
  browser = await open();
});
after(() => browser?.close());

test('one person registers on a phone in ninety seconds and twelve taps', async () => {
  const resident = await person(browser, ready.base);
  const { bytes, requests } = await weigh(resident, `/q/${ready.codes.residency}`);
  assert.ok(bytes <= 14 * 1024, `${bytes} bytes`);
  assert.equal(requests, 1);
  assert.deepEqual(await faults(resident), []);
  assert.equal(await sideways(resident), 0);
  assert.deepEqual(await smallTargets(resident), []);
  assert.match(await aria(resident), /实有人口登记/);

  let taps = 0;
  const began = Date.now();
  const tap = async (place) => {
    taps += 1;
    await resident.waitForTimeout(TAP);
    await place.click();
  };
  const type = async (selector, text) => {
    await tap(resident.locator(selector));
    await resident.locator(selector).pressSequentially(text, { delay: KEY });
  };
  await tap(resident.locator('input[name=who0][value=elsewhere]'));
  await type('#name0', '张三丰');
  await type('#id0', '11010519491231002x');
  await type('#dwelling', '601');
  await tap(resident.locator('#since'));
  await resident.locator('#since').fill(new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 10));
  await type('#phone', '13800138000');
  await tap(resident.locator('input[name=consent]'));
  await tap(resident.locator('button[value=send]').last());
  await resident.waitForURL('**/r/**');
  assert.deepEqual(await faults(resident), []);
  const code = /验证码是 (\d{6})/.exec(await resident.locator('main').innerText())[1];
  await type('#code', code);
  await tap(resident.locator('form:has(#code) button'));
  await resident.waitForURL('**said=saved');
  const seconds = (Date.now() - began) / 1000;
  console.log(`registered in ${seconds.toFixed(1)} s with ${taps} taps, page ${bytes} bytes`);
  assert.ok(seconds <= 90, `${seconds} s`);
  assert.ok(taps <= 12, `${taps} taps`);
  assert.match(await aria(resident), /等待核实/);
  assert.deepEqual(await faults(resident), []);
  assert.equal(await sideways(resident), 0);
  assert.deepEqual(await smallTargets(resident), []);
  await resident.locator('a[href^="/r/"]').first().click();
  assert.deepEqual(await faults(resident), []);
  assert.equal(await sideways(resident), 0);

  const collector = await person(browser, ready.base, { width: 1440, scripts: true });
  await signIn(collector, ready, 'committee_worker');
  await collector.goto('/console/registrations');
  assert.deepEqual(await faults(collector), []);
  assert.match(await aria(collector), /要问|请问/);
  await collector.keyboard.press('v');
  await collector.waitForURL('**done=verify**');
  assert.match(await aria(collector), /撤销/, 'a step at the desk can be undone');
  await collector.locator('a[href^="/console/registrations/"]:not([href*=looks])').first().click();
  assert.deepEqual(await faults(collector), []);

  const office = await person(browser, ready.base, { width: 1440, scripts: true });
  await signIn(office, ready, 'district_office');
  for (const page of ['hand-off', 'sums', 'forms']) {
    await office.goto(`/console/registrations/${page}`);
    assert.deepEqual(await faults(office), [], page);
    assert.equal(await sideways(office), 0, page);
  }
});

test('the letting, in English, larger and narrow, keeps within its bounds', async () => {
  for (const path of ['', '?lang=en', '?view=elder']) {
    const someone = await person(browser, ready.base);
    await someone.goto(`/q/${ready.codes.tenancy}${path}`);
    assert.equal(await sideways(someone), 0, path);
    assert.deepEqual(await faults(someone), [], path);
    await someone.locator('button[value=send]').last().click();
    assert.deepEqual(await faults(someone), [], `${path} with faults`);
  }
});

test('a field that is left is looked at before anything is sent', async () => {
  const resident = await person(browser, ready.base, { scripts: true });
  const errors = [];
  resident.on('console', (line) => line.type() === 'error' && errors.push(line.text()));
  await resident.goto(`/q/${ready.codes.residency}`);
  await resident.locator('input[name=who0][value=elsewhere]').check();
  await resident.fill('#id0', '110105194912310021');
  await resident.locator('#id0').blur();
  await resident.locator('#id0-e').waitFor();
  assert.match(await resident.locator('#id0-e').innerText(), /号码有一位不对/);
  assert.equal(await resident.getAttribute('#id0', 'aria-describedby'), 'id0-e');
  assert.deepEqual(await faults(resident), []);
  assert.equal(await sideways(resident), 0);
  // Mended while it is typed: the sentence goes.
  await resident.locator('#id0').fill('');
  await resident.locator('#id0').pressSequentially('11010519491231002x');
  await resident.locator('#id0-e').waitFor({ state: 'detached' });
  assert.equal(await resident.getAttribute('#id0', 'aria-invalid'), null);
  assert.deepEqual(errors, []);

  const letting = await person(browser, ready.base, { scripts: true, locale: 'en-GB' });
  await letting.goto(`/q/${ready.codes.tenancy}`);
  await letting.fill('#phone', '123');
  await letting.locator('#phone').blur();
  await letting.locator('#phone-e').waitFor();
  assert.match(await letting.locator('#phone-e').innerText(), /number/i);
});
