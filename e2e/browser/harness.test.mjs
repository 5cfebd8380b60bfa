// What the stories ask of a page must be able to fail: each question is put to a bad page.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { aria, faults, open, person, settled, sideways, smallTargets, totp, weigh } from './lib/browser.mjs';

const BAD = `<!doctype html><title>x</title><link rel=stylesheet href=/s.css>
  <img src=/i.png><p style="color:#999;background:#aaa">灰色的字</p><input name=a style="height:20px">
  <div style="width:900px">宽</div><p id=p></p><script>p.textContent = '有脚本'</script>`;
const GOOD = `<!doctype html><html lang=zh-CN><meta name=viewport content="width=device-width">
  <title>好</title><link rel=icon href="data:,"><main><h1>报告给居委会</h1><button style="min-height:48px;min-width:48px">好</button></main>`;

let browser;
let server;
let base;

before(async () => {
  server = createServer((request, response) => {
    const page = { '/bad': BAD, '/good': GOOD }[request.url];
    response.setHeader('content-type', page ? 'text/html; charset=utf-8' : 'text/css');
    response.end(page ?? '/* 100 */'.repeat(100));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${server.address().port}`;
  browser = await open();
});
after(async () => {
  await browser?.close();
  server?.close();
});

test('a bad page is found out', async () => {
  const page = await person(browser, base);
  const weight = await weigh(page, '/bad');
  assert.equal(weight.requests, 4, 'the page, its style, its picture, and an icon that it did not name');
  assert.ok(weight.bytes > 2_000, `${weight.bytes}`);
  const rules = (await faults(page)).map((fault) => fault.split(':')[0]);
  for (const rule of ['color-contrast', 'html-has-lang', 'image-alt', 'label']) {
    assert.ok(rules.includes(rule), `${rule} in ${rules}`);
  }
  assert.ok(await sideways(page) > 500);
  assert.equal((await smallTargets(page)).length, 1);
  assert.doesNotMatch(await aria(page), /有脚本/, 'scripts are off');
  const scripted = await person(browser, base, { scripts: true });
  await scripted.goto('/bad');
  assert.match(await aria(scripted), /有脚本/);
});

test('a good page is let through', async () => {
  const page = await person(browser, base);
  const { requests, bytes, status } = await weigh(page, '/good');
  assert.deepEqual({ requests, status }, { requests: 1, status: 200 });
  assert.ok(bytes > Buffer.byteLength(GOOD) && bytes < 1_000, `${bytes}`);
  assert.deepEqual(await faults(page), []);
  assert.equal(await sideways(page), 0);
  assert.deepEqual(await smallTargets(page), []);
});

test('what changes from day to day is taken out of what a screen reader says', () => {
  assert.equal(
    settled('编号 310-104-7 于 11 月 23 日 09:30 收到，2 件，/t/abc'),
    '编号 ‹number› 于 ‹date› ‹time› 收到，‹n› 件，/‹link›',
  );
});

test('the second factor is that of RFC 6238', async () => {
  assert.equal(await totp('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', 59_000), '287082');
});
