// Built-in objects get their properties when somebody first looks at them, and no program can tell: whatever looks
// first finds what it would find in an object that has been looked at. (That it is what the specification asks for is
// test262's business.)
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSandbox } from 'caisson';

// Expressions that name an object without looking at it.
const objects = [
  'Object',
  'Function',
  'Array',
  'String',
  'Symbol',
  'Number',
  'Math',
  'JSON',
  'Atomics',
  'Proxy',
  'Date',
  'RegExp',
  'Error',
  'TypeError',
  'Map',
  'Promise',
  'Iterator',
  'Int8Array',
  'DataView',
  'DisposableStack',
  'FinalizationRegistry',
  'Array.prototype',
  'String.prototype',
  'Number.prototype',
  'Boolean.prototype',
  'Symbol.prototype',
  'Date.prototype',
  'RegExp.prototype',
  'TypeError.prototype',
  'Map.prototype',
  'WeakRef.prototype',
  'Iterator.prototype',
  'Int8Array.prototype',
  'Object.getPrototypeOf(Int8Array)',
  'Object.getPrototypeOf(Int8Array).prototype',
  'DisposableStack.prototype',
  'Object.getPrototypeOf(function* () {})',
  'Object.getPrototypeOf(async function* () {}).prototype',
  'Object.getPrototypeOf([][Symbol.iterator]())',
  'console',
];

// What a program sees of `o`, one of whose keys is `k`. All describe the whole object afterwards.
const looks = {
  'its keys': '0',
  'a descriptor': 'describe(Object.getOwnPropertyDescriptor(o, k))',
  reading: 'typeof Object.getOwnPropertyDescriptor(o, k)?.value === "undefined" ? 0 : typeof o[k]',
  'reading what is not there': 'o.nothing',
  'reading through another object': 'typeof Object.create(o).constructor',
  in: '[k in o, "nothing" in o, "constructor" in o]',
  hasOwnProperty:
    '[Object.prototype.hasOwnProperty.call(o, k), Object.hasOwn(o, "nothing"), Object.prototype.propertyIsEnumerable.call(o, k)]',
  adding: 'o.added = 1, o.added',
  'adding an element': 'o[7] = 1, o[7]',
  'adding in a define': 'Object.defineProperty(o, "added", { value: 1 }).added',
  writing: 'Reflect.set(o, k, 1), typeof Object.getOwnPropertyDescriptor(o, k)?.value',
  'writing through another object': 'Reflect.set(Object.create(o), k, 1)',
  'writing with it as the receiver': '[Reflect.set({}, k, 1, o), Reflect.set({}, "added", 1, o)]',
  defining: 'Reflect.defineProperty(o, k, { enumerable: true })',
  deleting: '[Reflect.deleteProperty(o, k), Reflect.deleteProperty(o, "nothing"), k in o]',
  freezing: '[Object.isFrozen(o), Object.isFrozen(Object.freeze(o)), Reflect.set(o, "added", 1)]',
  sealing: '[Object.isSealed(o), Object.isSealed(Object.seal(o))]',
  'preventing extensions':
    '[Object.isExtensible(o), Reflect.preventExtensions(o), Object.isExtensible(o), Reflect.set(o, "added", 1)]',
  'another prototype': '[Reflect.setPrototypeOf(o, { other: 1 }), o.other]',
  'being a prototype': '((object) => [Reflect.setPrototypeOf(object, o), k in object, typeof object.constructor])({})',
  'for-in': '((names) => { o.added = 1; for (const name in Object.create(o)) names.push(name); return names; })([])',
  copying: '[Object.keys(o), Object.keys({ ...o }), Object.keys(Object.assign({}, o)), Object.entries(o).length]',
  'a rest pattern': '(({ [k]: taken, ...rest }) => Reflect.ownKeys(rest).length)(o)',
  'a private name':
    '((C) => { new C(); return C.has(o); })(class extends function () { return o; } { #name = 1; static has(p) { return #name in p; } })',
  fields:
    '((C) => { try { new C(); } catch (error) { return error.name; } return Object.getOwnPropertyDescriptor(o, k)?.enumerable; })(class extends function () { return o; } { [k] = 1; added = 2; })',
  'a proxy': '[Reflect.ownKeys(new Proxy(o, {})).length, k in new Proxy(o, {})]',
  super: '({ __proto__: o, get() { return typeof super.constructor; } }).get()',
  with: 'new Function("o", "k", "with (o) { return [typeof constructor, typeof nothing]; }")(o)',
  JSON: 'JSON.stringify(typeof o === "function" ? { o } : o)',
  'a call of toString': 'Object.prototype.toString.call(o)',
  'an error that describes it':
    '(() => { try { WeakSet.prototype.has.call(o); } catch (error) { return error.message; } })()',
  instanceof: '(() => { try { return ({}) instanceof o; } catch (error) { return error.name; } })()',
  'extending it':
    '(() => { try { return Reflect.ownKeys(class extends o {}).length; } catch (error) { return error.name; } })()',
};

// They call nothing that a look may have replaced.
const helpers = `
  const { ownKeys, getOwnPropertyDescriptor, getPrototypeOf, isExtensible } = Reflect;
  const text = String, stringify = JSON.stringify;
  const describe = (d) => d && [d.get !== undefined, d.set !== undefined, typeof d.value, d.writable, d.enumerable, d.configurable,
    typeof d.value === 'function' ? [d.value.name, d.value.length] : 0];
  const everything = (o) => {
    const list = [isExtensible(o)], keys = ownKeys(o), above = ownKeys(getPrototypeOf(o) ?? {});
    for (let i = 0; i < keys.length; i++) list[list.length] = [text(keys[i]), describe(getOwnPropertyDescriptor(o, keys[i]))];
    for (let i = 0; i < above.length; i++) list[list.length] = text(above[i]);
    return list;
  };`;

async function look(object, key, action, isFirst) {
  const sandbox = await createSandbox();
  try {
    return sandbox.evalSync(`${helpers} (() => {
      const o = ${object}, k = ${key};
      ${isFirst ? '' : 'everything(o);'}
      let seen;
      try { seen = (${action}); } catch (error) { seen = error.name; }
      return stringify([seen, everything(o)]);
    })()`);
  } finally {
    sandbox.dispose();
  }
}

for (const object of objects) {
  test(object, async () => {
    const [, properties] = JSON.parse(await look(object, '0', '0', false));
    const names = properties
      .filter(Array.isArray)
      .map(([name]) => name)
      .filter((name) => !/^Symbol\(|^(length|name|prototype|constructor)$/.test(name));
    const key = names.length > 0 ? JSON.stringify(names[names.length >> 1]) : 'Symbol.toStringTag';
    for (const [what, action] of Object.entries(looks))
      assert.equal(await look(object, key, action, true), await look(object, key, action, false), what);
  });
}
