// Finds loops in the engine's C that nobody visibly pays for: what tests/checks/charged-loops.test.mjs reports.
import { engineFiles, isGenerated, layerOf, nameOf, read } from './sources.mjs';

// How fuel is charged: fuel_charge, fuel_step, fuel_spend, memory_spend, context_charge_bytes, PAY and functions that
// are named so.
const pays = /\b\w*(?:charge|spend|pay)\w*\s*\(|\b\w*fuel\w*\s*\(|\b\w*_step\s*\(|\bPAY\s*\(/i;
// A bound that is a number, a constant or the size of something declared.
const hasConstantBound =
  /[<>]=?\s*(?:\(?\w+\)?\s*)?(?:\d+|[A-Z][A-Z0-9_]{2,}|COUNT_OF\(.*?\)|sizeof\b.*?)\s*(?:[;)]|&&|\|\|)/;
// Halving, the way down a heap, the next place of a table with open addressing (its keys are scattered), the arguments
// of a call, which paid for them.
const isShort =
  /low < high|child = \(?2? ?\*? ?(?:index|place)|\+ 1\) & (?:\w+(?:->|\.))?\w*mask|\+ 1\) & \(\w+ - 1\)|< call->count\b/;
// What the collector calls is paid for by what it marks, what gives back memory by its size.
const ofCollector = /_(?:trace|clear_weak|release)(?:_|$)/;
const annotation = /\/\/ bounded: \S/;
// Said once, at the top of a file, of all its loops.
const fileAnnotation = /^\/\/ Loops here are bounded: \S/m;

// The functions of a file: { name, line, text, above } with the lines between its braces, and the comment above it.
export function functionsOf(text) {
  const lines = text.split('\n'),
    found = [];
  for (let i = 0; i < lines.length; i++) {
    if (!/\)\s*\{$/.test(lines[i])) continue;
    let head = i;
    while (head > 0 && /^\s/.test(lines[head])) head--;
    if (!/^[a-zA-Z]/.test(lines[head]) || /^(?:typedef|struct|enum|#)/.test(lines[head])) continue;
    let end = i,
      above = head;
    while (end < lines.length && lines[end] !== '}') end++;
    while (above > 0 && /^\/\//.test(lines[above - 1])) above--;
    const declaration = lines.slice(head, i + 1).join(' ');
    const name = /^NAME\(|\sNAME\(/.test(declaration)
      ? /NAME\((\w+)\)\s*\(/.exec(declaration)?.[1]
      : /(\w+)\s*\(/.exec(declaration.replace(/__attribute__\(\(.*?\)\)/, ''))?.[1];
    found.push({ name, line: i + 1, lines: lines.slice(i + 1, end), above: lines.slice(above, head).join('\n') });
    i = end;
  }
  return found;
}

// The loops of a function: { line, header, text }.
function loopsOf({ lines }) {
  const found = [];
  for (let i = 0; i < lines.length; i++) {
    const start = /^(\s*)(?:else )?(?:for|while|do)\b/.exec(lines[i]);
    if (!start) continue;
    let end = i;
    while (end < lines.length - 1 && !/[;{}]\s*(?:\/\/.*)?$/.test(lines[end])) end++;
    const header = lines.slice(i, end + 1).join(' ');
    if (/\{\s*(?:\/\/.*)?$/.test(lines[end]))
      while (end < lines.length - 1 && !lines[end].startsWith(`${start[1]}}`)) end++;
    found.push({ line: i, header, text: lines.slice(i, end + 1).join('\n') });
  }
  return found;
}

// Loops that no charge and no annotation covers, as "file:line function: loop".
export function unpaidLoops(files = engineFiles().filter((path) => /\.[ch]$/.test(path) && layerOf(path) !== 'base')) {
  const functions = files.flatMap((path) => {
    const text = read(path);
    if (isGenerated(text) || fileAnnotation.test(text)) return [];
    return functionsOf(text).map((one) => ({ ...one, path, text: one.lines.join('\n') }));
  });
  const paying = new Set(functions.filter(({ text }) => pays.test(text)).map(({ name }) => name));
  const calls = (text) => [...text.matchAll(/\b(\w+)\s*\(/g)].some(([, name]) => paying.has(name));
  const unpaid = [];
  for (const one of functions) {
    if (annotation.test(one.above) || annotation.test(one.text) || pays.test(one.text)) continue;
    for (const loop of loopsOf(one)) {
      if (
        hasConstantBound.test(loop.header) ||
        isShort.test(loop.text) ||
        ofCollector.test(one.name) ||
        calls(loop.text)
      )
        continue;
      unpaid.push(`${nameOf(one.path)}:${one.line + 1 + loop.line} ${one.name}: ${loop.header.trim()}`);
    }
  }
  return unpaid;
}
