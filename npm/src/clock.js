// The host's clocks, whatever the embedder has made of them: they throw nothing and give finite numbers. One that
// answers anything else seems to stand still, against which a timeLimit is safe (engine/host/runtime/runtime.c).

/**
 * Of a function that gives a number: that, or `otherwise`.
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
