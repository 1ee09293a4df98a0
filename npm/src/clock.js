// The host's clocks, whatever the embedder has replaced them with: they throw nothing and return finite numbers. A
// clock that returns anything else seems to stand still, and then a timeLimit is still safe
// (engine/host/runtime/runtime.c).

/**
 * The result of a function if it is a number, otherwise `otherwise`.
 * @param {() => any} ask
 * @param {number} otherwise
 */
export function numberOf(ask, otherwise) {
  try {
    const number = ask();
    return typeof number === 'number' && number - number === 0 ? number : otherwise;
  } catch {
    return otherwise;
  }
}

let latest = 0;

/** Monotonic milliseconds. */
export function now() {
  return (latest = numberOf(readClock, latest));
}

const readClock = () => performance.now();
