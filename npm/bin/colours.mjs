// Colours for a value that the console has shown as text, in the terminal's own palette: as Node's inspect has them.
const styles = { green: [32, 39], yellow: [33, 39], cyan: [36, 39], magenta: [35, 39], grey: [90, 39], bold: [1, 22] };

/** @type {[RegExp, keyof typeof styles][]} */
const kinds = [
  [/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\\n]|\\.)*`|Symbol\([^)\n]*\)/, 'green'],
  [
    /\[(?:Function|AsyncFunction|GeneratorFunction|AsyncGeneratorFunction|class|Getter|Setter|Object|Array|Circular)[^\]\n]*\]|<ref \*\d+>|<(?:pending|rejected|items unknown)>/,
    'cyan',
  ],
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/, 'magenta'],
  [/(?<![\w$.])(?:-?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?n?|Infinity)|NaN|true|false)(?![\w$])(?!:)/, 'yellow'],
  [/(?<![\w$.])undefined(?![\w$:])|<\d+ empty items?>/, 'grey'],
  [/(?<![\w$.])null(?![\w$:])/, 'bold'],
];
const any = new RegExp(kinds.map(([pattern]) => `(${pattern.source})`).join('|'), 'g');

/** @param {string} text */
export function coloured(text) {
  if (/^(?:\w*Error\b|Uncaught )/.test(text)) return text; // a stack
  return text.replace(any, (match, ...groups) => {
    const [begin, end] = styles[kinds[groups.findIndex((group) => group !== undefined)][1]];
    return `\u001b[${begin}m${match}\u001b[${end}m`;
  });
}
