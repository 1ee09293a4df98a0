// The engines under comparison behind one small interface:
//   load(text)        evaluates a script
//   call()            runs the global `run` and gives its value
//   callAsync()       the same for a promise, with jobs and timers served
//   callForBytes()    runs the global `run` and gives the bytes of the ArrayBuffer it returns (some of them)
//   invoke(name, arg) calls a global function of the guest with one marshalled argument
//   dispose()
// `once(text)` of an engine gives the value of a script in a new context without host functions (some of them).
// Host functions: `add(a, b)` on numbers, `accept(object)`, which reads an object of the guest's completely,
// `later(number)`, which gives a promise (some of them), and in peers `print(text)`.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import vm from 'node:vm';
import { caisson, emscriptenQuickJs, hostFunctions } from './host-engines.mjs';

const require = createRequire(import.meta.url);

async function quickJsWasi() {
  const { QuickJS } = await import('quickjs-wasi');
  const module = new WebAssembly.Module(readFileSync(require.resolve('quickjs-wasi/quickjs.wasm')));
  return {
    async create() {
      const machine = await QuickJS.create({ wasm: module });
      return new WasiContext(machine);
    },
  };
}

class WasiContext {
  constructor(machine) {
    this.machine = machine;
    this.handles = new Map();
    const define = (name, callback) => {
      const handle = machine.newFunction(name, callback);
      machine.setProp(machine.global, name, handle);
      handle.dispose();
    };
    define('add', (a, b) => machine.newNumber(a.toNumber() + b.toNumber()));
    define('accept', (object) => machine.newNumber(hostFunctions.accept(machine.dump(object))));
    define('print', (text) => {
      console.log(machine.dump(text));
      return machine.undefined;
    });
    define('setTimeout', (callback, delay) => {
      const kept = callback.dup();
      setTimeout(
        () => {
          machine.callFunction(kept, machine.undefined).dispose();
          kept.dispose();
          machine.executePendingJobs();
        },
        delay === undefined ? 0 : delay.toNumber(),
      );
      return machine.undefined;
    });
  }

  load(text) {
    this.machine.evalCode(text).dispose();
  }

  call() {
    const handle = this.machine.evalCode('run()');
    const value = this.machine.dump(handle);
    handle.dispose();
    return value;
  }

  async callAsync() {
    const { machine } = this;
    machine.evalCode('globalThis.settled = undefined; run().then((value) => { settled = { value }; }); 0').dispose();
    for (;;) {
      machine.executePendingJobs();
      const handle = machine.evalCode('settled');
      const settled = machine.dump(handle);
      handle.dispose();
      if (settled !== undefined) return settled.value;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  invoke(name, argument) {
    const { machine } = this;
    if (!this.handles.has(name)) this.handles.set(name, machine.evalCode(name));
    const passed = machine.hostToHandle(argument);
    const result = machine.callFunction(this.handles.get(name), machine.undefined, passed);
    const value = machine.dump(result);
    passed.dispose();
    result.dispose();
    return value;
  }

  dispose() {
    this.machine.dispose();
  }
}

// What contexts of node:vm lack.
const webGlobals = {
  URL,
  URLSearchParams,
  TextEncoder,
  TextDecoder,
  atob,
  btoa,
  structuredClone,
  Event,
  EventTarget,
  AbortController,
};

async function v8() {
  return {
    async create() {
      const context = vm.createContext({ ...hostFunctions, setTimeout, clearTimeout, ...webGlobals });
      const run = (text) => vm.runInContext(text, context);
      return {
        load: run,
        call: () => structuredCloneIfObject(context.run()),
        callAsync: () => context.run(),
        callForBytes: () => new Uint8Array(structuredClone(context.run())),
        invoke: (name, argument) => context[name](structuredCloneIfObject(argument)),
        dispose() {},
      };
    },
  };
}

function structuredCloneIfObject(value) {
  return typeof value === 'object' && value !== null ? structuredClone(value) : value;
}

export const engines = {
  caisson,
  quickjs: () => emscriptenQuickJs(() => import('@jitl/quickjs-wasmfile-release-sync')),
  quickjs_ng: () => emscriptenQuickJs(() => import('@jitl/quickjs-ng-wasmfile-release-sync')),
  quickjs_wasi: quickJsWasi,
  v8,
};

export const engineTitles = {
  caisson: 'Caisson',
  quickjs: 'quickjs-emscripten',
  quickjs_ng: 'quickjs-ng',
  quickjs_wasi: 'quickjs-wasi',
  v8: 'V8',
};
