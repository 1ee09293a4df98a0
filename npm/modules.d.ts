/// <reference lib="es2022" />

import type { ModuleExports, ModuleResolver, ModuleSource, PreparedProgram } from './index.js';

/**
 * Files by path (`{ 'main.js': '...', 'node_modules/lodash/package.json': '...' }`), or a function that reads one:
 * `(path) => content`, at once or later. Paths that the function gets are absolute and normal (`/node_modules/x/...`):
 * no `..`, no backslash, no NUL. Undefined, null, or an error with the code ENOENT, ENOTDIR or EISDIR: there is no such
 * file. A package.json is read once, other files whenever a sandbox imports them. A function that reads a directory of
 * the host must see to symbolic links itself.
 */
export type ModuleFiles =
  | Record<string, string | ArrayBuffer | ArrayBufferView>
  | ReadonlyMap<string, string | ArrayBuffer | ArrayBufferView>
  | ((path: string) => FileContent | PromiseLike<FileContent>);
export type FileContent = string | ArrayBuffer | ArrayBufferView | null | undefined;

export interface ResolverOptions {
  /**
   * Conditions of `exports` and `imports` that hold, besides `import` or `require`, `module-sync` and `default`.
   * Default: none, since a sandbox is neither Node nor a browser. Their order is that of the package.
   */
  conditions?: readonly string[];
  /**
   * Modules that are there without a file: sources, prepared programs, or objects of the host, as in `modules` of
   * createSandbox. `fs` and `node:fs` are the same. They come before packages of that name. Default: none; what a
   * package requires and nobody has is an error when it is required.
   */
  builtins?: Record<string, ModuleSource | PreparedProgram | ModuleExports>;
  /**
   * What stands in place of `process.env.NAME` in sources; there is no `process` otherwise. Default `{ NODE_ENV:
   * 'production' }`.
   */
  env?: Record<string, string>;
  /**
   * `node`, the default: ES modules name files exactly, and packages have `exports` or `main`. `bundler`: extensions
   * and indexes of folders are tried as well, `module` comes before `main`, the condition `module` holds, and JSON
   * needs no `with { type: 'json' }`.
   */
  resolution?: 'node' | 'bundler';
}

/**
 * A resolver for `modules` of createSandbox that finds packages as Node does: `exports` with conditions, subpaths and
 * patterns, `imports`, `main`, scopes, self reference. CommonJS modules work, for `import` and among themselves: the
 * default export is `module.exports`, and names that can be seen in the source are exports too. Everything that a
 * module requires by a literal is loaded ahead; it runs when it is required.
 */
export function createResolver(files: ModuleFiles, options?: ResolverOptions): ModuleResolver;
