// Fuzzes the JavaScript half of messages and both halves together: node tests/fuzz/message-fuzz.mjs [--seconds N]
// [--seed N]. Mutated messages must end in a value or in an error that is foreseen. Random graphs whose getters change
// anything at any time must arrive as structuredClone makes them, from the host and from the guest. What is used on the
// other side (methods, classes, iterators, streams, promises) must do what it does at home.
import assert from 'node:assert/strict';
import { MemoryLimitError, MalformedMessageError } from '../../npm/src/errors.js';
import * as caisson from '../../npm/src/index.js';
import { MessageReader } from '../../npm/src/message-reader.js';
import { MessageWriter } from '../../npm/src/message-writer.js';
import { guestApi, hostApi, localApi, makeGraph, walk } from './living-graphs.mjs';
import { bridgeWithoutGuest, randomGraph, sampleValues } from './message-values.mjs';
import { readCommandLine } from '../../wasm-glue/tools/command-line.mjs';

const usage = `node tests/fuzz/message-fuzz.mjs [options]: changed messages and random graphs, both ways
  --seconds N      how long (60)
  --seed N         of the random numbers`;
const { values: options } = readCommandLine(
  usage,
  {
    options: { seconds: { type: 'string', default: '60' }, seed: { type: 'string' } },
  },
  ['seconds', 'seed'],
);
const end = Date.now() + Number(options.seconds) * 1000;
let seed = options.seed === undefined ? Date.now() >>> 0 : Number(options.seed);
const random = (below) => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return Math.floor((seed / 2 ** 32) * below);
};

const bridge = bridgeWithoutGuest();

function bytesOf(value) {
  const writer = new MessageWriter();
  writer.begin(bridge);
  writer.write(value);
  return writer.bytes.slice(0, writer.size);
}

const messages = sampleValues(bridge).map(bytesOf);

function mutated() {
  let bytes = Uint8Array.from(messages[random(messages.length)]);
  for (let count = 1 + random(4); count > 0; count--) {
    const at = random(bytes.length);
    switch (random(5)) {
      case 0:
        bytes[at] = random(256);
        break;
      case 1:
        bytes[at] = random(30);
        break;
      case 2:
        bytes = bytes.slice(0, at + 1);
        break;
      case 3: {
        const other = messages[random(messages.length)];
        const from = random(other.length);
        bytes = Uint8Array.of(
          ...bytes.subarray(0, at),
          ...other.subarray(from, from + random(40)),
          ...bytes.subarray(at),
        );
        break;
      }
      default:
        bytes = Uint8Array.of(...bytes.subarray(0, at), 0xff, 0xff, 0xff, 0xff, 0x0f, ...bytes.subarray(at + 1));
        break;
    }
  }
  return bytes;
}

function isForeseen(error) {
  return (
    error instanceof MalformedMessageError ||
    error instanceof MemoryLimitError ||
    (error instanceof TypeError && /cannot be built by this host/.test(error.message))
  );
}

function readMutated() {
  const bytes = mutated();
  const start = process.cpuUsage();
  try {
    new MessageReader(bridge, bytes, { maxBytes: 1 << 24 }).read();
  } catch (error) {
    if (!isForeseen(error)) throw Object.assign(error, { bytes: Buffer.from(bytes).toString('hex') });
  }
  const { user, system } = process.cpuUsage(start);
  const took = (user + system) / 1000; // of the processor: the machine may be busy
  assert.ok(took < 3000, `${took} ms: ${Buffer.from(bytes).toString('hex')}`);
}

// What a graph comes to: itself, or how it failed.
function outcome(action) {
  try {
    return { value: action() };
  } catch (error) {
    return { error: error?.message ?? error };
  }
}

const sandbox = await caisson.createSandbox({ memoryLimit: 64 << 20, timeLimit: 5000 });
const echo = sandbox.evalSync('(value) => value');

function crossGraph() {
  const isWild = random(4) === 0;
  const source = `(${randomGraph})(${seed}, ${isWild})`;
  random(2);
  const make = (0, eval);
  const expected = outcome(() => structuredClone(make(source)));
  for (const [where, action] of Object.entries({
    host: () => echo(make(source)),
    guest: () => sandbox.evalSync(source),
    clone: () => sandbox.evalSync(`structuredClone(${source})`),
  })) {
    const found = outcome(action);
    try {
      if (isWild) assert.ok(!/malformed|instance/.test(String(found.error)), found.error);
      else if (expected.error !== undefined) assert.ok(found.error !== undefined, 'no error');
      else assert.deepStrictEqual(found, expected);
    } catch (error) {
      error.message = `${where}: ${source.slice(-22)}: ${error.message}`;
      throw error;
    }
  }
}

// Things that are used where they were not made. A guest of its own: what is called meanwhile takes jobs.
const other = await caisson.createSandbox({
  memoryLimit: 64 << 20,
  timeLimit: 5000,
  onUnhandledRejection() {},
  globals: { give: (number) => makeGraph(number, hostApi(caisson)) },
});
other.evalSync(
  `globalThis.makeGraph = ${makeGraph}; globalThis.walk = ${walk}; globalThis.make = (seed) => makeGraph(seed, ${guestApi}); 0`,
);

async function crossLivingGraph() {
  const number = seed;
  random(2);
  const walks = {
    'of the host': [
      () => walk(makeGraph(number, localApi()), number),
      () => other.eval(`walk(give(${number}), ${number})`),
    ],
    'of the guest': [
      () => other.eval(`walk(make(${number}), ${number})`),
      () => walk(other.evalSync(`make(${number})`), number),
    ],
  };
  for (const [whose, [atHome, abroad]] of Object.entries(walks)) {
    try {
      assert.deepStrictEqual(await abroad(), await atHome());
    } catch (error) {
      error.message = `a graph ${whose}, ${number}: ${error.message}`;
      throw error;
    }
  }
}

let rounds = 0;
try {
  for (; Date.now() < end; rounds++) {
    for (let i = 0; i < 50; i++) readMutated();
    for (let i = 0; i < 4; i++) crossGraph();
    await crossLivingGraph();
  }
} catch (error) {
  console.error(error);
  console.log(`A finding after ${rounds} rounds.`);
  process.exit(1);
}
console.log(
  `${rounds} rounds: ${rounds * 50} mutated messages, ${rounds * 4} graphs, ${rounds * 2} that were used. No finding.`,
);
process.exit(0);
