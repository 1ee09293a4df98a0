// The engines under comparison behind one small interface:
//   load(text)        evaluates a script
//   call()            runs the global `run` and gives its value
//   callAsync()       the same for a promise, with jobs and timers served
//   invoke(name, arg) calls a global function of the guest with one marshalled argument
//   dispose()
// Host functions: `add(a, b)` on numbers, `accept(object)`, which reads an object of the guest's completely, and in peers `print(text)`.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import vm from 'node:vm';

const require = createRequire(import.meta.url);

const hostFunctions = { add: (a, b) => a + b, accept: (object) => (object === null ? 0 : 1) };

async function caisson() {
  const { createSandbox } = await import('caisson');
  return {
    async create() {
      const sandbox = await createSandbox({ memoryLimit: 1 << 30, globals: { ...hostFunctions } });
      const functions = new Map();
      return {
        load: (text) => sandbox.evalSync(text),
        call: () => sandbox.evalSync('run()'),
        callAsync: () => sandbox.eval('run()'),
        invoke(name, argument) {
          if (!functions.has(name)) functions.set(name, sandbox.evalSync(name));
          return functions.get(name)(argument);
        },
        dispose: () => sandbox.dispose(),
      };
    },
  };
}

async function emscriptenQuickJs(variantName) {
  const { newQuickJSWASMModuleFromVariant } = await import('quickjs-emscripten-core');
  const { default: variant } = await import(variantName);
  let quickJs = await newQuickJSWASMModuleFromVariant(variant);
  return {
    async createInstance() {
      quickJs = await newQuickJSWASMModuleFromVariant(variant);
      return this.create();
    },
    async create() {
      return new EmscriptenContext(quickJs.newContext());
    },
  };
}

class EmscriptenContext {
  constructor(context) {
    this.context = context;
    this.timers = 0;
    this.handles = new Map();
    const define = (name, callback) => {
      const handle = context.newFunction(name, callback);
      context.setProp(context.global, name, handle);
      handle.dispose();
    };
    define('add', (a, b) => context.newNumber(context.getNumber(a) + context.getNumber(b)));
    define('accept', (object) => context.newNumber(hostFunctions.accept(context.dump(object))));
    define('print', (text) => {
      console.log(context.getString(text));
      return context.undefined;
    });
    define('setTimeout', (callback, delay) => {
      const kept = callback.dup();
      this.timers++;
      setTimeout(() => {
        this.timers--;
        if (!context.alive) return;
        context.unwrapResult(context.callFunction(kept, context.undefined)).dispose();
        kept.dispose();
        context.runtime.executePendingJobs();
      }, delay === undefined ? 0 : context.getNumber(delay));
      return context.undefined;
    });
  }

  load(text) { this.context.unwrapResult(this.context.evalCode(text)).dispose(); }

  call() {
    const handle = this.context.unwrapResult(this.context.evalCode('run()'));
    const value = this.context.dump(handle);
    handle.dispose();
    return value;
  }

  async callAsync() {
    const { context } = this;
    const promise = context.unwrapResult(context.evalCode('run()'));
    const resolved = context.resolvePromise(promise);
    promise.dispose();
    context.runtime.executePendingJobs();
    const handle = context.unwrapResult(await resolved);
    const value = context.dump(handle);
    handle.dispose();
    return value;
  }

  invoke(name, argument) {
    const { context } = this;
    if (!this.handles.has(name)) this.handles.set(name, context.getProp(context.global, name));
    const passed = this.toGuest(argument);
    const result = context.unwrapResult(context.callFunction(this.handles.get(name), context.undefined, passed));
    const value = context.dump(result);
    passed.dispose();
    result.dispose();
    return value;
  }

  toGuest(value) {
    const { context } = this;
    if (typeof value === 'number') return context.newNumber(value);
    if (typeof value === 'string') return context.newString(value);
    if (typeof value === 'boolean') return value ? context.true : context.false;
    if (value === null) return context.null;
    const target = Array.isArray(value) ? context.newArray() : context.newObject();
    for (const key of Object.keys(value)) {
      const member = this.toGuest(value[key]);
      context.setProp(target, key, member);
      member.dispose();
    }
    return target;
  }

  dispose() {
    for (const handle of this.handles.values()) handle.dispose();
    this.context.dispose();
  }
}

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
      setTimeout(() => {
        machine.callFunction(kept, machine.undefined).dispose();
        kept.dispose();
        machine.executePendingJobs();
      }, delay === undefined ? 0 : delay.toNumber());
      return machine.undefined;
    });
  }

  load(text) { this.machine.evalCode(text).dispose(); }

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

  dispose() { this.machine.dispose(); }
}

// What contexts of node:vm lack.
const webGlobals = { URL, URLSearchParams, TextEncoder, TextDecoder, atob, btoa, structuredClone, Event, EventTarget, AbortController };

async function v8() {
  return {
    async create() {
      const context = vm.createContext({ ...hostFunctions, setTimeout, clearTimeout, ...webGlobals });
      const run = (text) => vm.runInContext(text, context);
      return {
        load: run,
        call: () => structuredCloneIfObject(context.run()),
        callAsync: () => context.run(),
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
  quickjs: () => emscriptenQuickJs('@jitl/quickjs-wasmfile-release-sync'),
  quickjs_ng: () => emscriptenQuickJs('@jitl/quickjs-ng-wasmfile-release-sync'),
  quickjs_wasi: quickJsWasi,
  v8,
};

export const engineTitles = {
  caisson: 'Caisson', quickjs: 'quickjs-emscripten', quickjs_ng: 'quickjs-ng', quickjs_wasi: 'quickjs-wasi', v8: 'V8',
};
