// Runs one attack and judges its outcome: in Node and in a page alike. An attack is a row of the files beside this one:
//   name     what is tried
//   source   a program of the guest, run by `eval` (or by `evalSync`, with `sync`), after `setUp`, which no limit holds
//   options  of createSandbox, or (tools) => options; the group's are under them
//   run      instead of a source: async (tools) => value, for attacks that take several sandboxes or a host of a
// certain kind
//   expect   the value, or {throws: name of the error's class, message: text or RegExp}, or (value) => a complaint or
// undefined
//   processor, memory   ms and bytes that it may take on the host; the group's otherwise
//   watchdog ms by the clock after which it counts as hung, in place of a minute
//   host     'node' or 'page', when it means something in one of them only
//   alone    it has a process of its own
// The group's `quick` names the rows that are part of `npm test`.
import * as caisson from 'caisson';

const { createSandbox } = caisson;

/** A value as text: equal values give equal texts, and nothing of them is called. */
export function show(value, depth = 0) {
  if (depth > 6) return '...';
  const next = (item) => show(item, depth + 1);
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'bigint':
      return `${value}n`;
    case 'function':
      return 'function';
    case 'object':
      break;
    default:
      return Object.is(value, -0) ? '-0' : String(value);
  }
  if (value === null) return 'null';
  if (Array.isArray(value) && value.length > 1e6) return `array of ${value.length}`;
  if (Array.isArray(value)) return `[${Array.from(value, next).join(', ')}]`;
  if (value instanceof Map)
    return `Map {${[...value].map(([key, item]) => `${next(key)} => ${next(item)}`).join(', ')}}`;
  if (value instanceof Set) return `Set {${[...value].map(next).join(', ')}}`;
  if (value instanceof Date) return `Date ${value.getTime()}`;
  if (value instanceof RegExp) return `RegExp ${value}`;
  if (value instanceof Promise) return 'promise';
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (ArrayBuffer.isView(value))
    return `${value.constructor.name} [${value.length > 16 ? value.length : Array.from(value).join(', ')}]`;
  if (value instanceof ArrayBuffer) return `ArrayBuffer ${value.byteLength}`;
  return `{${Object.keys(value)
    .map((key) => `${key}: ${next(value[key])}`)
    .join(', ')}}`;
}

// The host's intrinsics as they were: an attack must not have changed one.
const intrinsics = [
  globalThis,
  Object,
  Object.prototype,
  Function.prototype,
  Array,
  Array.prototype,
  String.prototype,
  Number.prototype,
  Boolean.prototype,
  Symbol,
  Symbol.prototype,
  BigInt.prototype,
  Error,
  Error.prototype,
  TypeError.prototype,
  RangeError.prototype,
  Promise,
  Promise.prototype,
  Map.prototype,
  Set.prototype,
  WeakMap.prototype,
  WeakRef.prototype,
  Date.prototype,
  RegExp.prototype,
  ArrayBuffer.prototype,
  Uint8Array.prototype,
  Object.getPrototypeOf(Uint8Array.prototype),
  DataView.prototype,
  JSON,
  Reflect,
  Math,
  Object.getPrototypeOf(async function () {}),
  Object.getPrototypeOf(function* () {}),
  Object.getPrototypeOf([][Symbol.iterator]()),
  AbortSignal.prototype,
  EventTarget.prototype,
  ...Object.values(caisson),
  ...Object.values(caisson)
    .map((item) => item.prototype)
    .filter(Boolean),
];
function snapshot() {
  return intrinsics.map((object) => {
    const found = new Map();
    for (const key of Reflect.ownKeys(object)) {
      const { value, get } = Object.getOwnPropertyDescriptor(object, key);
      // Node makes some of its globals when they are first used.
      found.set(
        key,
        object === globalThis || (typeof value === 'object' && value !== null) ? undefined : (get ?? value),
      );
    }
    return found.set('[[Prototype]]', Object.getPrototypeOf(object));
  });
}
let before;
function findChanges() {
  const now = snapshot();
  for (const [index, found] of now.entries()) {
    for (const [key, value] of found) {
      if (!before[index].has(key) || !Object.is(before[index].get(key), value))
        return `the host's intrinsic ${index} has changed at ${String(key)}`;
    }
    if (found.size < before[index].size) return `the host's intrinsic ${index} has lost a property`;
  }
}

function judge(outcome, expect) {
  if (typeof expect === 'function') return outcome.threw ? `threw ${show(outcome.error)}` : expect(outcome.value);
  const isThrow = typeof expect === 'object' && expect !== null && 'throws' in expect;
  if (!isThrow) {
    if (outcome.threw) return `threw ${show(outcome.error)} in place of ${show(expect)}`;
    return show(outcome.value) === show(expect)
      ? undefined
      : `gave ${show(outcome.value).slice(0, 300)} in place of ${show(expect)}`;
  }
  if (!outcome.threw) return `gave ${show(outcome.value).slice(0, 300)} in place of ${expect.throws}`;
  const { error } = outcome;
  const name = error?.constructor === caisson.GuestError ? `GuestError ${error.name}` : error?.constructor?.name;
  if (name !== expect.throws) return `threw ${show(error)} (${name}) in place of ${expect.throws}`;
  const isRight =
    expect.message === undefined ||
    (expect.message instanceof RegExp ? expect.message.test(error.message) : expect.message === error.message);
  return isRight ? undefined : `the error says '${error.message}' in place of '${expect.message}'`;
}

// What goes wrong outside of any call: in Node an error of the process, in a page one of the window.
const strays = [];
if (typeof process === 'object') {
  process.on('uncaughtException', (error) => strays.push(`uncaught: ${show(error)}`));
  process.on('unhandledRejection', (error) => strays.push(`unhandled rejection: ${show(error)}`));
} else {
  addEventListener('error', (event) => strays.push(`uncaught: ${event.message}`));
  addEventListener('unhandledrejection', (event) => strays.push(`unhandled rejection: ${show(event.reason)}`));
}

globalThis.hostCanary = 'the guest must not see this';

const logged = [];
for (const method of ['log', 'info', 'warn', 'error', 'debug']) console[method] = (...args) => logged.push(args);

const delay = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const turn = typeof setImmediate === 'function' ? () => new Promise(setImmediate) : () => delay(0);

// The instances that were made: their memories.
const memories = [];
const { instantiate } = WebAssembly;
WebAssembly.instantiate = async (...args) => {
  const instance = await instantiate(...args);
  memories.push(new WeakRef((instance.instance ?? instance).exports.memory));
  return instance;
};
const instanceBytes = () => memories.reduce((sum, memory) => sum + (memory.deref()?.buffer.byteLength ?? 0), 0);

// What an attack takes of the processor: in a page, of its one thread.
const processorTime =
  typeof process === 'object'
    ? () => {
        const { user, system } = process.cpuUsage();
        return (user + system) / 1000;
      }
    : () => performance.now();

async function play(row, group) {
  const made = [];
  const tools = {
    ...caisson,
    delay,
    turn,
    logged,
    instanceBytes,
    memories,
    show,
    host: typeof process === 'object' ? 'node' : 'page',
    async sandbox(options) {
      const sandbox = await createSandbox({ ...group.sandboxes, ...options });
      made.push(sandbox);
      return sandbox;
    },
    /** The outcome of an action, as text. */
    async outcome(action) {
      try {
        return show(await (typeof action === 'function' ? action() : action));
      } catch (error) {
        return show(error);
      }
    },
  };
  const outcome = { threw: false };
  let memoryLimit = Infinity;
  let start = processorTime();
  tools.begin = () => {
    start = processorTime();
  }; // what came before was not the attack
  try {
    if (row.run) {
      outcome.value = await row.run(tools);
    } else {
      const [common, own] = [group.options, row.options].map((options) =>
        typeof options === 'function' ? options(tools) : options,
      );
      memoryLimit = { ...common, ...own }.memoryLimit ?? Infinity;
      const sandbox = await tools.sandbox({ ...common, ...own });
      const prelude = (group.prelude ?? '') + (row.setUp ?? '');
      if (prelude) sandbox.evalSync(`${prelude}; 0`, { timeLimit: Infinity });
      tools.begin();
      outcome.value = row.sync ? sandbox.evalSync(row.source) : await sandbox.eval(row.source);
    }
  } catch (error) {
    Object.assign(outcome, { threw: true, error });
  }
  const processor = processorTime() - start;
  let complaint = judge(outcome, row.expect);
  for (const sandbox of made) {
    if (sandbox.isDisposed) continue;
    try {
      // Sandboxes go on, whatever was done in them; those of `run` may be paused, or in a broken instance, and say so
      // themselves.
      if (!row.run) {
        const answer = sandbox.evalSync('1 + 1');
        if (answer !== 2) complaint ??= `1 + 1 is ${show(answer)} afterwards`;
        // What the limit is raised by while the guest copes with an error is a part of it.
        if (sandbox.memoryUsed > memoryLimit + 128 * 1024)
          complaint ??= `${sandbox.memoryUsed} bytes of ${memoryLimit} are in use`;
      }
    } catch (error) {
      complaint ??= `afterwards: ${show(error)}`;
    }
    sandbox.dispose();
  }
  return { complaint, processor };
}

/** Gives {problem: undefined or what is wrong, processor: ms, instances: bytes of their memories}. */
export async function runRow(row, group) {
  before ??= snapshot();
  strays.length = logged.length = 0;
  const { complaint, processor } = await play(row, group);
  await turn();
  const problem = complaint ?? findChanges() ?? strays[0];
  before = snapshot();
  return { problem, processor, instances: instanceBytes() };
}
