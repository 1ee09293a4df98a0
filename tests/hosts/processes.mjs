// Commands and servers of the tools: with a limit of time, and ended with all that they started.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { delimiter } from 'node:path';
import { lastLines } from './apps.mjs';

const quiet = {
  CI: 'true',
  NO_COLOR: '1',
  NEXT_TELEMETRY_DISABLED: '1',
  WRANGLER_SEND_METRICS: 'false',
  DO_NOT_TRACK: '1',
  BROWSERSLIST_IGNORE_OLD_DATA: 'true',
};

// Not the variables by which a runner of tests or npm itself is known to its children.
function environment(env, path) {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(?:npm_|NODE_|FORCE_COLOR$|VITEST|JEST)/i.test(name),
  );
  return { ...Object.fromEntries(inherited), ...quiet, PATH: [...path, process.env.PATH].join(delimiter), ...env };
}

function start(command, args, { cwd, env = {}, path = [] }) {
  const child = spawn(command, args, {
    cwd,
    env: environment(env, path),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // a group of its own, which can be ended as a whole
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data));
  const ended = new Promise((settle) => {
    child.on('error', (error) => settle({ code: -1, error }));
    child.on('close', (code, signal) => settle({ code, signal }));
  });
  return { output: () => output, ended, end: () => endGroup(child) };
}

function endGroup(child) {
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

/** Runs to the end and gives what was printed; fails when the command does. */
export async function runCommand(command, args, { timeLimit = 120_000, ...options }) {
  const running = start(command, args, options);
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    running.end();
  }, timeLimit);
  const { code, error, signal } = await running.ended;
  clearTimeout(timer);
  running.end(); // what it has left behind
  if (error !== undefined) throw error;
  if (code === 0) return running.output();
  const how = isLate ? `was stopped after ${timeLimit / 1000} s` : `ended with ${code ?? signal}`;
  throw new Error(`${shown(command, args)} ${how}:\n${lastLines(running.output())}`);
}

/** Starts a server; resolves when it answers at `address`. Gives `end` and what it has printed. */
export async function startServer(command, args, { address, timeLimit = 60_000, ...options }) {
  const running = start(command, args, options);
  let hasEnded = false;
  running.ended.then(() => (hasEnded = true));
  const deadline = Date.now() + timeLimit;
  for (;;) {
    if (hasEnded || Date.now() > deadline) {
      running.end();
      throw new Error(
        `${shown(command, args)} ${hasEnded ? 'ended' : 'did not answer'}:\n${lastLines(running.output())}`,
      );
    }
    try {
      await fetch(address, { signal: AbortSignal.timeout(30_000) }).then((response) => response.arrayBuffer());
      return running;
    } catch {
      await new Promise((settle) => setTimeout(settle, 200));
    }
  }
}

const shown = (command, args) => [command.split('/').at(-1), ...args.map((arg) => arg.split('/').at(-1))].join(' ');

export async function freePort() {
  const server = createServer();
  await new Promise((settle) => server.listen(0, '127.0.0.1', settle));
  const { port } = server.address();
  await new Promise((settle) => server.close(settle));
  return port;
}
