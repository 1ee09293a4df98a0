// The programs of npm/guest, which grants run within a sandbox. In the package the build puts their texts here
// (wasm-glue/tools/package.mjs), so that an entry has only those that it uses.
import { readFileSync } from 'node:fs';

/** @param {string} name */
const textOf = (name) => readFileSync(new URL(`../guest/${name}.js`, import.meta.url), 'utf8');

export const cryptoText = textOf('crypto');
