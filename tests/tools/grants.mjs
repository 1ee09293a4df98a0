// What a grant gives to the guest, for tests that call it as a hostile guest could.

/**
 * @param {(sandbox: any, options?: any) => Promise<void>} grant
 * @param {any} [options]
 * @returns {Promise<any>} the functions of the host
 */
export async function functionsGiven(grant, options) {
  /** @type {any} */
  let given;
  const sandbox = {
    eval: async () => ({
      /** @param {any} functions */
      value(functions) {
        given = functions;
      },
    }),
  };
  await grant(sandbox, options);
  return given;
}
