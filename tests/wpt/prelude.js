// What testharness.js and the tests expect beside the globals under test, for both engines. `readResource` and `report`
// come from the runner; `address` too, which is where the test would be a page. With `isServed` the suite's server is
// there, and fetch is under test or a means.
({ readResource, report, address, isServed }) => {
  const define = (name, value) =>
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
  define('self', globalThis);
  define('GLOBAL', { isWindow: () => false, isWorker: () => false, isShadowRealm: () => false });
  const place = new URL(address);
  const location = { toString: () => place.href };
  for (const part of ['href', 'origin', 'protocol', 'host', 'hostname', 'port', 'pathname', 'search', 'hash'])
    location[part] = place[part];
  define('location', location);
  if (!isServed)
    define('fetch', async (path) => {
      const text = await readResource(String(path));
      return { ok: true, status: 200, text: async () => text, json: async () => JSON.parse(text) };
    });
  // By which the tests of interfaces know what must be there. (Others take it for a document.)
  if (place.pathname.includes('/idlharness.')) define('Window', class Window {});
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
