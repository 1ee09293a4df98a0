// The globals that hosts have are there as Web IDL says: operations can be enumerated, interfaces cannot, attributes are accessors.
const describe = (object, key) => {
  const own = Object.getOwnPropertyDescriptor(object, key);
  if (own === undefined) return 'absent';
  const kind = 'value' in own ? `${typeof own.value} w${+own.writable}` : `${own.get?.name ?? '-'} ${own.set?.name ?? '-'}`;
  return `${kind} e${+own.enumerable} c${+own.configurable}`;
};
for (const name of ['AbortController', 'AbortSignal', 'CustomEvent', 'DOMException', 'Event', 'EventTarget', 'MessageChannel', 'MessageEvent', 'MessagePort',
  'Performance', 'TextDecoder', 'TextEncoder', 'URL', 'URLSearchParams', 'atob', 'btoa', 'clearInterval', 'clearTimeout', 'console', 'globalThis',
  'performance', 'queueMicrotask', 'setInterval', 'setTimeout', 'structuredClone']) console.log(name, describe(globalThis, name));
for (const [name, ...keys] of [['AbortSignal', 'onabort', 'aborted'], ['MessagePort', 'onmessage', 'onmessageerror'], ['Performance', 'now', 'timeOrigin'],
  ['URL', 'href', 'origin', 'toJSON'], ['EventTarget', 'addEventListener'], ['TextDecoder', 'fatal', 'decode']]) {
  for (const key of keys) console.log(`${name}.prototype.${key}`, describe(globalThis[name].prototype, key));
}
// What a program gives to a replaceable attribute takes its place.
const before = performance;
console.log(before === globalThis.performance, typeof before.now());
globalThis.performance = 5;
console.log(performance, describe(globalThis, 'performance'));
console.log(delete globalThis.performance, typeof performance, delete globalThis.setTimeout, typeof setTimeout);
