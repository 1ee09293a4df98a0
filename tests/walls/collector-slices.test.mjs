// Collections go in steps that cost operations, so they end time slices like the guest's own work. No clock is looked
// at: with so short a slice, every end of 50,000 operations is a pause.
import assert from 'node:assert/strict';
import { test } from 'node:test';

let pauses = 0;
const { instantiate } = WebAssembly;
WebAssembly.instantiate = async (module, imports) => {
  const { exports } = await instantiate(module, imports);
  const caisson_continue = (...args) => {
    pauses++;
    return exports.caisson_continue(...args);
  };
  return { exports: { ...exports, caisson_continue } };
};
const { caisson } = await import('../bench/host-engines.mjs');
const { createGuest, growTo } = await import('../bench/pauses.mjs');

const MEGABYTES = 64;
const SHORTEST_SLICE = 1e-6; // ms

/** What the same work takes beside whatever `fill` lets the guest keep. */
async function measureWork(fill) {
  const context = await createGuest(await caisson(), SHORTEST_SLICE);
  context.load('grow(1000)');
  fill(context);
  context.load('globalThis.run = async () => { for (let i = 0; i < 60000; i++) work(i); }; 0');
  const before = context.stats();
  pauses = 0;
  await context.callAsync();
  const counted = pauses;
  const { objects, operations, collections } = context.stats();
  context.dispose();
  return {
    objects,
    operations: operations - before.operations,
    collections: collections - before.collections - 1, // stats() makes one
    pauses: counted,
  };
}

test('marking costs operations, and those end slices', async () => {
  // Nothing to mark, and as much of it, so that collections begin as often.
  const bytes = await measureWork((context) => context.load(`globalThis.kept = new Uint8Array(${MEGABYTES} << 20); 0`));
  const graph = await measureWork((context) => growTo(context, MEGABYTES));
  const seen = JSON.stringify({ bytes, graph });
  assert.ok(bytes.collections >= 2 && graph.collections >= 2, seen);
  const marking = graph.operations - bytes.operations;
  assert.ok(marking > 0.8 * graph.collections * graph.objects, seen);
  // A collection in one go would be one pause.
  const perPause = bytes.operations / bytes.pauses;
  assert.ok(graph.pauses - bytes.pauses > (0.5 * marking) / perPause, seen);
});
