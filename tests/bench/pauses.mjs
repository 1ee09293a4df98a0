// What collections cost a guest while it runs: the longest pause that it sees with so much alive, and how long a whole
// collection takes. In Node and in pages.

const MiB = 1024 * 1024;
const RUNS = 5;
const MEMORY_LIMIT = 3072 * MiB; // far from what is used: a limit that is near makes collections more frequent

/** The guest's part: a mix of all kinds of values, and work that makes garbage and changes what is alive. */
export const guestProgram = `
const live = []; // a large array
const byName = new Map();
const groups = Array.from({ length: 1024 }, () => ({ latest: undefined }));
let serial = 0;

function makePart() {
  const id = serial++;
  const group = groups[id & 1023];
  const part = { id, name: 'part ' + id, group, list: [id, id + 0.5, {}], call: () => part.id + 1 };
  group.latest = part;
  return part;
}
function grow(count) {
  for (let i = 0; i < count; i++) {
    const part = makePart();
    live.push(part);
    if ((part.id & 3) === 0) byName.set(part.name, [part]);
  }
  return live.length;
}
// Something new in the place of something old, and about 2 KB of garbage. A place is replaced once in a while.
function work(i) {
  const place = (i * 7919) % live.length;
  byName.delete(live[place].name);
  const part = (live[place] = makePart());
  if ((i & 3) === 0) byName.set(part.name, [part]);
  let sum = 0;
  for (let k = 0; k < 12; k++) {
    const garbage = { k, text: 'garbage ' + k, list: [k, [k]] };
    sum += garbage.list.length + part.call();
  }
  return sum;
}
function workFor(count) {
  for (let i = 0; i < count; i++) {
    work(i);
    tick();
  }
  return count;
}
0`;

/** The number that `expression` gives. */
function numberOf(context, expression) {
  context.load(`globalThis.run = () => ${expression}; 0`);
  return context.call();
}

/** Lets the guest keep about so many MiB, of which it keeps fewer now. */
export function growTo(context, megabytes) {
  for (let more = 1000; more > 0; ) {
    const count = numberOf(context, `grow(${more})`);
    const { used } = context.stats().memory;
    const missing = megabytes * MiB - used;
    // Tables grow by leaps, so not all at once.
    more = missing < 0.02 * used ? 0 : Math.ceil(((missing / used) * count) / 2);
  }
}

/** A sandbox with the program in it, which runs in slices of so many milliseconds, or in one go. */
export async function createGuest(engine, timeSlice = undefined) {
  const context = await engine.create(MEMORY_LIMIT, timeSlice);
  context.load(guestProgram);
  return context;
}

// Which pieces of work the collector interrupts does not depend on the clock, so new sandboxes do the same in each run.
// Other processes disturb other pieces each time: what a piece takes is the least of all runs.
async function longestPauseOf(engine, megabytes, runs) {
  const count = Math.max(40_000, megabytes * 1024); // longer than a collection
  const times = new Float64Array(count).fill(Infinity);
  for (let run = 0; run < runs; run++) {
    const context = await createGuest(engine);
    growTo(context, megabytes);
    numberOf(context, 'workFor(1000)');
    let place = 0,
      before = performance.now();
    context.onTick(() => {
      const time = performance.now();
      times[place] = Math.min(times[place], time - before);
      place++;
      before = time;
    });
    numberOf(context, `workFor(${count})`);
    context.dispose();
  }
  return times.reduce((longest, time) => Math.max(longest, time), 0);
}

const pauseCases = [8, 64, 512].map((megabytes) => ({
  name: `longest pause with ${megabytes} MB alive`,
  group: 'pauses',
  measure: (engine, rounds) => longestPauseOf(engine, megabytes, Math.min(rounds, RUNS)),
}));

const sizes = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];

async function collectionTimes(engine, wanted, rounds) {
  const context = await createGuest(engine);
  const rows = [];
  for (const megabytes of sizes) {
    const row = { name: `whole collection with ${megabytes} MB alive`, group: 'collections' };
    growTo(context, megabytes);
    if (!wanted(row)) continue;
    const times = [];
    for (let run = 0; run <= Math.min(rounds, RUNS); run++) {
      const start = performance.now();
      context.stats();
      times.push(performance.now() - start);
    }
    rows.push({ ...row, caisson_ms: Math.min(...times) });
  }
  context.dispose();
  return rows;
}

/**
 * Rows as those of measureCase.
 * @param {any} engine Caisson's
 * @param {(row: { name: string, group: string }) => boolean} wanted
 */
export async function measurePauses(engine, wanted, rounds) {
  const rows = [];
  for (const { name, group, measure } of pauseCases) {
    if (wanted({ name, group })) rows.push({ name, group, caisson_ms: await measure(engine, rounds) });
  }
  if (sizes.some((megabytes) => wanted({ name: `whole collection with ${megabytes} MB alive`, group: 'collections' })))
    rows.push(...(await collectionTimes(engine, wanted, rounds)));
  return rows;
}
