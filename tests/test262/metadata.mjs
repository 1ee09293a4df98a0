// Reads the frontmatter of a test262 test: the few keys that decide how a test is run, in the subset of YAML
// that the corpus uses for them (inline lists, block lists, one level of nested keys).

const frontmatterPattern = /\/\*---([\s\S]*?)---\*\//;

/**
 * The error that a test expects, and when.
 * @typedef {{ phase?: string, type?: string }} Negative
 * @typedef {Record<'flags' | 'includes' | 'features' | 'locale', string[]> & { negative?: Negative }} Metadata
 * @typedef {'module' | 'raw' | 'strict' | 'sloppy'} Mode
 */

/** @param {string} source */
export function parseMetadata(source) {
  /** @type {Metadata} */
  const metadata = { flags: [], includes: [], features: [], locale: [], negative: undefined };
  const match = frontmatterPattern.exec(source);
  if (match === null) return metadata;
  const lines = match[1].split(/\r\n|\r|\n/);
  for (let index = 0; index < lines.length; index++) {
    const entry = /^([A-Za-z]+):(.*)$/.exec(lines[index].trimEnd());
    if (entry === null) continue;
    const [, key] = entry;
    const block = [];
    while (index + 1 < lines.length && !/^\S/.test(lines[index + 1])) block.push(lines[++index]);
    if (key === 'negative') metadata.negative = parseNegative(block);
    else if (key in metadata) metadata[/** @type {'flags'} */ (key)] = parseList(entry[2].trim(), block);
  }
  return metadata;
}

/** @param {string} inline @param {string[]} block */
function parseList(inline, block) {
  if (inline.startsWith('[')) {
    const text = [inline, ...block].join(' ').replace(/#.*?(?=\]|$)/g, '');
    return text
      .slice(1, text.indexOf(']'))
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '');
  }
  const items = [];
  for (const line of block) {
    const item = /^\s+-\s*(.*?)\s*(?:#.*)?$/.exec(line);
    if (item !== null) items.push(item[1]);
  }
  return items;
}

/** @param {string[]} block */
function parseNegative(block) {
  /** @type {Negative} */
  const negative = {};
  for (const line of block) {
    const entry = /^\s+(phase|type):\s*(\S+)/.exec(line);
    if (entry !== null) negative[/** @type {keyof Negative} */ (entry[1])] = entry[2];
  }
  return negative;
}

/**
 * The ways in which a test is run: `module` and `raw` once, the others in sloppy and strict mode as flagged.
 * @param {string[]} flags
 * @returns {Mode[]}
 */
export function modesOf(flags) {
  if (flags.includes('module')) return ['module'];
  if (flags.includes('raw')) return ['raw'];
  if (flags.includes('onlyStrict')) return ['strict'];
  if (flags.includes('noStrict')) return ['sloppy'];
  return ['sloppy', 'strict'];
}

/** @param {Metadata} metadata */
export function harnessFiles({ flags, includes }) {
  if (flags.includes('raw')) return [];
  const files = ['assert.js', 'sta.js'];
  if (flags.includes('async')) files.push('doneprintHandle.js');
  return [...files, ...includes.filter((name) => !files.includes(name))];
}
