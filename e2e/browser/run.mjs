// Starts the program once, runs every story against it, and takes it down.

import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { start } from './lib/program.mjs';

const wanted = process.argv.slice(2);
const here = new URL('.', import.meta.url);
const files = (await readdir(here))
  .filter((name) => name.endsWith('.test.mjs'))
  .filter((name) => wanted.length === 0 || wanted.some((word) => name.startsWith(word)))
  .sort();
if (files.length === 0) {
  console.error(`no story begins with ${wanted.join(' or ')}`);
  process.exit(1);
}

// The harness's own tests need no program.
const program = files.every((name) => name.startsWith('harness'))
  ? { ready: null, log: () => '', stop: async () => {} }
  : await start();
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => program.stop().then(() => process.exit(130)));
}
const tests = spawn(
  process.execPath,
  ['--test', '--test-reporter=spec', '--test-concurrency=1', ...files],
  { cwd: here, stdio: 'inherit', env: { ...process.env, PIANQU_READY: JSON.stringify(program.ready) } },
);
const code = await new Promise((resolve) => tests.on('close', (code) => resolve(code ?? 1)));
if (code !== 0) console.error(`the program wrote:\n${program.log()}`);
await program.stop();
process.exitCode = code;
