// caisson.wasm as bytes, as a response, from an address: how it is compiled, and what errors say when it cannot be.
// Mostly the wrong bytes are something that can be named: a page of a development server, an error of a storage
// service.
import { LoadError } from './errors.js';

/** Where modules came from. @type {WeakMap<WebAssembly.Module, string>} */
const origins = new WeakMap();

/** @param {WebAssembly.Module} module */
const originOf = (module) => origins.get(module) ?? 'the WebAssembly.Module that was given';

// For sources with an address; given bytes have none.
const REMEDY =
  "copy caisson.wasm from the package to where that address leads, name its place with setWasm(url), or import from 'caisson/embedded'";

const COPY_AGAIN =
  'take the caisson.wasm of the installed package (copy it again, and look for old copies in caches), or none, so that the package finds its own';

/**
 * @param {BufferSource} bytes
 * @param {string} origin
 */
export async function moduleOfBytes(bytes, origin) {
  checkHost();
  try {
    return withOrigin(await WebAssembly.compile(bytes), origin);
  } catch (error) {
    throw failure(error, origin, viewOf(bytes));
  }
}

/**
 * Of a Response, or of something like it.
 * @param {Response} response
 * @param {string} address
 */
export async function moduleOfResponse(response, address) {
  checkHost();
  const origin = response.url || address;
  if (response.ok === false)
    throw new LoadError(
      `caisson.wasm could not be loaded from ${origin}: HTTP status ${response.status}${response.status === 404 ? ', there is no such file' : ''}; ${REMEDY}`,
    );
  // Servers that send another content type refuse streaming compilation.
  const isStreamed = response.headers?.get('content-type')?.startsWith('application/wasm');
  if (!isStreamed || typeof WebAssembly.compileStreaming !== 'function')
    return moduleOfBytes(await bytesOf(response, origin), origin);
  try {
    return withOrigin(await WebAssembly.compileStreaming(response), origin);
  } catch (error) {
    throw failure(error, origin, undefined);
  }
}

/** @param {string} address */
export async function moduleOfAddress(address) {
  let response;
  try {
    response = await fetch(address);
  } catch (cause) {
    throw new LoadError(
      `caisson.wasm could not be fetched from ${address} (${textOf(cause)}): nothing answers there, its server does not let pages of other origins read it (CORS), the Content-Security-Policy forbids it (connect-src), or the page is a file; ${REMEDY}`,
      { cause },
    );
  }
  return moduleOfResponse(response, address);
}

/**
 * It lacks exports that this package calls, or wants imports that the package lacks: perhaps another version's
 * caisson.wasm.
 * @param {WebAssembly.Module} module
 * @param {unknown} [cause]
 */
export function strangeModule(module, cause) {
  const isOurs = WebAssembly.Module.exports(module).some(({ name }) => name === 'caisson_boundary_version');
  const what = isOurs ? 'a caisson.wasm of another version than this package' : 'WebAssembly, but not caisson.wasm';
  return new LoadError(`what came from ${originOf(module)} is ${what}; ${COPY_AGAIN}`, { cause });
}

/**
 * @param {WebAssembly.Module} module
 * @param {number} version of the boundary
 * @param {number} own
 */
export function otherVersion(module, version, own) {
  return new LoadError(
    `what came from ${originOf(module)} is a caisson.wasm of another version than this package: it speaks version ${version} of the boundary, the package version ${own}; ${COPY_AGAIN}`,
  );
}

/**
 * @param {WebAssembly.Module} module
 * @param {string} origin
 */
function withOrigin(module, origin) {
  origins.set(module, origin);
  return module;
}

/**
 * @param {Response} response
 * @param {string} origin
 */
async function bytesOf(response, origin) {
  try {
    return await response.arrayBuffer();
  } catch (cause) {
    throw new LoadError(
      response.bodyUsed
        ? `caisson.wasm could not be read from ${origin} (${textOf(cause)}): a Response can be read once; give another one, or the module or bytes that were read`
        : `caisson.wasm could not be read from ${origin} (${textOf(cause)}): the connection ended before the file did; try again`,
      { cause },
    );
  }
}

function checkHost() {
  if (typeof WebAssembly !== 'object')
    throw new LoadError(
      "this host has no WebAssembly (iOS switches it off in Lockdown Mode, some browsers by an administrator's policy)",
    );
}

/** @param {unknown} error */
const textOf = (error) => (error instanceof Error ? `${error.name}: ${error.message}` : String(error));

/**
 * Whether the host refuses to compile WebAssembly at all: then no other source will do better.
 * @param {unknown} error
 */
export const isForbidden = (error) => error instanceof LoadError && forbidden.has(error);
const forbidden = new WeakSet();

/**
 * The message for a failure to compile.
 * @param {any} cause
 * @param {string} origin
 * @param {Uint8Array | undefined} bytes
 */
function failure(cause, origin, bytes) {
  const said = textOf(cause);
  if (/Content.Security.Policy|\bCSP\b|unsafe-eval/i.test(said)) {
    const error = new LoadError(
      `the Content-Security-Policy of this page forbids WebAssembly (${said}): add 'wasm-unsafe-eval' to its script-src`,
      { cause },
    );
    forbidden.add(error);
    return error;
  }
  if (/disallowed by embedder|code generation/i.test(said)) {
    const error = new LoadError(
      `this host compiles no WebAssembly while it runs (${said}): import caisson.wasm as a module, so that it is compiled when the program is deployed, and give it with setWasm(module); the builds for the conditions workerd and edge-light do so`,
      { cause },
    );
    forbidden.add(error);
    return error;
  }
  const remedy = / given$/.test(origin) ? 'give those of the caisson.wasm that the package has' : REMEDY;
  const what = bytes === undefined ? undefined : kindOf(bytes);
  return new LoadError(
    what === undefined
      ? `what came from ${origin} is not caisson.wasm, or not all of it (${said}); ${remedy}`
      : `what came from ${origin} is not WebAssembly but ${what}; ${remedy}`,
    { cause },
  );
}

/** @param {BufferSource} bytes */
const viewOf = (bytes) =>
  ArrayBuffer.isView(bytes)
    ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : new Uint8Array(/** @type {ArrayBuffer} */ (bytes));

/** First bytes, as Latin-1, and what they are the beginning of. @type {[RegExp, string][]} */
const kinds = [
  [/^$/, 'nothing: the file is empty'],
  [/^\0asm\r\0\x01\0/, 'a WebAssembly component, not a module'],
  [/^\x1f\x8b/, 'a gzip file: its server does not say Content-Encoding: gzip'],
  [/^\x28\xb5\x2f\xfd/, 'a zstd file: its server does not say Content-Encoding: zstd'],
  [/^PK\x03\x04/, 'a zip file'],
  [/^version https:\/\/git-lfs/, 'a Git LFS pointer: the file itself was not checked out (git lfs pull)'],
  [/^\(module\b/, 'WebAssembly as text (wat)'],
  [/^AGFzbQ/, 'the base64 of WebAssembly: decode it to bytes'],
  [
    /^(?:<!--[^]*?-->\s*)?<(?:!doctype html|html|head|body|script|meta)\b/i,
    'an HTML page, as development servers send for unknown paths',
  ],
  [/^<\?xml|^<Error\b/, 'an XML document, as stores send for files that are not there'],
  [/^[{[]\s*(?:["{}[\]\d-]|true|false|null)/, 'JSON'],
  [
    /^(?:import|export|var|let|const|module\.exports|"use strict"|\/\/|\/\*)/,
    'JavaScript: a bundler has made a module of the file',
  ],
];

/**
 * What bytes are that are not WebAssembly; undefined when they begin as WebAssembly does.
 * @param {Uint8Array} bytes
 */
function kindOf(bytes) {
  const codes = [...bytes.subarray(0, 400)];
  const text = String.fromCharCode(...codes);
  if (/^\0asm\x01\0\0\0/.test(text)) return undefined;
  const trimmed = text.replace(/^(?:\xef\xbb\xbf)?\s*/, '');
  const known = kinds.find(([pattern]) => pattern.test(text) || (pattern.source !== '^$' && pattern.test(trimmed)));
  if (known !== undefined) return known[1];
  if (/^[\x20-\x7e\s]*$/.test(text)) return `a text that begins with ${JSON.stringify(text.slice(0, 60))}`;
  const first = codes.slice(0, 8).map((code) => code.toString(16).padStart(2, '0'));
  return `bytes that begin with ${first.join(' ')}${codes[0] === 0 ? '' : ' (perhaps a compressed file, whose server does not say its Content-Encoding)'}`;
}
