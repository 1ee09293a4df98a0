// Programs in processes of their own, with the host's collector at hand. Of many things the last may still be in a
// register or on a stack.
import { execFileSync } from 'node:child_process';

const prelude = `
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
const released = [];  // handles that the package gave back
let memory;           // of the instance made last
const instantiate = WebAssembly.instantiate;
WebAssembly.instantiate = async (module, imports) => {
  const instance = await instantiate(module, imports);
  const exports = { ...instance.exports, caisson_release(...args) { released.push(args[1]); return instance.exports.caisson_release(...args); } };
  memory = instance.exports.memory;
  return { exports };
};
const { blocking, callback, constructible, createSandbox, ref } = await import('caisson');
const { createTestSandbox } = await import('../tools/test-sandbox.mjs');
let collected = 0;
const watched = new FinalizationRegistry(() => collected++);
const watch = (thing) => { watched.register(thing); return thing; };
// Collections and turns of the host's loop until the condition holds: finalizers run when the host likes.
async function settled(condition, each = () => {}) {
  for (let i = 0; i < 500 && !condition(); i++) {
    each();
    gc();
    await delay(2);
  }
  return condition();
}
async function heapInUse() {
  for (let i = 0; i < 10; i++) { gc(); await delay(1); }
  return process.memoryUsage().heapUsed;
}
// Sandboxes whose guests note things, and how many of these are alive.
async function notingSandbox(options) {
  const sandbox = await createTestSandbox(options);
  sandbox.evalSync('globalThis.seen = []; globalThis.note = (thing) => { seen.push(new WeakRef(thing)); return thing; }; 0');
  return sandbox;
}
async function aliveInGuest(sandbox) {
  let alive;
  for (let i = 0; i < 50; i++) {
    gc();
    await delay(1); // a guest's WeakRef keeps what it was asked for until the job has ended
    sandbox.evalSync('$262.gc()');
    alive = sandbox.evalSync('seen.filter((reference) => reference.deref()).length');
    if (alive <= 4) break;
  }
  return alive;
}
`;

export function runWithCollector(program) {
  const args = ['--expose-gc', '--input-type=module', '--eval', prelude + program];
  execFileSync(process.execPath, args, {
    cwd: import.meta.dirname,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 240_000,
  });
}
