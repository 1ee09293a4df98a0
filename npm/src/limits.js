// What a guest can make its host keep: the greatest number of each, for one sandbox. Beyond that the guest gets a
// RangeError that names the limit. The option `hostLimits` of createSandbox replaces any of them.

export const hostLimits = Object.freeze({
  timers: 10_000, // pending timers of setTimeout and setInterval
  calls: 100_000, // host functions whose promise has not settled, blocking or not, and other promises of the host
  imports: 1_000, // requests for modules that the host has not answered
  prints: 10_000, // messages of the console in a second that go to the host's console by default; others are counted
  events: 1_000, // uncaught errors and rejections of one entry; further ones are counted
  functions: 100_000, // guest functions that the host holds
  promises: 100_000, // pending guest promises that the host holds
});

/**
 * @param {number} limit
 * @param {string} name
 * @param {string} what
 */
export function limitReached(limit, name, what) {
  return new RangeError(`more than ${limit} ${what} (hostLimits.${name})`);
}
