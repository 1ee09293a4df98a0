// What takes the place of TextEncoder and TextDecoder where a host has neither.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fallbacks } from '../../npm/src/encodings.js';

const encoder = new TextEncoder();
const fallback = new fallbacks.Utf8Encoder();
const pieces = [
  'a',
  '\0',
  '\x7f',
  '\x80',
  'é',
  '\u07ff',
  '\u0800',
  '日',
  '\uffff',
  '😀',
  '\ud83d',
  '\ude00',
  '\u{10ffff}',
];

test('texts are encoded as by TextEncoder, whatever room there is', () => {
  const texts = [
    ...pieces,
    ...pieces.flatMap((first) => pieces.map((second) => `x${first}${second}y`)),
    pieces.join(''),
  ];
  for (const text of texts) {
    for (let room = 0; room <= 4 * text.length; room++) {
      const [expected, bytes] = [new Uint8Array(room), new Uint8Array(room)];
      assert.deepEqual(fallback.encodeInto(text, bytes), encoder.encodeInto(text, expected), JSON.stringify(text));
      assert.deepEqual(bytes, expected);
    }
  }
});

test('ASCII is decoded, long texts too', () => {
  const text = Array.from({ length: 10_000 }, (_, i) => String.fromCharCode(i % 128)).join('');
  for (const part of ['', 'a', text]) assert.equal(new fallbacks.AsciiDecoder().decode(encoder.encode(part)), part);
});
