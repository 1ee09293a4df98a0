// Draws the pictures of the documents: engine/pictures/NAME.txt becomes NAME.svg beside it, in light and dark colours.
// Usage: npm run draw
//
// The first line of a source is its kind; `title` and `note` lines are the same in both kinds.
//
// - layers: `row KIND...` begins a row; the first row is at the top. Its boxes follow as `name: words`, indented by
//   two, and the rooms of a box likewise, indented by four. The kinds are the colours of the boxes; `key KIND: words`
//   explains a colour.
// - sequence: `lane NAME: title | subtitle` for each lane, then the steps from the top down: `FROM > TO: words | file`,
//   or `at LANE: words` for a step within a lane.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from './root.mjs';

export const pictures = join(root, 'engine', 'pictures');

const WIDTH = 960;
const MARGIN = 32;
const INNER = WIDTH - 2 * MARGIN;

const style = `
  .page { fill: #ffffff; stroke: #d8dee4; }
  text { font-family: system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif; fill: #1f2328; }
  .title { font-size: 22px; font-weight: 650; }
  .note, .words { font-size: 13px; fill: #59636e; }
  .name { font-size: 15px; font-weight: 650; }
  .room { font-size: 12.5px; font-weight: 600; }
  .where { font-size: 11px; fill: #59636e; font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
  .small { font-size: 11.5px; fill: #59636e; }
  .step { font-size: 13px; }
  .over { paint-order: stroke; stroke: #ffffff; stroke-width: 5px; stroke-linejoin: round; }
  .box { stroke-width: 1.25; }
  .inner { fill: #ffffff; fill-opacity: 0.75; stroke-width: 1; }
  .outside { fill: #fff1e5; stroke: #e0823d; }
  .language { fill: #ddf4ff; stroke: #54aeff; }
  .data { fill: #dafbe1; stroke: #4ac26b; }
  .lane { fill: #f6f8fa; stroke: #d1d9e0; }
  .life { stroke: #d1d9e0; stroke-dasharray: 4 4; }
  .arrow { stroke: #0969da; stroke-width: 1.5; fill: none; }
  .head { fill: #0969da; }
  .back { stroke: #1a7f37; }
  .back-head { fill: #1a7f37; }
  @media (prefers-color-scheme: dark) {
    .page { fill: #0d1117; stroke: #30363d; }
    text { fill: #f0f6fc; }
    .over { stroke: #0d1117; }
    .note, .words, .where, .small { fill: #9198a1; }
    .inner { fill: #0d1117; fill-opacity: 0.55; }
    .outside { fill: #3a2413; stroke: #bd6a2c; }
    .language { fill: #10283f; stroke: #316dca; }
    .data { fill: #12291b; stroke: #2f7d43; }
    .lane { fill: #151b23; stroke: #3d444d; }
    .life { stroke: #3d444d; }
    .arrow { stroke: #4493f8; }
    .head { fill: #4493f8; }
    .back { stroke: #3fb950; }
    .back-head { fill: #3fb950; }
  }`;

/** @param {string} text */
const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/**
 * @param {number} x
 * @param {number} y
 * @param {string} kind
 * @param {string} words
 */
const textAt = (x, y, kind, words, anchor = 'start') =>
  `<text x="${x}" y="${y}" class="${kind}"${anchor === 'start' ? '' : ` text-anchor="${anchor}"`}>${escaped(words)}</text>`;

/**
 * @param {number} x
 * @param {number} y
 * @param {number} width
 * @param {number} height
 * @param {string} kind
 */
const boxAt = (x, y, width, height, kind, radius = 8) =>
  `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${radius}" class="${kind}"/>`;

/**
 * Words in lines of about so many pixels, by the usual width of a character.
 * @param {string} words
 * @param {number} width
 * @param {number} size
 */
function wrapped(words, width, size) {
  const lines = [];
  let line = '';
  for (const word of words.split(' ')) {
    const longer = line ? `${line} ${word}` : word;
    if (line && longer.length * size * 0.52 > width) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return [...lines, line];
}

/**
 * @param {string} text
 * @param {string} separator
 * @returns {[string, string]}
 */
const split = (text, separator) => {
  const at = text.indexOf(separator);
  return at < 0 ? [text.trim(), ''] : [text.slice(0, at).trim(), text.slice(at + separator.length).trim()];
};

/**
 * @typedef {{ name: string, words: string, rooms: { name: string, words: string }[] }} Box
 * @typedef {{ kinds: string[], boxes: Box[] }} Row
 * @typedef {{ name: string, title: [string, string] }} Lane
 * @typedef {{ from: string, to: string, words: [string, string] }} Step
 * @typedef {{
 *   kind: string, title: string, notes: string[], rows: Row[], keys: [string, string][], lanes: Lane[], steps: Step[]
 * }} Picture
 */

/**
 * A source as data: rows and keys, or lanes and steps.
 * @param {string} source
 */
export function readPicture(source) {
  const [kind = '', ...lines] = source.split('\n').filter((line) => line.trim() && !line.startsWith('#'));
  /** @type {Picture} */
  const picture = { kind, title: '', notes: [], rows: [], keys: [], lanes: [], steps: [] };
  /** @type {Box[]} */
  let boxes = [];
  /** @type {{ name: string, words: string }[]} */
  let rooms = [];
  for (const line of lines) {
    const depth = line.search(/\S/) / 2;
    const [word, rest] = split(line.trim(), ' ');
    if (depth === 1) {
      const [name, words] = split(line.trim(), ': ');
      rooms = [];
      boxes.push({ name, words, rooms });
    } else if (depth === 2) {
      const [name, words] = split(line.trim(), ': ');
      rooms.push({ name, words });
    } else if (word === 'title') picture.title = rest;
    else if (word === 'note') picture.notes.push(rest);
    else if (word === 'row') {
      boxes = [];
      picture.rows.push({ kinds: rest.split(' '), boxes });
    } else if (word === 'key') picture.keys.push(split(rest, ': '));
    else if (word === 'lane') {
      const [name, words] = split(rest, ': ');
      picture.lanes.push({ name, title: split(words, ' | ') });
    } else if (word === 'at') {
      const [lane, words] = split(rest, ': ');
      picture.steps.push({ from: lane, to: lane, words: [words, ''] });
    } else {
      const [ways, words] = split(line, ': ');
      const [from, to] = split(ways, ' > ');
      picture.steps.push({ from, to, words: split(words, ' | ') });
    }
  }
  return picture;
}

const ROOM_HEIGHT = 50;
const GAP = 12;

/**
 * @param {Box} box
 * @param {string} kind
 * @param {number} x
 * @param {number} y
 * @param {number} width
 * @param {number} height
 */
function drawBox(box, kind, x, y, width, height) {
  const parts = [boxAt(x, y, width, height, `box ${kind}`), textAt(x + 16, y + 25, 'name', box.name)];
  const words = wrapped(box.words, width - 32, 13);
  words.forEach((line, index) => parts.push(textAt(x + 16, y + 45 + index * 17, 'words', line)));
  const perRow = Math.min(box.rooms.length, 4);
  const roomWidth = (width - 32 - (perRow - 1) * GAP) / perRow;
  box.rooms.forEach((room, index) => {
    const left = x + 16 + (index % perRow) * (roomWidth + GAP);
    const top = y + 58 + Math.floor(index / perRow) * (ROOM_HEIGHT + 8);
    parts.push(boxAt(left, top, roomWidth, ROOM_HEIGHT, 'inner', 6));
    parts.push(textAt(left + 10, top + 20, 'room', room.name), textAt(left + 10, top + 38, 'small', room.words));
  });
  return parts;
}

/**
 * @param {Picture} picture
 * @param {string[]} parts
 * @param {number} top
 */
function drawLayers(picture, parts, top) {
  let y = top;
  for (const { kinds, boxes } of picture.rows) {
    const width = (INNER - (boxes.length - 1) * GAP) / boxes.length;
    const rooms = Math.max(...boxes.map((box) => Math.ceil(box.rooms.length / 4)));
    const lines = Math.max(...boxes.map((box) => wrapped(box.words, width - 32, 13).length));
    const height = 44 + lines * 17 + (rooms ? rooms * (ROOM_HEIGHT + 8) + 5 : 0);
    boxes.forEach((box, index) => {
      parts.push(...drawBox(box, kinds[index] ?? kinds[0] ?? '', MARGIN + index * (width + GAP), y, width, height));
    });
    y += height + GAP;
  }
  let x = MARGIN;
  for (const [kind, words] of picture.keys) {
    parts.push(boxAt(x, y + 8, 16, 16, `box ${kind}`, 4), textAt(x + 24, y + 21, 'note', words));
    x += 64 + words.length * 7;
  }
  return y + 40;
}

/**
 * @param {Picture} picture
 * @param {string[]} parts
 * @param {number} top
 */
function drawSequence(picture, parts, top) {
  const width = INNER / picture.lanes.length;
  const centre = (/** @type {string} */ name) => {
    const index = picture.lanes.findIndex((lane) => lane.name === name);
    if (index < 0) throw new Error(`there is no lane ${name}`);
    return MARGIN + width * (index + 0.5);
  };
  const heads = [];
  for (const { name, title } of picture.lanes) {
    heads.push(boxAt(centre(name) - width / 2 + 6, top, width - 12, 50, 'box lane'));
    heads.push(textAt(centre(name), top + 21, 'name', title[0], 'middle'));
    heads.push(textAt(centre(name), top + 39, 'small', title[1], 'middle'));
  }
  let y = top + 76;
  const steps = [];
  for (const { from, to, words } of picture.steps) {
    const [x1, x2] = [centre(from), centre(to)];
    if (from === to) {
      const lines = wrapped(words[0], width - 32, 13);
      steps.push(boxAt(x1 - width / 2 + 8, y - 8, width - 16, 16 + lines.length * 16, 'box language', 6));
      lines.forEach((line, index) => steps.push(textAt(x1, y + 11 + index * 16, 'step', line, 'middle')));
      y += 30 + lines.length * 16;
      continue;
    }
    const right = x2 > x1;
    // The arrow is labelled above, over the lanes that it crosses; a short one has room for some twenty characters.
    const lines = wrapped(words[0], Math.abs(x2 - x1) - 12, 13);
    const middle = (x1 + x2) / 2;
    lines.forEach((line, index) => steps.push(textAt(middle, y + index * 16, 'step over', line, 'middle')));
    y += lines.length * 16 - 8;
    const end = x2 + (right ? -3 : 3);
    const wing = end + (right ? -9 : 9);
    steps.push(`<path d="M${x1} ${y}H${end}" class="arrow${right ? '' : ' back'}"/>`);
    steps.push(`<path d="M${end} ${y}L${wing} ${y - 4.5}V${y + 4.5}Z" class="${right ? 'head' : 'back-head'}"/>`);
    if (words[1]) steps.push(textAt(middle, y + 14, 'where over', words[1], 'middle'));
    y += words[1] ? 38 : 28;
  }
  for (const { name } of picture.lanes) parts.push(`<path d="M${centre(name)} ${top + 50}V${y - 10}" class="life"/>`);
  parts.push(...heads, ...steps);
  return y + 8;
}

/**
 * The SVG of a source.
 * @param {string} source
 */
export function draw(source) {
  const picture = readPicture(source);
  const parts = [textAt(MARGIN, 48, 'title', picture.title)];
  picture.notes.forEach((note, index) => parts.push(textAt(MARGIN, 74 + index * 19, 'note', note)));
  const top = 74 + picture.notes.length * 19 + 6;
  const height = (picture.kind === 'layers' ? drawLayers : drawSequence)(picture, parts, top);
  const box = `width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${box} role="img">
<title>${escaped(picture.title)}</title>
<style>${style}
</style>
${boxAt(0.5, 0.5, WIDTH - 1, height - 1, 'page', 12)}
${parts.join('\n')}
</svg>
`;
}

/** Names of the pictures, without their endings. */
export const pictureNames = () =>
  readdirSync(pictures)
    .filter((name) => name.endsWith('.txt'))
    .map((name) => name.slice(0, -'.txt'.length));

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const name of pictureNames())
    writeFileSync(join(pictures, `${name}.svg`), draw(readFileSync(join(pictures, `${name}.txt`), 'utf8')));
}
