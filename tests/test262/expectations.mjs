// The list of runs known to fail. One per line: `path [mode] # reason`; without a mode, every mode of the
// test. A listed run that passes is as wrong as an unlisted run that fails, so the list can only shrink.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const header = [
  '# Runs of test262 that are known to fail: `path [mode] # reason`; without a mode, all modes of the test.',
  '# Rewritten by: npm run test262 -- --update-expectations',
];

export function readExpectations(file) {
  const expectations = new Map();
  if (!existsSync(file)) return expectations;
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const entry = /^(test\/\S+)(?:\s+\[(\w+)\])?\s*(?:#\s*(.*))?$/.exec(line);
    if (entry === null) continue;
    if (!expectations.has(entry[1])) expectations.set(entry[1], new Map());
    expectations.get(entry[1]).set(entry[2] ?? '*', entry[3] ?? '');
  }
  return expectations;
}

export function isExpectedToFail(expectations, { name, mode }) {
  const modes = expectations.get(name);
  return modes !== undefined && (modes.has('*') || modes.has(mode));
}

// `results`: name -> Map(mode -> reason of the failure or undefined), for the tests of this invocation.
export function writeExpectations(file, expectations, results) {
  for (const [name, modes] of results) {
    const failures = [...modes].filter(([, reason]) => reason !== undefined);
    if (failures.length === 0) {
      expectations.delete(name);
    } else if (failures.length === modes.size && new Set(failures.map(([, reason]) => reason)).size === 1) {
      expectations.set(name, new Map([['*', failures[0][1]]]));
    } else {
      expectations.set(name, new Map(failures));
    }
  }
  const lines = [];
  for (const name of [...expectations.keys()].sort()) {
    for (const [mode, reason] of expectations.get(name)) {
      lines.push(`${name}${mode === '*' ? '' : ` [${mode}]`} # ${shorten(reason)}`);
    }
  }
  writeFileSync(file, [...header, ...lines, ''].join('\n'));
}

function shorten(reason) {
  const text = reason.replace(/[^\x20-\x7e]+/g, ' ').trim();
  return text.length > 110 ? `${text.slice(0, 107)}...` : text;
}
