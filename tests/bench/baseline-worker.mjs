// How long V8's baseline tier takes for single functions of a module: baseline-worker.mjs FILE FUNCTIONS ROUNDS, run
// with --liftoff-only --no-wasm-lazy-compilation --single-threaded (see baseline.mjs). Prints a line of JSON: for each
// of the largest functions {index, bytes, ms}, where ms is the least time of a module in which all others are empty,
// without that of a module in which all are.
import { readFileSync } from 'node:fs';
import { CODE, Reader } from '../../wasm-glue/tools/wasm-file.mjs';

const [file, most, rounds] = process.argv.slice(2);
const wasm = readFileSync(file);

function number(value) {
  const bytes = [];
  for (; value >= 0x80; value >>>= 7) bytes.push((value & 0x7f) | 0x80);
  return Buffer.from([...bytes, value]);
}

// The sections before and after the code, and the bodies.
const reader = new Reader(wasm, 8);
let [before, after, bodies] = [Buffer.alloc(0), Buffer.alloc(0), []];
while (!reader.isAtEnd) {
  const start = reader.place;
  const id = reader.take(1)[0];
  const code = new Reader(reader.take(reader.number()));
  if (id !== CODE) continue;
  [before, after] = [wasm.subarray(0, start), wasm.subarray(reader.place)];
  const count = code.number();
  bodies = Array.from({ length: count }, () => code.take(code.number()));
}
const unreachable = Buffer.from([3, 0, 0, 0x0b]); // its size, no locals, `unreachable`, `end`
const empty = bodies.map(() => unreachable);
let serial = 0;

function moduleWith(index) {
  const all = [...empty];
  if (index !== undefined) all[index] = Buffer.concat([number(bodies[index].length), bodies[index]]);
  const code = Buffer.concat([number(all.length), ...all]);
  // V8 recognises modules that it has compiled, so each has a section that no other has.
  const name = Buffer.from(`serial ${serial++}`);
  const custom = Buffer.concat([number(name.length), name]);
  return Buffer.concat([
    ...[before, Buffer.from([CODE]), number(code.length), code],
    ...[after, Buffer.from([0]), number(custom.length), custom],
  ]);
}

function time(index) {
  const bytes = moduleWith(index);
  const begin = performance.now();
  new WebAssembly.Module(bytes);
  return performance.now() - begin;
}

const largest = [...bodies.keys()].sort((a, b) => bodies[b].length - bodies[a].length).slice(0, Number(most));
for (let i = 0; i < 5; i++) time(largest[0]);
const times = new Map([undefined, ...largest].map((index) => [index, []]));
for (let i = 0; i < Number(rounds); i++) for (const [index, measured] of times) measured.push(time(index));
const least = (index) => Math.min(...times.get(index));
console.log(
  JSON.stringify(
    largest.map((index) => ({
      index,
      bytes: bodies[index].length,
      ms: Math.max(0, least(index) - least(undefined)),
    })),
  ),
);
