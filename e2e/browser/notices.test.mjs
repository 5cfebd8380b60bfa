// How people want to be told, in a browser: an officer on their own page, a resident who wants no messages.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { aria, faults, open, person, sideways, signIn, smallTargets } from './lib/browser.mjs';
import { start } from './lib/program.mjs';

let browser;
let program;

// Nobody listens there: what is sent waits, and the pages are all the same.
const CHANNELS = `mail.relay = 127.0.0.1:9
mail.from = pianqu@example.gov
hook.url = http://127.0.0.1:9/notices
hook.secret = 0123456789abcdef0123456789abcdef
hook.residents = yes
`;

before(async () => {
  program = await start({ 'notices.conf': CHANNELS });
  browser = await open();
});
after(async () => {
  await browser?.close();
  await program?.stop();
});

test('an officer chooses how to be told', async () => {
  const { ready } = program;
  const officer = await person(browser, ready.base, { width: 1440, scripts: true });
  await signIn(officer, ready, 'section_officer');
  await officer.goto('/console/account');
  await officer.getByRole('link', { name: '怎样提醒我' }).click();
  await officer.waitForURL('**/console/account/notices');
  await officer.getByLabel('手机号或工作群账号').fill('wang.li');
  await officer.getByLabel('免打扰开始').fill('晚上九点');
  await officer.getByLabel('免打扰结束').fill('7:30');
  await officer.getByRole('button', { name: '就这样提醒我' }).click();
  // A form given back keeps what was typed and says what is wrong beside the field.
  assert.match(await officer.getByRole('alert').innerText(), /请写成 21:00 这样的时间/);
  assert.equal(await officer.getByLabel('手机号或工作群账号').inputValue(), 'wang.li');
  assert.deepEqual(await faults(officer), []);
  await officer.getByLabel('免打扰开始').fill('21:00');
  await officer.keyboard.press('Enter');
  await officer.waitForURL('**kept=1');
  assert.match(await aria(officer), /已经记下/);
  assert.equal(await officer.getByLabel('免打扰结束').inputValue(), '07:30');

  for (const [width, locale] of [[360, 'zh-CN'], [360, 'en-GB'], [1440, 'en-GB']]) {
    const reader = await person(browser, ready.base, { width, scripts: true, locale });
    // The same session: a one-time code is good once.
    await reader.context().addCookies(await officer.context().cookies());
    await reader.goto('/console/account/notices');
    assert.equal(await sideways(reader), 0, `${width} ${locale}`);
    assert.deepEqual(await faults(reader), [], `${width} ${locale}`);
  }
});

test('a resident wants no messages, and wants them again, without scripts', async () => {
  const { ready } = program;
  const resident = await person(browser, ready.base);
  await resident.goto(`/q/${ready.codes.opinion}`);
  assert.match(await aria(resident), /有进展会发短信，随时可以不要/);
  await resident.getByLabel('是什么事？').fill('三楼楼道灯一直不亮，老人看不清台阶');
  await resident.locator('#contact').fill('13800138000');
  await resident.getByRole('button', { name: '报告给居委会' }).last().click();
  await resident.waitForURL('**/t/**');
  for (const [button, told] of [['不用发短信给我', /不再发短信给您/], ['有进展发短信给我', /有进展会发短信到您留的手机/]]) {
    assert.deepEqual(await faults(resident), []);
    assert.deepEqual(await smallTargets(resident), []);
    await resident.getByRole('button', { name: button }).click();
    await resident.waitForURL('**/t/**said=texts_**');
    assert.match(await aria(resident), told);
    assert.equal(await sideways(resident), 0);
  }
});
