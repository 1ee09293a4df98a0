// Every intrinsic with hostile sizes of every argument kind: what the calls are. intrinsics.test.mjs runs a sample,
// `node tests/security/intrinsics.mjs` all of them; `--charged` under the build that reports work nobody pays for.
//
// A process finds the functions once (tests/charged/entries_probe.c); each is called on each receiver in a fork of it,
// one entry per list of arguments, under a limit of 50 ms of processor time and 64 MiB. What a call needs is made
// before it.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pathToFileURL } from 'node:url';
import { namedStacks } from '../charged/symbols.mjs';
import { root } from '../../wasm-glue/tools/root.mjs';

export const timeLimit = 50,
  memoryLimit = 64 << 20;
// Processor time that an entry may take beyond its limit, and resident memory beyond its, which includes the fork's
// copies.
export const timeSlack = 50,
  memorySlack = 48 << 20;

// Expressions. `heavy` ones only as receivers of their own kind and as single arguments.
const values = {
  flat: '"x".repeat(4e6)',
  rope: '(() => { let s = "", p = "ab".repeat(40); for (let i = 0; i < 20000; i++) s = p + s; return s; })()',
  wide: '"\\u03a3\\u0301\\ud83d\\ude00".repeat(5e5)',
  marks: '"a" + "\\u0301\\u0323".repeat(5e5)',
  surrogates: '"\\ud800".repeat(1e6)',
  digits: '"1".repeat(4e6)',
  fraction: '"1." + "0".repeat(4e6) + "1"',
  spaces: '" ".repeat(4e6)',
  percent: '"%41".repeat(1e6)',
  almost: '"a".repeat(2e6) + "b"',
  json: '"[" + "[1,{\\"a\\":\\"\\\\n\\"}],".repeat(2e5) + "1]"',
  deepJson: '"[".repeat(1e6)',
  template: '"$<a$&$1".repeat(2e5)',
  url: '"http://a/" + "../a/%zz?&=".repeat(1e5)',
  base64: '"AAAA".repeat(1e6)',
  date: '"2020-01-01T00:00:00.".concat("0".repeat(1e6))',
  source: '"a+".repeat(3e5) + "a"',
  manyNames: 'Array.from({ length: 3e4 }, (_, i) => "v" + i).join()',
  classes: '"[\\\\p{L}\\\\w-z]".repeat(5e3)',
  groups: '"(a)".repeat(2e4)',
  alternatives: '"a|".repeat(2e5)',
  quantifiers: '"(?:a{0,9999}){0,9999}".repeat(2e3)',
  holes: '(() => { const a = []; a[2 ** 32 - 2] = 1; return a; })()',
  arrayLike: '({ length: 2 ** 53 - 1, 0: 1, 5: 2 })',
  dense: 'Array.from({ length: 3e5 }, (_, i) => i ^ 0x5555)',
  strings: 'Array.from({ length: 5e4 }, (_, i) => String(i * 7919 % 50021))',
  nested: '(() => { let a = []; for (let i = 0; i < 3e4; i++) a = [a]; return a; })()',
  sparse: '(() => { const a = []; for (let i = 0; i < 1e4; i++) a[i * 1000] = i; return a; })()',
  manyKeys: '(() => { const o = {}; for (let i = 0; i < 2e4; i++) o["k" + i] = i; return o; })()',
  chain: '(() => { let o = {}; for (let i = 0; i < 3e4; i++) o = Object.create(o); return o; })()',
  proxies: '(() => { let p = {}; for (let i = 0; i < 3e4; i++) p = new Proxy(p, {}); return p; })()',
  bytes: 'new Uint8Array(2e7)',
  floats: 'new Float64Array(2e6)',
  words: 'new BigInt64Array(1e6)',
  buffer: 'new ArrayBuffer(1e7, { maxByteLength: 3e7 })',
  views:
    '(() => { const b = new ArrayBuffer(64, { maxByteLength: 128 }); b.all = Array.from({ length: 3e4 }, () => new Uint8Array(b)); return b; })()',
  shared: 'new SharedArrayBuffer(1e7)',
  dataView: 'new DataView(new ArrayBuffer(1e7))',
  bigint: '(1n << 1000000n) - 1n',
  negative: '-(3n ** 200000n)',
  map: 'new Map(Array.from({ length: 1e5 }, (_, i) => [i * 65536 * 4, i]))',
  set: 'new Set(Array.from({ length: 1e5 }, (_, i) => i))',
  emptied:
    '(() => { const s = new Set(Array.from({ length: 2e5 }, (_, i) => i)); for (let i = 1; i < 2e5; i++) s.delete(i); return s; })()',
  weak: '(() => { const m = new WeakMap(), k = []; let key = {}; k.push(key); for (let i = 0; i < 2e4; i++) { const n = {}; m.set(key, n); key = n; } m.first = k[0]; return m; })()',
  registry:
    '(() => { const r = new FinalizationRegistry(() => {}); r.token = {}; r.all = []; for (let i = 0; i < 2e4; i++) { const o = {}; r.all.push(o); r.register(o, 0, o); } return r; })()',
  regexp: '/(?:a*)*b|(x+x+)+y/g',
  ignoring: '/[^]\\p{L}*?$/giu',
  simple: '/./gs',
  function_: 'function f(a) { return a; }',
  bound: '(() => { let f = (a) => a; for (let i = 0; i < 2e4; i++) f = f.bind(null, i & 1); return f; })()',
  symbol: 'Symbol("x".repeat(1e6))',
  error: 'new Error("x".repeat(1e6), { cause: 1 })',
  dateObject: 'new Date(8.64e15)',
  iterator: '(function* () { for (;;) yield 1; })()',
  promise: 'Promise.resolve(1)',
  million: '1e6',
  huge: '2 ** 53 - 1',
  largest: '2 ** 31 - 1',
  four: '2 ** 32',
  minusOne: '-1',
  nan: 'NaN',
  small: '1e-7',
  zero: '0',
  radix: '3',
  nothing: 'undefined',
  null_: 'null',
  yes: 'true',
  word: '"a"',
  empty: '""',
  object: '({})',
};

// Guest code: finds everything callable, and answers to calls by number.
export const prepare = `
var values = { ${Object.entries(values)
  .map(
    ([name, text]) =>
      `get ${name}() { const v = ${text}; Object.defineProperty(values, '${name}', { value: v }); return v; }`,
  )
  .join(',\n')} };
var functions = [], names = [], holders = [];
{
  const seen = new Set(), queue = [[globalThis, '']];
  for (const make of [() => (function* () {})(), () => (async function* () {})(), () => [].values(), () => new Map().keys(), () => new Set().keys(),
    () => ''[Symbol.iterator](), () => 'a'.matchAll(/a/g), () => [].values().map(() => 1), () => Iterator.from({ next() {} }), () => async () => {}, () => new Uint8Array(1)])
    { try { queue.push([make(), '%' + make + '%']); } catch {} }
  const skip = new Set(['values', 'functions', 'names', 'call', 'console', 'scriptArgs']);
  while (queue.length) {
    const [object, path, holder] = queue.shift();
    if (seen.has(object)) continue;
    seen.add(object);
    if (typeof object === 'function') { functions.push(object); names.push(path); holders.push(holder); }
    for (const key of Reflect.ownKeys(object)) {
      if (object === globalThis && skip.has(key)) continue;
      const d = Reflect.getOwnPropertyDescriptor(object, key);
      const at = path + (typeof key === 'symbol' ? '[' + key.description + ']' : '.' + key);
      for (const [part, suffix] of [[d.value, ''], [d.get, ' get'], [d.set, ' set']])
        if ((typeof part === 'object' && part !== null) || typeof part === 'function') queue.push([part, at + suffix, object]);
    }
    const prototype = Object.getPrototypeOf(object);
    if (prototype) queue.push([prototype, path + '.__proto__', object]);
  }
}
function call(index, how, receiver, ...names) {
  const f = functions[index], list = names.map((name) => values[name]);
  let result;
  try {
    result = how === 'new' ? Reflect.construct(f, list) : Reflect.apply(f, receiver === 'holder' ? holders[index] : values[receiver], list);
    if (result && typeof result === 'object' && typeof result.next === 'function' && how === 'call') for (let i = 0; i < 3; i++) result.next();
  } catch (error) { return error && error.name; }
  return typeof result;
}
`;

// Which receivers a function is called on: the first row whose expression its path matches.
const texts = 'flat rope wide marks surrogates digits spaces almost json template url source'.split(' ');
const receivers = [
  [/^\.String\.prototype|\[Symbol\.iterator\]/, texts],
  [/^\.Array\.prototype/, ['holes', 'arrayLike', 'dense', 'strings', 'nested', 'sparse', 'bytes']],
  [
    /^\.(Uint8|Int8|Float|BigInt64|Uint16|Int16|Uint32|Int32|BigUint).*|%.*Uint8Array/,
    ['bytes', 'floats', 'words', 'holder'],
  ],
  [/^\.ArrayBuffer\.prototype/, ['buffer', 'views']],
  [/^\.SharedArrayBuffer\.prototype/, ['shared']],
  [/^\.DataView\.prototype/, ['dataView']],
  [/^\.(Map|Set)\.prototype/, ['map', 'set', 'emptied']],
  [/^\.Weak(Map|Set|Ref)\.prototype|^\.FinalizationRegistry\.prototype/, ['weak', 'registry']],
  [/^\.RegExp\.prototype/, ['regexp', 'ignoring', 'simple']],
  [/^\.Function\.prototype/, ['function_', 'bound']],
  [/^\.Object\.prototype/, ['manyKeys', 'chain', 'proxies', 'holes', 'flat', 'dense']],
  [/^\.Number\.prototype/, ['million', 'huge', 'small']],
  [/^\.BigInt\.prototype/, ['bigint', 'negative']],
  [/^\.Date\.prototype/, ['dateObject']],
  [/^\.Symbol\.prototype/, ['symbol']],
  [/^\.\w*Error\.prototype/, ['error', 'manyKeys']],
  [/^\.Promise\.prototype/, ['promise']],
  [/Iterator/, ['iterator']],
  [/./, ['holder', 'object']],
];
const receiversOf = (name) => receivers.find(([path]) => path.test(name))[1];
const argumentNames = Object.keys(values);
// Lists of arguments: none, each alone, and pairs and triples that mean something to many functions.
const combinations = [
  [],
  ...argumentNames.map((name) => [name]),
  ['flat', 'almost'],
  ['flat', 'flat'],
  ['wide', 'wide'],
  ['wide', 'flat'],
  ['rope', 'rope'],
  ['digits', 'radix'],
  ['huge', 'word'],
  ['million', 'wide'],
  ['word', 'template'],
  ['simple', 'template'],
  ['simple', 'function_'],
  ['regexp', 'template'],
  ['function_', 'zero'],
  ['zero', 'huge'],
  ['minusOne', 'huge'],
  ['largest', 'object'],
  ['million', 'bigint'],
  ['huge', 'bigint'],
  ['bigint', 'radix'],
  ['bytes', 'zero'],
  ['bytes', 'million'],
  ['dense', 'zero'],
  ['chain', 'word'],
  ['proxies', 'word'],
  ['chain', 'chain'],
  ['manyKeys', 'function_'],
  ['manyKeys', 'manyKeys'],
  ['object', 'manyKeys'],
  ['object', 'arrayLike'],
  ['arrayLike', 'function_'],
  ['iterator', 'function_'],
  ['function_', 'nothing', 'dense'],
  ['function_', 'nothing', 'arrayLike'],
  ['function_', 'arrayLike'],
  ['function_', 'dense'],
  ['bound', 'dense'],
  ['zero', 'minusOne', 'flat'],
  ['word', 'zero', 'huge'],
  ['zero', 'huge', 'word'],
  ['flat', 'zero', 'million'],
  ['object', 'word', 'object'],
  ['json', 'function_'],
  ['nested', 'function_', 'million'],
  ['manyKeys', 'dense', 'flat'],
  ['groups', 'word'],
  ['classes', 'word'],
  ['manyNames', 'source'],
  ['source', 'source'],
  ['shared', 'zero'],
  ['buffer', 'zero', 'million'],
  ['dateObject', 'zero', 'zero', 'huge'],
  ['floats', 'zero', 'small'],
  ['million', 'object', 'nothing'],
  ['surrogates', 'surrogates'],
  ['marks', 'marks'],
  ['map', 'function_'],
  ['set', 'set'],
  ['weak', 'object'],
];

// Drives one process of entries_probe.
export class Entries {
  constructor(build) {
    this.program = join(root, 'build', build, 'entries_probe');
    this.child = spawn(this.program, [String(timeLimit), String(memoryLimit), '10'], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.buffer = '';
    this.errors = '';
    this.child.stderr.on('data', (data) => {
      if (this.errors.length < 1 << 24) this.errors += data;
    });
    this.child.stdout.setEncoding('utf8');
    this.child.stdout.on('data', (data) => {
      this.buffer += data;
      this.look();
    });
    this.child.on('close', () => this.fail?.(new Error('entries_probe ended')));
  }
  look() {
    const end = this.buffer.startsWith('.\n') ? 0 : this.buffer.indexOf('\n.\n') + 1;
    if (end < 1 && !this.buffer.startsWith('.\n')) return;
    const lines = this.buffer.slice(0, end).split('\n').filter(Boolean);
    this.buffer = this.buffer.slice(end + 2);
    this.settle(lines);
  }
  send(kind, text) {
    return new Promise((settle, fail) => {
      this.settle = settle;
      this.fail = fail;
      const bytes = Buffer.from(text);
      this.child.stdin.write(`${kind} ${bytes.length}\n`);
      this.child.stdin.write(bytes);
    });
  }
  async prepare(text) {
    const [line] = await this.send('S', text);
    if (!line?.startsWith('ok')) throw new Error(`preparing failed: ${line}`);
    return line.slice(3);
  }
  async touchingTime() {
    const [line] = await this.send('T', ' ');
    return line / 1000;
  }
  // Outcomes of the entries: { status, time (ms), peak, resident (bytes), touching (ms per MiB), text }.
  async run(entries) {
    const before = await this.touchingTime();
    const lines = await this.send('C', entries.join('\x01'));
    const touching = Math.max(before, await this.touchingTime());
    return lines.map((line) => {
      const [status, time, peak, resident, ...text] = line.split(' ');
      return status === 'died'
        ? { status, time: Infinity, peak: 0, resident: 0, touching, text: `signal ${time}` }
        : { status, time: time / 1000, peak: Number(peak), resident: resident * 1024, touching, text: text.join(' ') };
    });
  }
  end() {
    this.fail = undefined;
    this.child.stdin.end();
  }
}

// `touching`: what the system takes, in milliseconds, to bring a MiB of memory that is touched for the first time, as
// in a fork all of it is. It is measured beside the calls, since it is no work of the engine's and differs thirtyfold
// between machines (0.1 ms on bare metal, 3 ms on a busy machine inside two others).
export function isWrong(outcome) {
  const touching = (outcome.resident / (1 << 20)) * outcome.touching;
  return (
    outcome.status === 'died' ||
    outcome.time > timeLimit + timeSlack + touching ||
    outcome.peak > memoryLimit + (2 << 20) ||
    outcome.resident > memoryLimit + memorySlack
  );
}

// Yields every call that was wrong. `pick`: which of the lists of calls to run, by number.
export async function* sweep({ build = 'native', pick = () => true, filter = /./, onProgress = () => {} } = {}) {
  const entries = new Entries(build);
  // Where only work that nobody pays for is looked for, all values are made before the first fork: most of the sweep's
  // time would go into making them. Elsewhere a call would pay for collections among them.
  const isCharged = build === 'charged',
    all = isCharged ? 'for (const name in values) values[name];' : '';
  const start = async () => JSON.parse(await entries.prepare(`${prepare}\n${all}\nJSON.stringify(names)`));
  const names = await start();
  let number = 0,
    calls = 0;
  for (let index = 0; index < names.length; index++) {
    if (!filter.test(names[index])) continue;
    for (const [how, receiver] of [['new', 'nothing'], ...receiversOf(names[index]).map((name) => ['call', name])]) {
      if (!pick(number++)) continue;
      const lists = combinations.map((list) => [how, receiver, ...list]);
      const before = entries.errors.length;
      let outcomes = [];
      // A fork that dies is followed by one for the rest.
      for (let from = 0; from < lists.length; from += outcomes.length) {
        const part = lists.slice(from);
        const needs = (list) =>
          `\x02${list
            .filter((name) => name in values)
            .map((name) => `values.${name};`)
            .join('')}0`;
        const entriesOf = (list) => [
          ...(isCharged ? [] : [needs(list)]),
          `call(${index}, ${list.map((word) => `'${word}'`).join()})`,
        ];
        outcomes = await entries.run(part.flatMap(entriesOf));
        calls += outcomes.length;
        for (let [i, outcome] of outcomes.entries()) {
          if (isCharged && outcome.status !== 'died') continue;
          // A busy machine shows more than a call took, and what ran before leaves pages: by itself, the best of some
          // tries counts.
          for (let again = 0; again < 3 && isWrong(outcome); again++) [outcome] = await entries.run(entriesOf(part[i]));
          if (isWrong(outcome)) yield { name: names[index], call: part[i], ...outcome };
        }
      }
      if (entries.errors.length > before) {
        for (const [stack] of namedStacks(entries.program, entries.errors.slice(before)))
          yield { name: names[index], call: [how, receiver], status: 'uncharged', stack };
      }
      onProgress(names[index], receiver, calls);
    }
  }
  entries.end();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { values: options } = parseArgs({
    options: {
      charged: { type: 'boolean', default: false },
      only: { type: 'string', default: '.' },
      every: { type: 'string', default: '1' },
      offset: { type: 'string', default: '0' },
    },
  });
  const build = options.charged ? 'charged' : 'native';
  if (!existsSync(join(root, 'build', build, 'entries_probe')))
    throw new Error(`first: node wasm-glue/tools/build.mjs ${build}`);
  const every = Number(options.every),
    stacks = new Map();
  let wrong = 0,
    last = 0,
    calls = 0;
  const pick = (number) => number % every === Number(options.offset);
  const onProgress = (name, receiver, count) => {
    calls = count;
    if (Date.now() - last < 5000) return;
    last = Date.now();
    process.stderr.write(`${count} calls, ${wrong} wrong, at ${name} on ${receiver}\n`);
  };
  for await (const outcome of sweep({ build, pick, filter: new RegExp(options.only), onProgress })) {
    if (outcome.status === 'uncharged') {
      const place = outcome.stack
        .split(' < ')
        .map((frame) => frame.split('@')[0])
        .slice(0, 4)
        .join(' < ');
      if (stacks.has(place)) continue;
      stacks.set(place, outcome);
      console.log(`uncharged: ${place}   (${outcome.name} ${outcome.call.join()})`);
      continue;
    }
    wrong++;
    console.log(
      `${outcome.name}(${outcome.call.join()}): ${outcome.status}, ${outcome.time.toFixed(0)} ms, peak ${(outcome.peak / 1048576).toFixed(0)} MiB, ` +
        `resident ${(outcome.resident / 1048576).toFixed(0)} MiB ${outcome.text}`,
    );
  }
  console.log(`${calls} calls, ${wrong} wrong, ${stacks.size} places uncharged`);
  process.exit(wrong + stacks.size > 0 ? 1 : 0);
}
