// The running program: the one that run.mjs started, or one of one's own.

import { spawn } from 'node:child_process';
import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const PATIENCE = 180_000;

/** What the program said when it was ready: `{base, counts, codes, sign_ins}`. */
export async function ready(after) {
  if (process.env.PIANQU_READY) return JSON.parse(process.env.PIANQU_READY);
  const program = await start();
  after(() => program.stop());
  return program.ready;
}

/** Starts the demo district on a free port, in a folder that is removed when it stops; with files in it, by name. */
export async function start(files = {}) {
  const data = await mkdtemp(join(tmpdir(), 'pianqu-browser-'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(data, name), text);
  const child = spawn(
    await binary(),
    ['demo', '--port', String(await freePort()), '--data', data, '--json'],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const wrote = [];
  child.stderr.setEncoding('utf8').on('data', (text) => {
    wrote.push(text);
    if (wrote.length > 1000) wrote.splice(0, 500);
  });
  const log = () => wrote.join('').split('\n').slice(-30).join('\n');
  const ended = new Promise((resolve) => child.on('close', resolve));
  const stop = async () => {
    child.kill('SIGKILL');
    await ended;
    await rm(data, { recursive: true, force: true });
  };
  const line = new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('it was not ready in time')), PATIENCE);
    createInterface({ input: child.stdout }).on('line', (text) => {
      clearTimeout(timer);
      if (text.startsWith('{')) resolve(text);
    });
    child.on('error', reject);
    ended.then((code) => reject(new Error(`it ended with ${code} before it was ready`)));
  });
  try {
    return { ready: JSON.parse(await line), log, stop };
  } catch (error) {
    await stop();
    throw new Error(`pianqu demo: ${error.message}; it wrote:\n${log()}`);
  }
}

/** PIANQU_BIN, or the one that cargo last built. */
async function binary() {
  if (process.env.PIANQU_BIN) return process.env.PIANQU_BIN;
  const root = fileURLToPath(new URL('../../..', import.meta.url));
  const target = resolve(root, process.env.CARGO_TARGET_DIR ?? 'target');
  const path = join(target, 'debug', 'pianqu');
  await access(path).catch(() => {
    throw new Error(`${path} is not there: cargo build -p pianqu`);
  });
  return path;
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject).listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
