// The engines that run in Node and in pages alike, behind the interface of engines.mjs.
export const hostFunctions = {
  add: (a, b) => a + b,
  accept: (object) => (object === null ? 0 : 1),
  later: async (number) => number,
};

/** `load` imports the package. */
export async function caisson(load = () => import('caisson')) {
  const { compile, createSandbox } = await load();
  return {
    async once(text) {
      const sandbox = await createSandbox();
      const value = sandbox.evalSync(text);
      sandbox.dispose();
      return value;
    },
    prepare: (text) => compile(text, { timeLimit: Infinity, memoryLimit: 1 << 30 }),
    async create(memoryLimit = 1 << 30, timeSlice = undefined) {
      let tick = () => {};
      const globals = { ...hostFunctions, tick: () => tick() };
      const sandbox = await createSandbox({ memoryLimit, timeLimit: Infinity, timeSlice, globals });
      const functions = new Map();
      return {
        load: (text) => sandbox.evalSync(text),
        call: () => sandbox.evalSync('run()'),
        callAsync: () => sandbox.eval('run()'),
        callForBytes: () => new Uint8Array(sandbox.evalSync('run()')),
        invoke(name, argument) {
          if (!functions.has(name)) functions.set(name, sandbox.evalSync(name));
          return functions.get(name)(argument);
        },
        /** What the guest's tick() does. */
        onTick(action) {
          tick = action;
        },
        stats: () => sandbox.stats(),
        dispose: () => sandbox.dispose(),
      };
    },
  };
}

/** `load` imports the variant. */
export async function emscriptenQuickJs(load) {
  const { newQuickJSWASMModuleFromVariant } = await import('quickjs-emscripten-core');
  const { default: variant } = await load();
  let quickJs = await newQuickJSWASMModuleFromVariant(variant);
  return {
    async createInstance() {
      quickJs = await newQuickJSWASMModuleFromVariant(variant);
      return this.create();
    },
    async once(text) {
      const context = quickJs.newContext();
      const handle = context.unwrapResult(context.evalCode(text));
      const value = context.dump(handle);
      handle.dispose();
      context.dispose();
      return value;
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
    define('later', (number) => {
      const promise = context.newPromise();
      hostFunctions.later(context.getNumber(number)).then((value) => {
        const handle = context.newNumber(value);
        promise.resolve(handle);
        handle.dispose();
        promise.settled.then(() => context.runtime.executePendingJobs());
      });
      return promise.handle;
    });
    define('print', (text) => {
      console.log(context.getString(text));
      return context.undefined;
    });
    define('setTimeout', (callback, delay) => {
      const kept = callback.dup();
      this.timers++;
      setTimeout(
        () => {
          this.timers--;
          if (!context.alive) return;
          context.unwrapResult(context.callFunction(kept, context.undefined)).dispose();
          kept.dispose();
          context.runtime.executePendingJobs();
        },
        delay === undefined ? 0 : context.getNumber(delay),
      );
      return context.undefined;
    });
  }

  load(text) {
    this.context.unwrapResult(this.context.evalCode(text)).dispose();
  }

  call() {
    const handle = this.context.unwrapResult(this.context.evalCode('run()'));
    const value = this.context.dump(handle);
    handle.dispose();
    return value;
  }

  /** The bytes of the ArrayBuffer that `run` gives. */
  callForBytes() {
    const { context } = this;
    const handle = context.unwrapResult(context.evalCode('run()'));
    const lifetime = context.getArrayBuffer(handle);
    const bytes = lifetime.value.slice();
    lifetime.dispose();
    handle.dispose();
    return bytes;
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
    if (value instanceof ArrayBuffer) return context.newArrayBuffer(value);
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
