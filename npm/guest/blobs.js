// https://w3c.github.io/FileAPI/ and https://xhr.spec.whatwg.org/#interface-formdata
(function (web) {
  'use strict';
  const { bytesOf, dictionary, enumeration, inspectable, isObject, iterable, joined, requireArguments } = web;
  const { scalarText } = web;
  const PIECE = 65536; // bytes of a chunk of a stream
  const encode = (text) => new TextEncoder().encode(text);
  const decode = (bytes) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);

  let contentOf, blobOf;
  // https://w3c.github.io/FileAPI/#constructorBlob
  class Blob {
    #bytes;
    #type;
    static {
      contentOf = (blob) => blob.#bytes;
      blobOf = (bytes, type) => {
        const blob = new Blob();
        blob.#bytes = bytes;
        blob.#type = type;
        return blob;
      };
    }
    constructor(parts = undefined, options = undefined) {
      const list = parts === undefined ? [] : partsOf(parts);
      const { endings, type = '' } = dictionary(options, 'Blob');
      const isNative = enumeration(endings, ['transparent', 'native'], 'transparent', 'Blob') === 'native';
      const text = `${type}`;
      this.#bytes = joined(
        list.map((part) =>
          typeof part !== 'string' ? part : encode(isNative ? part.replace(/\r\n?|\n/g, '\n') : part),
        ),
      );
      this.#type = /[^\x20-\x7e]/.test(text) ? '' : text.toLowerCase();
    }
    get size() {
      return this.#bytes.length;
    }
    get type() {
      return this.#type;
    }
    slice(start = 0, end = undefined, type = '') {
      const { length } = this.#bytes;
      const place = (value) => {
        const clamped = Math.min(Math.max(Number(value) || 0, -Number.MAX_SAFE_INTEGER), Number.MAX_SAFE_INTEGER);
        const below = Math.floor(clamped);
        const past = clamped - below;
        // https://webidl.spec.whatwg.org/#Clamp: halves become even
        const whole = past < 0.5 || (past === 0.5 && below % 2 === 0) ? below : below + 1;
        return whole < 0 ? Math.max(length + whole, 0) : Math.min(whole, length);
      };
      const from = place(start);
      const to = end === undefined ? length : place(end);
      const text = `${type}`;
      return blobOf(
        this.#bytes.subarray(from, Math.max(from, to)),
        /[^\x20-\x7e]/.test(text) ? '' : text.toLowerCase(),
      );
    }
    stream() {
      const bytes = this.#bytes;
      let at = 0;
      const { ReadableStream } = web.streams();
      return new ReadableStream({
        type: 'bytes',
        pull(controller) {
          if (at < bytes.length) controller.enqueue(bytes.slice(at, (at += PIECE)));
          if (at >= bytes.length) {
            controller.close();
            controller.byobRequest?.respond(0);
          }
        },
      });
    }
    async text() {
      return decode(this.#bytes);
    }
    async arrayBuffer() {
      return this.#bytes.slice().buffer;
    }
    async bytes() {
      return this.#bytes.slice();
    }
  }
  const isBlob = (value) => {
    try {
      return contentOf(value) !== undefined;
    } catch {
      return false;
    }
  };
  // Copies of what can change, texts as they are.
  function partsOf(parts) {
    const method = isObject(parts) ? parts[Symbol.iterator] : undefined;
    if (typeof method !== 'function') throw new TypeError('Blob: the parts must be a list');
    const list = [];
    for (const part of { [Symbol.iterator]: () => Reflect.apply(method, parts, []) })
      list.push(isBlob(part) ? contentOf(part) : (bytesOf(part)?.slice() ?? scalarText(part)));
    return list;
  }

  // https://w3c.github.io/FileAPI/#file-constructor
  class File extends Blob {
    #name;
    #lastModified;
    constructor(parts, name, options = undefined) {
      requireArguments(arguments.length, 2, 'File');
      const file = scalarText(name);
      super(parts ?? partsOf(parts), options);
      const { lastModified } = dictionary(options, 'File');
      this.#name = file;
      this.#lastModified = lastModified === undefined ? Date.now() : Math.trunc(Number(lastModified)) || 0;
    }
    get name() {
      return this.#name;
    }
    get lastModified() {
      return this.#lastModified;
    }
    get webkitRelativePath() {
      void this.#name;
      return '';
    }
    static isFile(value) {
      return isObject(value) && #name in value;
    }
  }
  const { isFile } = File;
  delete File.isFile;

  const fileOf = (blob, name) => {
    const file = new File([blob], name, {
      type: blob.type,
      lastModified: isFile(blob) ? blob.lastModified : undefined,
    });
    return file;
  };

  let entriesOf;
  class FormData {
    #entries = [];
    static {
      entriesOf = (form) => form.#entries;
    }
    constructor(form = undefined) {
      if (form !== undefined) throw new TypeError('FormData: there are no forms here');
    }
    // https://xhr.spec.whatwg.org/#create-an-entry
    static #entry(method, [name, value, fileName], count) {
      requireArguments(count, 2, method);
      const key = scalarText(name);
      if (!isBlob(value)) {
        if (count > 2) throw new TypeError(`${method}: only a Blob can have a file name`);
        return [key, scalarText(value)];
      }
      if (fileName !== undefined) return [key, fileOf(value, scalarText(fileName))];
      return [key, isFile(value) ? value : fileOf(value, 'blob')];
    }
    append(name, value, fileName = undefined) {
      void this.#entries;
      this.#entries.push(FormData.#entry('FormData.append', [name, value, fileName], arguments.length));
    }
    delete(name) {
      void this.#entries;
      requireArguments(arguments.length, 1, 'FormData.delete');
      const key = scalarText(name);
      this.#entries = this.#entries.filter(([other]) => other !== key);
    }
    get(name) {
      void this.#entries;
      requireArguments(arguments.length, 1, 'FormData.get');
      const key = scalarText(name);
      return this.#entries.find(([other]) => other === key)?.[1] ?? null;
    }
    getAll(name) {
      void this.#entries;
      requireArguments(arguments.length, 1, 'FormData.getAll');
      const key = scalarText(name);
      return this.#entries.filter(([other]) => other === key).map(([, value]) => value);
    }
    has(name) {
      void this.#entries;
      requireArguments(arguments.length, 1, 'FormData.has');
      const key = scalarText(name);
      return this.#entries.some(([other]) => other === key);
    }
    set(name, value, fileName = undefined) {
      void this.#entries;
      const entry = FormData.#entry('FormData.set', [name, value, fileName], arguments.length);
      const at = this.#entries.findIndex(([other]) => other === entry[0]);
      this.#entries = this.#entries.filter(([other], index) => other !== entry[0] || index === at);
      if (at < 0) this.#entries.push(entry);
      else this.#entries[at] = entry;
    }
  }
  const isFormData = (value) => {
    try {
      return entriesOf(value) !== undefined;
    } catch {
      return false;
    }
  };

  // https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data
  function encodeForm(form) {
    let boundary = '----caisson';
    for (let i = 0; i < 24; i++) boundary += Math.floor(Math.random() * 10);
    const lines = (text) => text.replace(/\r\n?|\n/g, '\r\n');
    const quoted = (text) => text.replace(/[\r\n"]/g, (found) => ({ '\r': '%0D', '\n': '%0A', '"': '%22' })[found]);
    const parts = [];
    for (const [name, value] of entriesOf(form)) {
      const head = `--${boundary}\r\nContent-Disposition: form-data; name="${quoted(lines(name))}"`;
      if (typeof value === 'string') {
        parts.push(encode(`${head}\r\n\r\n${lines(value)}\r\n`));
        continue;
      }
      const type = value.type || 'application/octet-stream';
      parts.push(encode(`${head}; filename="${quoted(value.name)}"\r\nContent-Type: ${type}\r\n\r\n`));
      parts.push(contentOf(value), encode('\r\n'));
    }
    parts.push(encode(`--${boundary}--\r\n`));
    return { bytes: joined(parts), type: `multipart/form-data; boundary=${boundary}` };
  }

  // https://andreubotella.github.io/multipart-form-data/#multipart-form-data-parser
  function decodeForm(bytes, boundary) {
    const broken = () => new TypeError('The body is no multipart/form-data');
    // One character for each byte: places in the text are places in the bytes.
    const text = new TextDecoder('latin1').decode(bytes);
    const form = new FormData();
    const line = `--${boundary}`;
    let at = 0;
    for (;;) {
      if (!text.startsWith(line, at)) throw broken();
      at += line.length;
      if (text.startsWith('--', at)) return form;
      if (!text.startsWith('\r\n', at)) throw broken();
      at += 2;
      const headEnd = text.startsWith('\r\n', at) ? at : text.indexOf('\r\n\r\n', at);
      if (headEnd < 0) throw broken();
      let name, fileName;
      let type = 'text/plain';
      for (const header of decode(bytes.subarray(at, headEnd)).split('\r\n')) {
        const [, key, value] = /^([^:]*):[\t ]*(.*?)[\t ]*$/s.exec(header) ?? [];
        if (key === undefined) throw broken();
        if (/^content-type$/i.test(key)) type = value;
        if (!/^content-disposition$/i.test(key)) continue;
        const unquoted = (found) => found?.replace(/%0A|%0D|%22/gi, (code) => decodeURIComponent(code));
        if (!/^form-data(?:;|$)/i.test(value)) throw broken();
        name = unquoted(/;[\t ]*name="([^"]*)"/i.exec(value)?.[1]);
        fileName = unquoted(/;[\t ]*filename="([^"]*)"/i.exec(value)?.[1]);
      }
      if (name === undefined) throw broken();
      at = headEnd === at ? at + 2 : headEnd + 4;
      const end = text.indexOf(`\r\n${line}`, at);
      if (end < 0) throw broken();
      const content = bytes.subarray(at, end);
      if (fileName === undefined) form.append(name, new TextDecoder().decode(content));
      else form.append(name, new File([content], fileName, { type }));
      at = end + 2;
    }
  }
  for (const constructor of [Blob, File, FormData]) inspectable(constructor);
  iterable(FormData, entriesOf);
  Object.assign(web, { Blob, blobOf, contentOf, decodeForm, encodeForm, File, FormData, isBlob, isFormData });
});
