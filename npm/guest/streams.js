// https://streams.spec.whatwg.org/ by a library, which is evaluated when a stream is first used; and the streams of
// https://encoding.spec.whatwg.org/ and https://compression.spec.whatwg.org/ over it.
(function (web, libraryText) {
  'use strict';
  const { bytesOf, defineLazily, inspectable, isObject, requireArguments } = web;
  const evaluate = eval;
  let library;
  web.hasStreams = () => library !== undefined;
  web.streams = () => {
    if (library === undefined) {
      library = evaluate(libraryText)();
      // Helpers of the library are no members of the classes.
      for (const constructor of Object.values(library))
        Object.defineProperty(constructor, 'name', { writable: false, enumerable: false, configurable: true });
      const { getPrototypeOf } = Object;
      const iteration = getPrototypeOf(new library.ReadableStream().values());
      Object.setPrototypeOf(iteration, getPrototypeOf(getPrototypeOf(async function* () {}.prototype)));
    }
    return library;
  };
  const names = [
    ...['ByteLengthQueuingStrategy', 'CountQueuingStrategy', 'ReadableByteStreamController', 'ReadableStream'],
    ...['ReadableStreamBYOBReader', 'ReadableStreamBYOBRequest', 'ReadableStreamDefaultController'],
    ...['ReadableStreamDefaultReader', 'TransformStream', 'TransformStreamDefaultController', 'WritableStream'],
    ...['WritableStreamDefaultController', 'WritableStreamDefaultWriter'],
  ];
  web.defineStreams = () => {
    for (const name of names) defineLazily(name, () => web.streams()[name]);
  };

  // A class with the two ends of a transformation. https://streams.spec.whatwg.org/#generictransformstream
  function transformation(constructor) {
    const { prototype } = constructor;
    for (const end of ['readable', 'writable'])
      Object.defineProperty(prototype, end, { ...Object.getOwnPropertyDescriptor(prototype, end), enumerable: true });
    return inspectable(constructor);
  }
  function textStreams() {
    const { TransformStream } = web.streams();
    // https://encoding.spec.whatwg.org/#interface-textdecoderstream
    class TextDecoderStream {
      #decoder;
      #pair;
      constructor(label = 'utf-8', options = undefined) {
        const decoder = new TextDecoder(label, options);
        this.#decoder = decoder;
        const push = (controller, text) => {
          if (text !== '') controller.enqueue(text);
        };
        this.#pair = new TransformStream({
          transform(chunk, controller) {
            if (!isObject(chunk)) throw new TypeError('TextDecoderStream: a chunk has no bytes');
            push(controller, decoder.decode(chunk, { stream: true })); // shared memory as well
          },
          flush: (controller) => push(controller, decoder.decode()),
        });
      }
      get encoding() {
        return this.#decoder.encoding;
      }
      get fatal() {
        return this.#decoder.fatal;
      }
      get ignoreBOM() {
        return this.#decoder.ignoreBOM;
      }
      get readable() {
        return this.#pair.readable;
      }
      get writable() {
        return this.#pair.writable;
      }
    }
    // https://encoding.spec.whatwg.org/#interface-textencoderstream
    class TextEncoderStream {
      #pair;
      constructor() {
        const encoder = new TextEncoder();
        let high = ''; // half of a character, which ended the chunk before
        this.#pair = new TransformStream({
          transform(chunk, controller) {
            const text = high + chunk;
            const last = text.charCodeAt(text.length - 1);
            const isHalf = last >= 0xd800 && last <= 0xdbff;
            high = isHalf ? text.slice(-1) : '';
            const bytes = encoder.encode(isHalf ? text.slice(0, -1) : text);
            if (bytes.length > 0) controller.enqueue(bytes);
          },
          flush(controller) {
            if (high !== '') controller.enqueue(encoder.encode(high));
          },
        });
      }
      get encoding() {
        void this.#pair;
        return 'utf-8';
      }
      get readable() {
        return this.#pair.readable;
      }
      get writable() {
        return this.#pair.writable;
      }
    }
    return {
      TextDecoderStream: transformation(TextDecoderStream),
      TextEncoderStream: transformation(TextEncoderStream),
    };
  }

  // https://compression.spec.whatwg.org/ by the host: `open(number, format, isDecompression)`, then `write`, `end`,
  // `read`, each of which gives a promise, and `close`, which can come at any time.
  function compressionStreams({ open, write, end, read, close }) {
    const { ReadableStream, WritableStream } = web.streams();
    const forgotten = new FinalizationRegistry(close);
    let count = 0;
    function pairOf(format, isDecompression, name) {
      const text = `${format}`;
      if (!['deflate', 'deflate-raw', 'gzip'].includes(text)) throw new TypeError(`${name}: '${text}' is no format`);
      const number = ++count;
      open(number, text, isDecompression);
      // The host may keep what waits for it. Unless somebody reads, that must not be the readable side, since the end
      // of that one ends a compression that nobody uses any more.
      let readableController;
      const fail = (error) => readableController.deref()?.error(error);
      const readable = new ReadableStream(
        {
          start(controller) {
            readableController = new WeakRef(controller);
          },
          async pull(controller) {
            const chunk = await read(number);
            if (chunk === undefined) {
              close(number);
              controller.close();
            } else {
              controller.enqueue(chunk);
            }
          },
          cancel: () => close(number),
        },
        { highWaterMark: 0 },
      );
      async function orFail(promise) {
        try {
          await promise;
        } catch (error) {
          fail(error);
          throw error;
        }
      }
      const writable = new WritableStream({
        async write(chunk) {
          const bytes = bytesOf(chunk);
          if (bytes === undefined) {
            const error = new TypeError(`${name}: a chunk has no bytes`);
            fail(error);
            close(number);
            throw error;
          }
          for (let at = 0; at < bytes.length; at += PIECE) await orFail(write(number, bytes.slice(at, at + PIECE)));
        },
        close: () => orFail(end(number)),
        abort(reason) {
          fail(reason);
          close(number);
        },
      });
      forgotten.register(readable, number);
      return { readable, writable };
    }
    const PIECE = 65536;
    class CompressionStream {
      #pair;
      constructor(format) {
        requireArguments(arguments.length, 1, 'CompressionStream');
        this.#pair = pairOf(format, false, 'CompressionStream');
      }
      get readable() {
        return this.#pair.readable;
      }
      get writable() {
        return this.#pair.writable;
      }
    }
    class DecompressionStream {
      #pair;
      constructor(format) {
        requireArguments(arguments.length, 1, 'DecompressionStream');
        this.#pair = pairOf(format, true, 'DecompressionStream');
      }
      get readable() {
        return this.#pair.readable;
      }
      get writable() {
        return this.#pair.writable;
      }
    }
    return { CompressionStream: inspectable(CompressionStream), DecompressionStream: inspectable(DecompressionStream) };
  }
  const once = (make) => {
    let made;
    return () => (made ??= make());
  };
  web.defineTextStreams = () => {
    const texts = once(textStreams);
    for (const name of ['TextDecoderStream', 'TextEncoderStream']) defineLazily(name, () => texts()[name]);
  };
  web.defineCompression = (native) => {
    const compressions = once(() => compressionStreams(native));
    for (const name of ['CompressionStream', 'DecompressionStream']) defineLazily(name, () => compressions()[name]);
  };
});
