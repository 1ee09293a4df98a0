// What a guest can make its host keep: the greatest number of each, for one sandbox. Beyond it the guest gets a
// RangeError that names the limit. The option `hostLimits` of createSandbox replaces any of them.

export const hostLimits = Object.freeze({
  timers: 10_000, // setTimeout and setInterval that are pending
  calls: 100_000, // host functions whose promise has not settled, waited for or not, and promises that the host gave
  imports: 1_000, // modules that the host was asked for and has not brought
  events: 1_000, // uncaught errors and rejections of one entry; the rest is counted
  functions: 100_000, // guest functions that the host holds
  promises: 100_000, // guest promises that the host holds and that have not settled
});

/**
 * @param {number} limit
 * @param {string} name
 * @param {string} what
 */
export function limitReached(limit, name, what) {
  return new RangeError(`more than ${limit} ${what} (hostLimits.${name})`);
}
