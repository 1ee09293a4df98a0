// What testharness.js and the tests expect beside the globals under test, for both engines. `readResource` and `report`
// come from the runner; `variant` too.
({ readResource, report, variant }) => {
  const define = (name, value) =>
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
  define('self', globalThis);
  define('GLOBAL', { isWindow: () => false, isWorker: () => false, isShadowRealm: () => false });
  define('location', {
    search: variant,
    pathname: '/',
    href: `http://web-platform.test:8000/${variant}`,
    toString() {
      return this.href;
    },
  });
  define('fetch', async (path) => {
    const text = await readResource(String(path));
    return { ok: true, status: 200, text: async () => text, json: async () => JSON.parse(text) };
  });
  // The battery of structuredClone makes some of these before it runs, where it needs them or not.
  for (const name of ['Blob', 'File']) globalThis[name] ??= class {};
  // Where the suite takes the constructor SharedArrayBuffer from.
  globalThis.WebAssembly ??= {
    Memory: class {
      buffer = new SharedArrayBuffer(0);
    },
  };
  define('reportResults', () => {
    add_completion_callback((tests, status) =>
      report(
        JSON.stringify({
          status: status.status,
          message: status.message,
          subtests: tests.map((test) => ({ name: test.name, status: test.status, message: test.message })),
        }),
      ),
    );
  });
};
