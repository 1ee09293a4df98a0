// The programs of npm/guest, which grants run within a sandbox. In the package the build puts their texts here
// (wasm-glue/tools/package.mjs), so that an entry has only those that it uses.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** @param {string} name */
const textOf = (name) =>
  readFileSync(new URL(`../guest/${name}.js`, import.meta.url), 'utf8')
    .trim()
    .replace(/;$/, '');

export const cryptoText = textOf('crypto');
export const fsText = textOf('fs');
export const fsPromisesText = textOf('fs-promises');
export const pathText = textOf('path');
export const storageText = textOf('storage');

const parts = ['idl', 'streams', 'headers', 'blobs', 'bodies', 'fetch'];
export const webText = `(function (library) {
  return (${textOf('web')})({ ${parts.map((name) => `${name}: ${textOf(name)}`)}, library });
})`;

const library = /** @type {any} */ (createRequire(import.meta.url)).resolve('web-streams-polyfill');
export const streamsText = `(function () {
  const exports = {}, module = { exports };
  ${readFileSync(library, 'utf8')}
  return exports;
})`;
