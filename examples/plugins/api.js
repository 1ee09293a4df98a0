// What plugins may do, by version. An old version is an adapter over the newest, so that the editor itself knows only
// one kind of command: (state: { text, selection }) => state.

/**
 * @param {{ register: (name: string, run: (state: object) => object) => void, settings: Map<string, unknown> }} plugin
 * @returns {Record<string, object>} the modules that a plugin can import, by their names
 */
export function apisFor({ register, settings }) {
  return {
    // Commands of the first version knew only the text.
    'app:api/1': {
      registerCommand(name, run) {
        register(checkName(name), ({ text, selection }) => ({ text: String(run(text)), selection }));
      },
    },
    'app:api/2': {
      registerCommand(name, run) {
        register(checkName(name), (state) => checkState(run(state)));
      },
      // Outlives a reload.
      getSetting: (key) => settings.get(String(key)),
      setSetting(key, value) {
        if (settings.size >= 100 && !settings.has(String(key))) throw new RangeError('At most 100 settings');
        settings.set(String(key), value);
      },
    },
  };
}

// A plugin's values are checked as a request from the network is.
function checkName(name) {
  if (typeof name !== 'string' || !/^[a-z][a-z-]{0,39}$/.test(name))
    throw new TypeError('The name of a command consists of small letters and hyphens');
  return name;
}

function checkState(state) {
  const { text, selection } = state ?? {};
  if (typeof text !== 'string') throw new TypeError('A command returns { text, selection }');
  const [start, end] = Array.isArray(selection) ? selection.map(Number) : [];
  const isValid = start >= 0 && end >= start && end <= text.length;
  return { text, selection: isValid ? [start, end] : [text.length, text.length] };
}
