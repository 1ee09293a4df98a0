// Many programs may end with one signal. Node warns of more than ten listeners, so a signal has one, which calls all.

/** @type {WeakMap<AbortSignal, { actions: Set<() => void>, listener: () => void }>} */
const known = new WeakMap();

/**
 * Calls the action once when the signal is aborted. Gives what takes that back.
 * @param {AbortSignal | undefined} signal
 * @param {() => void} action
 */
export function onAbort(signal, action) {
  if (signal === undefined) return () => {};
  const entry = known.get(signal) ?? listen(signal);
  entry.actions.add(action);
  return () => {
    entry.actions.delete(action);
    if (entry.actions.size > 0 || known.get(signal) !== entry) return;
    known.delete(signal);
    signal.removeEventListener('abort', entry.listener);
  };
}

/** @param {AbortSignal} signal */
function listen(signal) {
  /** @type {Set<() => void>} */
  const actions = new Set();
  const listener = () => {
    known.delete(signal);
    for (const action of actions) {
      actions.delete(action);
      try {
        action();
      } catch (error) {
        queueMicrotask(() => {
          throw error; // as of a listener of its own
        });
      }
    }
  };
  const entry = { actions, listener };
  known.set(signal, entry);
  signal.addEventListener('abort', listener, { once: true });
  return entry;
}
