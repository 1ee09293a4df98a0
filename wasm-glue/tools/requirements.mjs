// What the builds need of the machine, how to see whether it is there, and what Debian calls it.
import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * `packages` are those of Debian; `elsewhere`: what to do without them.
 * @typedef {{ what: string, why: string, packages: string[], elsewhere?: string, isThere: () => boolean }} Requirement
 * @typedef {'browser' | 'native' | 'sanitize' | 'wasi' | 'page'} Purpose
 */

/** @param {string[]} names */
export function findCommand(...names) {
  for (const name of names) {
    for (const folder of (process.env.PATH ?? '').split(delimiter)) {
      const path = join(folder, name);
      try {
        accessSync(path, constants.X_OK);
        if (folder !== '') return path;
      } catch {
        // Not in this folder.
      }
    }
  }
  return undefined;
}

/** @param {string} kind @param {string} file */
function hasClangRuntime(kind, file) {
  const base = '/usr/lib/llvm-';
  for (const entry of existsSync('/usr/lib') ? readdirSync('/usr/lib') : []) {
    if (!entry.startsWith('llvm-')) continue;
    const clang = join(`${base}${entry.slice('llvm-'.length)}`, 'lib', 'clang');
    for (const version of existsSync(clang) ? readdirSync(clang) : []) {
      const folder = join(clang, version, 'lib', kind);
      if (existsSync(folder) && readdirSync(folder).some((name) => name.startsWith(file))) return true;
    }
  }
  return false;
}

export function findChromium() {
  return process.env.CHROME_PATH ?? findCommand('chromium', 'chromium-browser', 'google-chrome');
}

const wasiSdk = () => process.env.WASI_SDK_PATH !== undefined;
const command =
  (/** @type {string[]} */ ...names) =>
  () =>
    findCommand(...names) !== undefined;

/** @type {Requirement[]} */
const everywhere = [
  { what: 'CMake', why: 'runs the builds', packages: ['cmake'], isThere: command('cmake') },
  { what: 'Ninja', why: 'runs the builds', packages: ['ninja-build'], isThere: command('ninja') },
];

/** @type {Record<Purpose, Requirement[]>} */
export const requirements = {
  browser: [
    ...everywhere,
    {
      what: 'Emscripten (emcc)',
      why: 'compiles the engine to WebAssembly',
      packages: ['emscripten'],
      elsewhere: 'install and activate emsdk',
      isThere: command('emcc'),
    },
    {
      what: 'Binaryen (wasm-opt)',
      why: 'optimises the WebAssembly',
      packages: ['binaryen'],
      elsewhere: 'comes with emsdk, in upstream/bin',
      isThere: command('wasm-opt'),
    },
  ],
  native: [
    ...everywhere,
    {
      what: 'a C compiler (cc)',
      why: 'builds the engine for this machine',
      packages: ['gcc', 'libc6-dev'],
      isThere: () => findCommand('cc') !== undefined && existsSync('/usr/include/stdlib.h'),
    },
  ],
  sanitize: [
    ...everywhere,
    { what: 'clang', why: 'builds the engine with sanitizers', packages: ['clang'], isThere: command('clang') },
    {
      what: "clang's sanitizers",
      why: 'find wrong memory accesses',
      packages: ['libclang-rt-dev'],
      isThere: () => hasClangRuntime('linux', 'libclang_rt.asan'),
    },
  ],
  wasi: [
    ...everywhere,
    {
      what: 'clang',
      why: 'compiles the command line to WASI',
      packages: ['clang'],
      isThere: () => wasiSdk() || findCommand('clang') !== undefined,
    },
    {
      what: 'wasm-ld',
      why: 'links the WASI program',
      packages: ['lld'],
      isThere: () => wasiSdk() || findCommand('wasm-ld') !== undefined,
    },
    {
      what: 'wasi-libc',
      why: 'is the C library of the WASI program',
      packages: ['wasi-libc'],
      elsewhere: 'install wasi-sdk and set WASI_SDK_PATH',
      isThere: () => wasiSdk() || existsSync('/usr/lib/wasm32-wasi/libc.a'),
    },
    {
      what: "clang's runtime for wasm32",
      why: 'is linked into the WASI program',
      packages: ['libclang-rt-dev-wasm32'],
      elsewhere: 'install wasi-sdk and set WASI_SDK_PATH',
      isThere: () => wasiSdk() || hasClangRuntime('wasi', 'libclang_rt.builtins-wasm32'),
    },
  ],
  page: [
    {
      what: 'Chromium',
      why: 'runs the tests of the page',
      packages: ['chromium'],
      elsewhere: 'install Chrome or Chromium, or set CHROME_PATH',
      isThere: () => findChromium() !== undefined,
    },
  ],
};
