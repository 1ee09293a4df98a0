// The programs of npm/guest, which grants run within a sandbox. In the package the build puts their texts here
// (wasm-glue/tools/package.mjs), so that an entry has only those that it uses.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** @param {string} name */
const textOf = (name) =>
  readFileSync(new URL(`../guest/${name}.js`, import.meta.url), 'utf8')
    .trim()
    .replace(/;$/, '');

/** With the function that makes the error of a quota. @param {string} name */
const withQuota = (name) => `(function (...values) { return (${textOf(name)})((${textOf('quota')})(), ...values); })`;
export const cryptoText = withQuota('crypto');
export const fsText = textOf('fs');
export const fsPromisesText = textOf('fs-promises');
export const pathText = textOf('path');
export const storageText = withQuota('storage');

const parts = ['idl', 'mime', 'streams', 'headers', 'blobs', 'urls', 'integrity', 'bodies', 'fetch'];
export const webText = `(function (library) {
  return (${textOf('web')})({ ${parts.map((name) => `${name}: ${textOf(name)}`)}, library });
})`;

const library = /** @type {any} */ (createRequire(import.meta.url)).resolve('web-streams-polyfill');
export const streamsText = `(function () {
  const exports = {}, module = { exports };
  ${readFileSync(library, 'utf8')}
  return exports;
})`;
