// What the engine's memory holds may be anything once a guest has broken out into it: the reader of messages believes
// nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MalformedMessageError, MemoryLimitError, TimeLimitError } from '../../npm/src/errors.js';
import { ref } from '../../npm/src/grants.js';
import { MessageReader } from '../../npm/src/message-reader.js';
import { MessageWriter } from '../../npm/src/message-writer.js';
import { Tag } from '../../npm/src/protocol.js';

const bridge = {
  numberOfFunction: () => ({ number: 3, flags: 0 }),
  numberOfPromise: () => 4,
  handleOf: () => undefined,
  promiseHandleOf: () => undefined,
  functionOfHandle: (handle, name) => Object.defineProperty(() => handle, 'name', { value: name }),
  promiseOfHandle: (handle) => Promise.resolve(handle),
  functionOfNumber: (number) => (number === 3 ? sample : undefined),
  numberOfReceiver: () => 5,
  numberOfReference: () => 6,
  numberOfError: () => ({ number: 7, isHome: false }),
  isReferenced: () => false,
  hasReferences: false,
  hostHandler: { get: () => 1 },
  objectOfHandle: (handle) => ({ handle }),
  objectOfNumber: (number) => (number === 6 ? reference.object : undefined),
  receiverOf: () => undefined,
  shapes: {
    again: () => undefined,
    find: (keys) => (keys.join() === 'a,b' ? { keys, number: 0 } : undefined),
    received: (number) =>
      number === 0 ? { keys: ['a', 'b'], template: { a: undefined, b: undefined }, isFirst: true } : undefined,
  },
  addReceiver() {},
  errorOfNumber: () => undefined,
  errorReceived() {},
  functionAs: (key, fn) => fn,
  iterable: () => {},
  giveBack() {},
  omitted() {},
};
const reference = ref({ a: 1 });
const sample = () => 1;

function bytesOf(value) {
  const writer = new MessageWriter();
  writer.begin(bridge);
  writer.write(value);
  return writer.bytes.slice(0, writer.size);
}

const values = [
  1,
  -1,
  0.5,
  'text',
  'ж'.repeat(50),
  'x'.repeat(200),
  123456789012345678901234567890n,
  [1, , 3],
  { a: 1, b: { a: 2 } },
  new Date(5),
  new Map([[1, { a: 2 }]]),
  new Set(['x', 1]),
  /a/g,
  new ArrayBuffer(5),
  new Uint8Array(9),
  new DataView(new ArrayBuffer(9)),
  new Error('text', { cause: 1 }),
  Object('x'),
  sample,
  [new Float64Array(3), { deep: [[[]]] }],
  { fn: sample, other: 1 },
  { *[Symbol.iterator]() {} },
  Symbol.asyncIterator,
];

test('a message that ends too early, or goes on', () => {
  for (const value of values) {
    const bytes = bytesOf(value);
    assert.doesNotThrow(() => new MessageReader(bridge, bytes).read());
    for (let size = 0; size < bytes.length; size++)
      assert.throws(
        () => new MessageReader(bridge, bytes.slice(0, size)).read(),
        MalformedMessageError,
        `${String(value)} ${size}`,
      );
    assert.throws(() => new MessageReader(bridge, Uint8Array.of(...bytes, 0)).read(), MalformedMessageError);
  }
});

test('any byte may be any other', () => {
  for (const value of values) {
    const bytes = bytesOf(value);
    for (let i = 0; i < Math.min(bytes.length, 60); i++) {
      for (let byte = 0; byte < 256; byte++) {
        const changed = bytes.slice();
        changed[i] = byte;
        try {
          new MessageReader(bridge, changed).read();
        } catch (error) {
          // A pattern that this host cannot build is the guest's affair.
          if (!(error instanceof MalformedMessageError || /cannot be built by this host/.test(error.message)))
            throw error;
        }
      }
    }
  }
});

test('numbers of functions that were not given are refused', () => {
  for (const number of [0, 4, 3 + (1 << 20), 0xffffffff]) {
    const bytes = bytesOf(sample).slice();
    const writer = new MessageWriter();
    writer.begin({ ...bridge, numberOfFunction: () => ({ number, flags: 0 }) });
    writer.write(sample);
    assert.throws(() => new MessageReader(bridge, writer.bytes.slice(0, writer.size)).read(), MalformedMessageError);
    assert.equal(new MessageReader(bridge, bytes).read(), sample);
  }
});

test('what a message says is there is not made before it is there', () => {
  const huge = [0xff, 0xff, 0xff, 0xff, 0x0f];
  for (const tag of [
    Tag.ARRAY,
    Tag.MAP,
    Tag.SET,
    Tag.OBJECT,
    Tag.LATIN1,
    Tag.UTF16,
    Tag.BIGINT,
    Tag.BUFFER,
    Tag.REFERENCE,
    Tag.TEXT_REFERENCE,
  ])
    assert.throws(
      () => new MessageReader(bridge, Uint8Array.of(0, tag, ...huge, 0, 0)).read(),
      MalformedMessageError,
      String(tag),
    );
  assert.equal(new MessageReader(bridge, Uint8Array.of(0, Tag.SPARSE_ARRAY, ...huge, 0)).read().length, 0xffffffff);
  const nested = new Uint8Array(1000).fill(1);
  nested[0] = 0;
  for (let i = 1; i < 1000; i += 2) nested[i] = Tag.SET;
  assert.throws(() => new MessageReader(bridge, nested).read(), MalformedMessageError);
});

test('what values take of the host is counted, and the clock is looked at', () => {
  const bytes = bytesOf(Array.from({ length: 10000 }, (_, i) => ({ i, text: `text ${i} of more than sixteen units` })));
  assert.throws(() => new MessageReader(bridge, bytes, { maxBytes: 100000 }).read(), MemoryLimitError);
  assert.throws(() => new MessageReader(bridge, bytes, { deadline: performance.now() - 1 }).read(), TimeLimitError);
  assert.equal(
    new MessageReader(bridge, bytes, { maxBytes: 1e7, deadline: performance.now() + 1e5 }).read().length,
    10000,
  );
});
