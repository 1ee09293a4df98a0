// How much of the host's stack and of the engine's own is in use within built-ins that call guest code which calls them
// again. Used in Node, in Chromium and with the WASI build.

// What makes an object that asks the next one, how the outermost is asked, and the answer at the innermost, which asks
// the host how much of its stack is left.
export const nestings = {
  toString: ['{ toString: () => (n ? `${make(n - 1)}` : look()) }', '`${v}`'],
  valueOf: ['{ valueOf: () => (n ? +make(n - 1) : look()) }', '+v'],
  'proxy get': ['new Proxy({}, { get: (_, key) => (n ? make(n - 1)[key] : look()) })', 'v.x'],
  toJSON: ['{ toJSON: () => (n ? JSON.parse(JSON.stringify(make(n - 1))) : look()) }', 'JSON.stringify(v)'],
  'sort comparators': ['() => (n ? [2, 1].sort(make(n - 1)) && 1 : look())', '[2, 1].sort(v) && 1'],
  'Array.from': ['() => (n ? Array.from([1], make(n - 1))[0] : look())', 'Array.from([1], v)[0]'],
  'Reflect.get': ['{ get x() { return n ? Reflect.get(make(n - 1), "x") : look(); } }', 'Reflect.get(v, "x")'],
  instanceof: ['{ [Symbol.hasInstance]: () => (n ? 1 instanceof make(n - 1) : look()) }', '1 instanceof v'],
  'arguments of the host': ['{ get x() { return n ? take(make(n - 1)) : look(); } }', 'take(v)'],
  structuredClone: ['{ get x() { return n ? structuredClone(make(n - 1)).x : look(); } }', 'structuredClone(v).x'],
  flat: [
    'new Proxy([1], { get: (t, k) => (k !== "0" ? t[k] : n ? [].flat.call(make(n - 1))[0] : look()) })',
    '[].flat.call(v)[0]',
  ],
};

const STACK_BYTES = 1 << 20; // of the engine's own stack, which begins the memory
const PAINT = 0xa5;

export const paintStack = (memory) => new Uint8Array(memory.buffer, 0, STACK_BYTES).fill(PAINT);

// Bytes that were in use since it was painted.
export function usedStack(memory) {
  return STACK_BYTES - new Uint8Array(memory.buffer, 0, STACK_BYTES).findIndex((byte) => byte !== PAINT);
}

export function framesLeft() {
  try {
    return 1 + framesLeft();
  } catch {
    return 1;
  }
}

// What is in use when the innermost function asks: bytes of the engine's stack, and how many frames fewer fit into the
// host's.
export async function measure(createSandbox, name, depth) {
  const [object, use] = nestings[name];
  let left = 0;
  const look = () => {
    left = framesLeft();
    return 1;
  };
  const memories = [];
  const { instantiate } = WebAssembly;
  WebAssembly.instantiate = async (...args) => {
    const made = await instantiate.apply(WebAssembly, args);
    memories.push((made.instance ?? made).exports.memory);
    return made;
  };
  let sandbox;
  try {
    const settings = { isolation: 'instance', timeLimit: 60_000, stackLimit: 64 << 20, memoryLimit: 512 << 20 };
    sandbox = await createSandbox({ ...settings, globals: { look, take: ({ x }) => x } });
  } finally {
    WebAssembly.instantiate = instantiate;
  }
  sandbox.evalSync(`const make = (n) => (${object}); 0`);
  const run = (n) => sandbox.evalSync(`{ const v = make(${n}); ${use}; 0 }`);
  // Frames have their final size when the function has been optimised.
  for (let i = 0; i < 50; i++) look();
  const all = left;
  run(depth);
  run(depth);
  paintStack(memories[0]);
  run(depth);
  const engine = usedStack(memories[0]);
  sandbox.dispose();
  return { engine, host: all - left };
}
