// The list of what passes in a current Node and not here. One per line: `path # reason` for a whole file, or
// `path "subtest" # reason` (a JSON string; "..." at its beginning or end stands for anything). A line under which
// nothing fails here is as wrong as a failure that no line names.
import { existsSync, readFileSync } from 'node:fs';

export function readExpectations(file) {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  return lines.map((line) => {
    const parts = /^(\S+)(?: ("(?:[^"\\]|\\.)*"))? # (.+)$/.exec(line);
    if (parts === null) throw new Error(`expectations: not understood: ${line}`);
    return { line, path: parts[1], subtest: parts[2] && JSON.parse(parts[2]), reason: parts[3], uses: 0 };
  });
}

export function findExpectation(expectations, path, subtest) {
  return expectations.find(
    (entry) => entry.path === path && (entry.subtest === undefined || matches(entry.subtest, subtest)),
  );
}

function matches(pattern, name) {
  if (pattern.startsWith('...')) return name.endsWith(pattern.slice(3));
  return pattern.endsWith('...') ? name.startsWith(pattern.slice(0, -3)) : name === pattern;
}
