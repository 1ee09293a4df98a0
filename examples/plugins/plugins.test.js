import { TimeLimitError } from 'caisson';
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { PluginHost } from './plugin-host.js';

const state = { text: 'one two', selection: [0, 3] };
const command = (body) => `import { registerCommand } from 'app:api/2'; registerCommand('do', (state) => { ${body} });`;

/** A host that is closed after the test, with what its plugins have said. */
function openHost(context) {
  const messages = [];
  const host = new PluginHost({
    onMessage: (plugin, text) => messages.push(`${plugin}: ${text}`),
    limits: { timeLimit: 1000 }, // longer than a busy machine may be away
  });
  context.after(() => host.close());
  return { host, messages };
}

async function until(condition) {
  const end = Date.now() + 10_000;
  while (!condition()) {
    assert.ok(Date.now() < end, 'nothing has happened for ten seconds');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test('plugins of both versions of the API work', async (context) => {
  const { host, messages } = openHost(context);
  await host.watch(fileURLToPath(new URL('plugins', import.meta.url)));
  assert.deepEqual(host.commands, ['count', 'quote']);
  assert.deepEqual(host.run('quote', state), { text: '> one two', selection: [0, 3] });
  assert.deepEqual(host.run('count', state), state);
  await until(() => messages.includes('count: 2 words (run 1)'));
});

test('a plugin is loaded again when its file changes, keeps its settings, and stays when the new one is broken', async (context) => {
  const { host, messages } = openHost(context);
  const folder = await mkdtemp(join(tmpdir(), 'plugins-'));
  context.after(() => rm(folder, { recursive: true }));
  const write = (body) =>
    writeFile(
      join(folder, 'a.js'),
      `import { getSetting, registerCommand, setSetting } from 'app:api/2'; registerCommand('do', ({ text }) => { ${body} });`,
    );
  await write('setSetting("last", text); return { text: "first" };');
  await host.watch(folder);
  assert.equal(host.run('do', state).text, 'first');
  await write('return { text: `second, after ${getSetting("last")}` };');
  await until(() => host.run('do', state).text === 'second, after one two');
  await write('return {');
  await until(() => messages.some((text) => text.startsWith('a: not loaded: ')));
  assert.equal(host.run('do', state).text, 'second, after one two');
  await rm(join(folder, 'a.js'));
  await until(() => host.commands.length === 0);
});

test('a plugin for a version that the editor does not have is told which there are', async (context) => {
  const { host } = openHost(context);
  await assert.rejects(host.load('a', 'import "app:api/3"'), /no app:api\/3; this editor has app:api\/1, app:api\/2/);
  assert.deepEqual(host.commands, []);
});

test('a command that does not end is stopped, and works afterwards', async (context) => {
  const { host } = openHost(context);
  await host.load('a', command('if (state.text === "") for (;;); return state;'));
  assert.throws(() => host.run('do', { text: '', selection: [0, 0] }), TimeLimitError);
  assert.deepEqual(host.run('do', state), state);
});

test('what a plugin returns is checked', async (context) => {
  const { host } = openHost(context);
  await host.load('a', command('return { text: 5 };'));
  assert.throws(() => host.run('do', state), /returns \{ text, selection \}/);
  await host.load('a', command('return { text: "x", selection: [0, 99] };'));
  assert.deepEqual(host.run('do', state), { text: 'x', selection: [1, 1] });
  await assert.rejects(host.load('b', command('').replace("'do'", "'../x'")), /small letters/);
});

test('of two versions that are loaded at once the later one stays', async (context) => {
  const { host } = openHost(context);
  await Promise.all([1, 2].map((n) => host.load('a', command(`return { text: "${n}" };`))));
  assert.equal(host.run('do', state).text, '2');
});
