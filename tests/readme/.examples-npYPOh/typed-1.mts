
    import { createSandbox, blocking, callback, constructible, hostCall, ref, transfer, type GuestReference, type Sandbox, type SandboxOptions, type ModuleResolver, SandboxError, GuestError } from 'caisson';
    const resolver: ModuleResolver = async (specifier, referrer) => specifier + (referrer ?? '');
    const options: SandboxOptions = { memoryLimit: 1 << 20, modules: resolver, isolation: 'instance', console, signal: new AbortController().signal,
      onUnhandledRejection: (reason: unknown) => void reason, onRejectionHandled: (promise: Promise<unknown>) => void promise, interruptFlag: new Int32Array(new SharedArrayBuffer(4)) };
    async function use(): Promise<number> {
      await using sandbox: Sandbox = await createSandbox(options);
      using other = await createSandbox();
      const f: (x: number) => Promise<string> = blocking(async (x: number) => String(x));
      sandbox.setGlobal('f', f);
      sandbox.setGlobal('g', { count: 0, deep: { h(name: string) { return [name, hostCall()?.signal.aborted]; } } });
      sandbox.setGlobal('h', function (name: string) { return [name, this.signal.aborted]; });
      class Counter { n = 0; inc() { return ++this.n; } }
      sandbox.setGlobal('classes', { Counter: constructible(Counter), one: ref(new Counter()) });
      sandbox.setGlobal('ask', callback((resume, signal, question: string) => { resume.fail(question); return () => void signal.aborted; }));
      const state: GuestReference = sandbox.ref('state');
      for (const item of state) state.set('item', transfer(item, [new ArrayBuffer(1)]));
      const value: number = sandbox.evalSync('1', { name: 'a.js', timeLimit: 5 });
      await sandbox.eval('1', { signal: AbortSignal.timeout(5) });
      // @ts-expect-error the source must be a string
      other.evalSync(5);
      // @ts-expect-error there is no such option
      await createSandbox({ memory: 5 });
      const error: Error = new SandboxError('x') ?? new GuestError('y');
      return value + sandbox.memoryUsed + error.message.length;
    }

export {};
