// Whether this is Node, or claims to be (as Bun, Deno and test environments do), and which of its modules are available
// without an import. An edge runtime has a `process` too, but every access to it throws.

/** @returns {any} */
const lookAt = (/** @type {() => unknown} */ look) => {
  try {
    return look();
  } catch {
    return undefined;
  }
};
const { process } = /** @type {any} */ (globalThis);

export const isNodeHere = typeof lookAt(() => process?.versions?.node) === 'string';

/**
 * Where Node gives it: from 20.16 and 22.3 on.
 * @param {string} name
 */
export const builtinOfNode = (name) => (isNodeHere ? lookAt(() => process.getBuiltinModule?.(name)) : undefined);
