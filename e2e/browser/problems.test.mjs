// Several units on one plan, in a browser: the coordinator by keyboard, a called unit on a phone.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { aria, faults, open, person, sideways, signIn } from './lib/browser.mjs';
import { ready as started } from './lib/program.mjs';

let browser;
let ready;

before(async () => {
  ready = await started(after);
  browser = await open();
});
after(() => browser?.close());

const signInAs = (page, login) =>
  signIn(page, { ...ready, sign_ins: ready.sign_ins.filter((s) => s.login === login).map((s) => ({ ...s, role: login })) }, login);

test('a coordinator plans by keyboard and calls a unit; the unit answers on a phone', async () => {
  const coordinator = await person(browser, ready.base, { width: 1440, scripts: true });
  await signInAs(coordinator, 'coordinator');
  await coordinator.keyboard.press('g');
  await coordinator.keyboard.press('p');
  await coordinator.waitForURL('**/console/problems');
  assert.deepEqual(await faults(coordinator), []);
  assert.match(await aria(coordinator), /方案实施/);
  await coordinator.getByRole('link', { name: /共享单车/ }).first().click();
  await coordinator.waitForURL('**/console/problems/*');
  assert.deepEqual(await faults(coordinator), []);
  const address = new URL(coordinator.url()).pathname;
  // What the chart shows is said in words, and every figure leads to its events.
  const said = await aria(coordinator);
  assert.match(said, /方案进度图，内容与下表相同/);
  assert.match(said, /关键任务/);
  await coordinator.keyboard.press('t');
  await coordinator.locator('#do-task-what').fill('清理枯枝');
  await coordinator.locator('#do-task button').click();
  // A form given back keeps what was typed and says what is missing.
  assert.match(await coordinator.locator('#do-task').innerText(), /请选择一项/);
  assert.equal(await coordinator.locator('#do-task-what').inputValue(), '清理枯枝');
  await coordinator.locator('#do-task-unit').selectOption({ index: 1 });
  await coordinator.locator('#do-task-due').fill('2099-01-05');
  await coordinator.locator('#do-task button').click();
  await coordinator.waitForURL('**done=task');
  assert.match(await aria(coordinator), /清理枯枝/);

  const operators = await person(browser, ready.base, { width: 360, scripts: true });
  await signInAs(operators, 'officer-25004');
  await operators.goto('/console/calls');
  assert.equal(await sideways(operators), 0);
  assert.deepEqual(await faults(operators), []);
  await operators.getByRole('link', { name: /疏导/ }).first().click();
  await operators.waitForURL('**/console/problems/*');
  const muster = operators.locator('details[id^="do-muster-"]');
  await muster.locator('summary').click();
  await muster.locator('input[name=person]').fill('周师傅');
  await muster.locator('button').click();
  await operators.waitForURL('**done=muster');
  assert.match(await aria(operators), /周师傅/);
  assert.equal(await sideways(operators), 0);

  for (const [width, locale] of [[360, 'en-GB'], [1440, 'en-GB'], [360, 'zh-CN']]) {
    const reader = await person(browser, ready.base, { width, scripts: true, locale });
    // The same session: a one-time code is good once.
    await reader.context().addCookies(await coordinator.context().cookies());
    for (const path of ['/console/problems', address, '/console/meetings', '/console/whistles']) {
      await reader.goto(path);
      assert.equal(await sideways(reader), 0, `${path} at ${width}`);
      assert.deepEqual(await faults(reader), [], `${path} at ${width}`);
    }
  }
});
