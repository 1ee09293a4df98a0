// A sample of the sweep in intrinsics.mjs, and mechanisms that were found by it: each ends within its limit.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { root } from '../../wasm-glue/tools/root.mjs';
import { Entries, isWrong, sweep } from './intrinsics.mjs';

const describe = ({ name, call, status, time, peak, stack }) =>
  `${name}(${call?.join()}): ${status}, ${stack ?? `${time} ms, ${peak} bytes`}`;

// Programs under the limit: what is prepared without one, then what runs. Most never end by themselves.
const programs = {
  'digits that JSON reads': ["var s = '1'.repeat(1e7)", 'for (;;) JSON.parse(s)'],
  'one number of many digits': ["var s = '0.' + '0'.repeat(1e7) + '1'", 'for (;;) Number(s)'],
  'a numeric literal': ["var s = '1'.repeat(2e7)", 'for (;;) eval(s)'],
  'a literal with separators': ["var s = '1_'.repeat(1e7) + '1n'", 'for (;;) eval(s)'],
  'a buffer that grows and shrinks': [
    'var b = new ArrayBuffer(1, { maxByteLength: 3e7 })',
    'for (;;) { b.resize(3e7); b.resize(1); }',
  ],
  'a buffer with many views': [
    'var b = new ArrayBuffer(8, { maxByteLength: 16 }), all = Array.from({ length: 1e5 }, () => new Uint8Array(b))',
    'for (;;) { b.resize(9); b.resize(8); }',
  ],
  'split at nothing': ["var s = 'x'.repeat(9e6)", 'for (;;) s.split(/(?:)/)'],
  'sigmas and marks': ["var s = '\\u03a3\\u0301'.repeat(2e6)", 'for (;;) s.toLowerCase()'],
  'sigmas before a stretch of marks': [
    "var s = 'a' + '\\u03a3'.repeat(1e5) + '\\u0301'.repeat(1e6)",
    'for (;;) s.toLowerCase()',
  ],
  'classes of properties': ["var s = '[\\\\p{L}\\\\p{N}\\\\p{S}]'.repeat(5000)", "for (;;) new RegExp(s, 'iu')"],
  'different classes': [
    "var s = Array.from({ length: 3e4 }, (_, i) => '[\\\\u{' + (i + 4096).toString(16) + '}\\\\u{1f600}]').join('')",
    "for (;;) new RegExp(s, 'u')",
  ],
  'a replacer for every character': ["var s = 'x'.repeat(5e6)", "for (;;) s.replace(/x/g, () => 'y')"],
  'names that no bracket closes': ["var t = '$<a'.repeat(1e5)", "for (;;) 'b'.replace(/(?<a>b)/, t)"],
  'keys of one hash': ['var m = new Map(), n = 0', 'for (;;) m.set(n += 2 ** 48, n)'],
  'a set that was emptied': [
    'var s = new Set(Array.from({ length: 2e5 }, (_, i) => i)); for (let i = 1; i < 2e5; i++) s.delete(i)',
    'for (;;) { const i = s.values(); i.next(); i.next(); }',
  ],
  'clearing a large map': [
    'var m = new Map(Array.from({ length: 2e5 }, (_, i) => [i, i])); m.clear()',
    'for (;;) { m.set(1, 1); m.clear(); }',
  ],
  'keys of a typed array': ["var a = new Uint8Array(8), k = '1'.repeat(1e6)", 'for (;;) a[k]'],
  'sorting numbers': ['var a = new BigInt64Array(1e6)', 'for (;;) a.sort()'],
  'conversions between element kinds': [
    'var a = new Float64Array(2e6), b = new Uint8ClampedArray(2e6)',
    'for (;;) b.set(a)',
  ],
  'colliding names in source': ["var s = 'a+'.repeat(1e6) + 'a'", 'for (;;) Function(s)'],
  'long comments': ["var s = '/*' + ' '.repeat(2e7) + '*/'", 'for (;;) eval(s)'],
  'errors at the end of a long source': ["var s = '\\n'.repeat(2e7) + '('", 'for (;;) try { eval(s) } catch {}'],
  'frozen objects looked at': [
    'var o = {}; for (let i = 0; i < 1e5; i++) o["k" + i] = i; Object.freeze(o)',
    'for (;;) Object.isFrozen(o)',
  ],
  'prototypes of large objects': [
    'var o = {}; for (let i = 0; i < 1e5; i++) o["k" + i] = i',
    'for (;;) { Object.setPrototypeOf(o, null); Object.setPrototypeOf(o, Array.prototype); }',
  ],
  unregistering: [
    'var r = new FinalizationRegistry(() => {}), all = []; for (let i = 0; i < 1e5; i++) { const o = {}; all.push(o); r.register(o, i, o); }',
    'for (;;) r.unregister({})',
  ],
  'weak keys that lead to one another': [
    'var m = new WeakMap(), first = {}; { let key = first; for (let i = 0; i < 5e4; i++) { const next = {}; m.set(key, next); key = next; } }',
    'for (let a = []; ;) a = [a.length]',
  ],
  'tables of weak keys that lead to one another': [
    'var maps = [], first = {}; { let key = first; for (let i = 0; i < 5e4; i++) { const next = {}, m = new WeakMap(); m.set(key, next); maps.unshift(m); key = next; } }',
    'for (let a = []; ;) a = [a.length]',
  ],
  'collections of a large heap': [
    'var all = Array.from({ length: 3e5 }, (_, i) => ({ i }))',
    'for (let a = []; ;) a = [a.length]',
  ],
  base64: ["var s = 'AAAA'.repeat(4e6)", 'for (;;) Uint8Array.fromBase64(s)'],
  'copies between buffers': ['var a = new Uint8Array(3e7), b = new Uint8Array(3e7)', 'for (;;) b.set(a)'],
  'copies within a buffer': ['var a = new Uint8Array(6e7)', 'for (;;) a.copyWithin(1, 0)'],
  'copies of a buffer': ['var a = new ArrayBuffer(2e7)', 'for (;;) a.slice(1)'],
  'filling a buffer': ['var a = new Uint8Array(6e7)', 'for (let i = 0; ; i++) a.fill(i)'],
  'a buffer that is transferred': ['var b = new ArrayBuffer(2e7)', 'for (;;) b = b.transfer(b.byteLength ^ 1)'],
  'texts that are joined': ["var s = 'x'.repeat(2e7)", "for (;;) (s + 'y').charCodeAt(5)"],
  'texts that are repeated': ["var s = 'xyz'.repeat(1e5)", 'for (;;) s.repeat(50)'],
  'text that becomes narrow': ["var s = '\\u0100' + 'x'.repeat(1e7)", 'for (;;) s.slice(1).toUpperCase()'],
  'a loop of a pattern that needs no choice': ["var s = 'ab'.repeat(1e7) + 'd'", 'for (;;) /^(?:ab)*c/.test(s)'],
  'an alternation of many words': [
    "var s = Array.from({ length: 5e4 }, (_, i) => 'w' + i.toString(36)).join('|')",
    "for (;;) new RegExp(s, 'i')",
  ],
  'words that are prefixes of one another': [
    "var s = Array.from({ length: 1500 }, (_, i) => 'a'.repeat(i)).join('|')",
    "for (;;) new RegExp('(?:' + s + ')b')",
  ],
  'memory errors that are caught': [
    'var all = []; for (let i = 0; i < 3e5; i++) all.push({ i })',
    'for (;;) try { for (;;) all.push({}) } catch {}',
  ],
  'stacks of errors in a long source': [
    "var s = '/*' + ' '.repeat(3e7) + '*/function g(n) { if (n) g(n - 1); else e = new Error(1); }', e; (0, eval)(s); Error.stackTraceLimit = 200; g(150)",
    'for (;;) e.stack',
  ],
  'names looked up among many': [
    "var q = 1, f = Function('s', 'var ' + Array.from({ length: 3e4 }, (_, i) => 'v' + i).join() + '; return eval(s)')",
    "f('for (;;) q')",
  ],
  'functions that are bound again and again': [
    'var f = class {}; for (let i = 0; i < 1e5; i++) f = f.bind()',
    'for (;;) new f',
  ],
  'the realm of a bound function': [
    'var f = function () {}; for (let i = 0; i < 1e5; i++) f = f.bind()',
    'for (;;) Reflect.construct(Array, [], f)',
  ],
  'separators longer than what they separate': [
    "var a = Array(1e4).fill(''), s = 'x'.repeat(1e3)",
    'for (;;) a.join(s)',
  ],
  'a long body of a loop': [
    "var o = { a: 1 }, f = Function('o', 'for (;;) {' + 'o.a = o.a + o.a | 0;'.repeat(2e4) + '}')",
    'f(o)',
  ],
  'a long function called in a loop': [
    "var o = { a: 1 }, f = Function('o', 'o.a = o.a + o.a | 0;'.repeat(2e4))",
    'for (;;) f(o)',
  ],
  'a long function that calls back': [
    "var o = { a: 1 }, f = Function('o', 'o.a = o.a + o.a | 0;'.repeat(2e4)), a = Array(1e4).fill(o)",
    'for (;;) a.forEach(f)',
  ],
  'comparing long texts': [
    "var a = '\\u0100' + 'x'.repeat(1e7), b = '\\u0100' + 'x'.repeat(1e7 - 1) + 'x'",
    'for (;;) a === b',
  ],
  'a pattern that is shown': ["var r = new RegExp('/'.repeat(1e6))", 'for (;;) r.source'],
  'rest of many names': [
    "var o = {}; for (let i = 0; i < 2e4; i++) o['k' + i] = i; var f = Function('o', 'const {' + Array.from({ length: 2000 }, (_, i) => 'x' + i).join() + ', ...rest } = o')",
    'for (;;) f(o)',
  ],
};

let entries;
before(async () => {
  assert(existsSync(join(root, 'build/native/entries_probe')), 'the native build has entries_probe');
  entries = new Entries('native');
  await entries.prepare('0');
});
after(() => entries.end());

for (const [name, [prepare, program]] of Object.entries(programs)) {
  test(name, async () => {
    // A machine that is short of memory or time shows more than the program took: the least of five counts.
    let outcome;
    for (let attempt = 0; attempt < 5 && !(outcome && !isWrong(outcome)); attempt++) {
      [outcome] = await entries.run([`\x02${prepare};0`, program]);
    }
    assert(
      outcome.status === 'interrupted' || outcome.status === 'memory' || outcome.status === 'exception',
      describe({ name, ...outcome }),
    );
    assert(!isWrong(outcome), describe({ name, ...outcome }));
  });
}

// What any hostile value does to these, one of each kind of receiver.
const sample =
  /^\.(JSON\.stringify|Array\.prototype\.concat|String\.prototype\.normalize|Object\.assign|structuredClone|BigInt\.prototype\.toString)$/;
test('a sample of the intrinsics with hostile arguments', { timeout: 300_000 }, async () => {
  const wrong = [];
  const died = [];
  for await (const outcome of sweep({ filter: sample, pick: (number) => number % 25 === 1 }))
    (outcome.status === 'died' ? died : wrong).push(describe(outcome));
  assert.deepEqual(died, []);
  assert.deepEqual(wrong, []);
});
